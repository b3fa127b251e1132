package collect

import (
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func anyList(words ...string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

func rule(operation, group, version, resource, scope string) map[string]any {
	return map[string]any{
		"operations": anyList(operation), "apiGroups": anyList(group), "apiVersions": anyList(version), "resources": anyList(resource), "scope": scope,
	}
}

func TestRulesMatchAsInTheAPIServer(t *testing.T) {
	thing := write{
		served:   backup.Served{Group: "example.com", Resource: "things", Namespaced: true},
		versions: []string{"v2", "v1"}, operations: []string{"UPDATE", "DELETE"},
	}
	space := write{served: namespaces, versions: []string{"v1"}, operations: []string{"UPDATE"}}
	for name, tc := range map[string]struct {
		of   write
		rule map[string]any
		want []string
	}{
		"exact":                       {thing, rule("UPDATE", "example.com", "v2", "things", "*"), []string{"UPDATE"}},
		"everything":                  {thing, rule("*", "*", "*", "*", ""), []string{"UPDATE", "DELETE"}},
		"with subresources":           {thing, rule("DELETE", "*", "*", "*/*", "Namespaced"), []string{"DELETE"}},
		"another served version":      {thing, rule("UPDATE", "example.com", "v1", "things/*", "*"), []string{"UPDATE"}},
		"a version that is not there": {thing, rule("UPDATE", "example.com", "v3", "things", "*"), nil},
		"only the status":             {thing, rule("UPDATE", "example.com", "*", "things/status", "*"), nil},
		"only creation":               {thing, rule("CREATE", "*", "*", "*", "*"), nil},
		"another group":               {thing, rule("*", "example.org", "*", "*", "*"), nil},
		"another resource":            {thing, rule("*", "*", "*", "others", "*"), nil},
		"objects of the cluster":      {thing, rule("*", "*", "*", "*", "Cluster"), nil},
		"finalize of a namespace":     {space, rule("UPDATE", "", "v1", "namespaces/finalize", "Cluster"), []string{"UPDATE"}},
		"a namespace is no content":   {space, rule("UPDATE", "", "v1", "namespaces", "Namespaced"), nil},
	} {
		if got := tc.of.ruled(tc.rule); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

func TestSelectors(t *testing.T) {
	labelled := func(key, value string) map[string]any {
		return map[string]any{"matchLabels": map[string]any{key: value}}
	}
	thing := write{
		served: backup.Served{Resource: "things", Namespaced: true}, labels: map[string]string{"app": "shop"}, known: true,
		spaceLabels: map[string]string{"team": "a"}, spaceKnown: true,
	}
	ofCluster, unseen := thing, thing
	ofCluster.served.Namespaced = false
	unseen.known = false
	for name, tc := range map[string]struct {
		of   write
		hook map[string]any
		want backup.Answer
	}{
		"none":                          {thing, map[string]any{}, backup.Yes},
		"namespace taken":               {thing, map[string]any{"namespaceSelector": labelled("team", "a")}, backup.Yes},
		"namespace left out":            {thing, map[string]any{"namespaceSelector": labelled("team", "b")}, backup.No},
		"namespace means nothing there": {ofCluster, map[string]any{"namespaceSelector": labelled("team", "b")}, backup.Yes},
		"object taken":                  {thing, map[string]any{"objectSelector": labelled("app", "shop")}, backup.Yes},
		"object left out":               {thing, map[string]any{"objectSelector": labelled("app", "x")}, backup.No},
		"object not seen":               {unseen, map[string]any{"objectSelector": labelled("app", "x")}, backup.Unknown},
		"conditions":                    {thing, map[string]any{"matchConditions": []any{map[string]any{"name": "x"}}}, backup.Unknown},
		"left out whatever conditions":  {thing, map[string]any{"objectSelector": labelled("app", "x"), "matchConditions": []any{map[string]any{"name": "x"}}}, backup.No},
		"unreadable":                    {thing, map[string]any{"objectSelector": map[string]any{"matchExpressions": []any{map[string]any{"key": "a", "operator": "Like"}}}}, backup.Unknown},
	} {
		if got, why := tc.of.selected(tc.hook); got != tc.want || (got == backup.Yes) != (why == "") {
			t.Errorf("%s: %s (%q), want %s", name, got, why, tc.want)
		}
	}
}
