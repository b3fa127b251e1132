package collect

import (
	"slices"
	"testing"
)

func TestWatchedNamespaces(t *testing.T) {
	deployment := func(container map[string]any) map[string]any {
		return map[string]any{
			"metadata": map[string]any{"namespace": "ops"},
			"spec":     map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{container}}}},
		}
	}
	env := func(entry map[string]any) map[string]any { return map[string]any{"env": []any{entry}} }
	args := func(words ...string) map[string]any { return map[string]any{"args": anyList(words...)} }
	own := map[string]any{"name": "WATCH_NAMESPACE", "valueFrom": map[string]any{"fieldRef": map[string]any{"fieldPath": "metadata.namespace"}}}
	for name, tc := range map[string]struct {
		container map[string]any
		want      []string
		by        string
	}{
		"nothing":            {args("--leader-elect"), nil, ""},
		"environment":        {env(map[string]any{"name": "WATCH_NAMESPACE", "value": "a,b"}), []string{"a", "b"}, "environment variable WATCH_NAMESPACE"},
		"empty is all":       {env(map[string]any{"name": "WATCH_NAMESPACE", "value": ""}), nil, ""},
		"its own":            {env(own), []string{"ops"}, "environment variable WATCH_NAMESPACE"},
		"joined argument":    {args("--watch-namespace=a"), []string{"a"}, "argument --watch-namespace"},
		"separate argument":  {args("--namespaces", "a"), []string{"a"}, "argument --namespaces"},
		"argument, no value": {args("--namespaces", "--debug"), nil, ""},
		"last, no value":     {args("--watch-namespaces"), nil, ""},
		"scoped":             {args("-cluster-scoped=false"), []string{"ops"}, "argument -cluster-scoped=false"},
		"of the lease only":  {args("--leader-election-namespace=a"), nil, ""},
	} {
		if got, by := watched(deployment(tc.container)); !slices.Equal(got, tc.want) || by != tc.by {
			t.Errorf("%s: %v by %q, want %v by %q", name, got, by, tc.want, tc.by)
		}
	}
}

func TestRelatedDomains(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"example.com", "example.com", true}, {"vault.example.com", "example.com", true}, {"example.com", "vault.example.com", true},
		{"notexample.com", "example.com", false}, {"com", "example.com", false}, {"", "example.com", false},
		{"k8s.io", "snapshot.k8s.io", false}, {"snapshot.k8s.io", "snapshot.k8s.io", true}, {"velero.io", "longhorn.io", false},
	} {
		if got := related(tc.a, tc.b); got != tc.want {
			t.Errorf("related(%q, %q) = %t", tc.a, tc.b, got)
		}
	}
}

func TestResemblance(t *testing.T) {
	raw := map[string]any{
		"metadata": map[string]any{"name": "longhorn-manager", "labels": map[string]any{"app": "storage"}},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{
			map[string]any{"name": "main", "image": "example.org/engine:1", "command": anyList("/usr/bin/volume-controller")},
		}}}},
	}
	for name, tc := range map[string]struct{ manager, domain, want string }{
		"manager":             {"longhorn-manager", "", "its name is that of the field manager longhorn-manager"},
		"program":             {"volume-controller", "", "its container runs the field manager volume-controller"},
		"name":                {"", "longhorn.io", "its name has longhorn"},
		"image":               {"", "engine.dev", "its image has engine"},
		"labels":              {"", "storage.dev", "its labels have storage"},
		"a person":            {"kubectl-patch", "velero.io", ""},
		"top level and noise": {"", "example.com", ""},
	} {
		if got := resembles(raw, tc.manager, words(tc.domain)); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}
