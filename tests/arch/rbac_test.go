package arch

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// role is a ClusterRole or a Role of docs/rbac.
type role struct {
	Kind  string              `json:"kind"`
	Rules []rbacv1.PolicyRule `json:"rules"`
}

func readRole(t *testing.T, file string) role {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, "docs", "rbac", file))
	if err != nil {
		t.Fatal(err)
	}
	var r role
	if err := yaml.Unmarshal(content, &r); err != nil || len(r.Rules) == 0 {
		t.Fatalf("%s: %d rules, %v", file, len(r.Rules), err)
	}
	return r
}

// allows tells whether a role grants a verb on a resource.
func (r role) allows(verb, group, resource string) bool {
	has := func(words []string, word string) bool {
		return slices.Contains(words, word) || slices.Contains(words, "*")
	}
	return slices.ContainsFunc(r.Rules, func(rule rbacv1.PolicyRule) bool {
		return has(rule.Verbs, verb) && has(rule.APIGroups, group) && has(rule.Resources, resource)
	})
}

func TestReaderOnlyReads(t *testing.T) {
	reader := readRole(t, "reader.yaml")
	for _, rule := range reader.Rules {
		for _, verb := range rule.Verbs {
			if !slices.Contains([]string{"get", "list", "watch"}, verb) {
				t.Errorf("the reader may %s %q", verb, rule.Resources)
			}
		}
	}
	for _, verb := range []string{"get", "list", "watch"} {
		if reader.allows(verb, "", "secrets") {
			t.Errorf("the reader may %s Secrets", verb)
		}
	}
	if reader.Kind != "ClusterRole" {
		t.Errorf("the reader is a %s", reader.Kind)
	}
}

// A new profile has to come with the rights to read what it is about.
func TestReaderReadsEverySystem(t *testing.T) {
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	reader, kinds := readRole(t, "reader.yaml"), 0
	for _, s := range registry.Systems() {
		for _, kind := range s.Kinds {
			kinds++
			for _, verb := range []string{"get", "list", "watch"} {
				if !reader.allows(verb, kind.Group, kind.Resource) {
					t.Errorf("docs/rbac/reader.yaml does not allow to %s %s.%s of %s", verb, kind.Resource, kind.Group, s.Name)
				}
			}
		}
	}
	if kinds == 0 {
		t.Error("no profile has a kind")
	}
}

func TestActorWritesOnlyWhatUnstickWrites(t *testing.T) {
	actor := readRole(t, "actor.yaml")
	for _, want := range [][3]string{{"patch", "pingcap.com", "backups"}, {"delete", "batch", "jobs"}, {"list", "", "configmaps"}, {"list", "any.example.com", "things"}} {
		if !actor.allows(want[0], want[1], want[2]) {
			t.Errorf("the actor may not %s %s.%s", want[0], want[2], want[1])
		}
	}
	for _, not := range [][3]string{{"delete", "pingcap.com", "backups"}, {"patch", "", "namespaces"}, {"create", "batch", "jobs"}, {"update", "pingcap.com", "backups"}, {"patch", "", "secrets"}} {
		if actor.allows(not[0], not[1], not[2]) {
			t.Errorf("the actor may %s %s.%s", not[0], not[2], not[1])
		}
	}
	if actor.Kind != "Role" || readRole(t, "reader-with-storage.yaml").Kind != "Role" {
		t.Error("what reads Secrets is not bound to a namespace")
	}
}

func TestLocationsAreMadeWithoutReadingSecrets(t *testing.T) {
	role := readRole(t, "locations.yaml")
	for _, want := range [][3]string{{"create", "velero.io", "backupstoragelocations"}, {"create", "velero.io", "volumesnapshotlocations"}, {"patch", "velero.io", "backupstoragelocations"}, {"create", "", "secrets"}} {
		if !role.allows(want[0], want[1], want[2]) {
			t.Errorf("who makes locations may not %s %s", want[0], want[2])
		}
	}
	for _, not := range [][3]string{{"get", "", "secrets"}, {"patch", "", "secrets"}, {"delete", "velero.io", "backupstoragelocations"}, {"patch", "velero.io", "backups"}} {
		if role.allows(not[0], not[1], not[2]) {
			t.Errorf("who makes locations may %s %s", not[0], not[2])
		}
	}
	if role.Kind != "Role" {
		t.Error("what makes Secrets is not bound to a namespace")
	}
}

// Who frees what hangs may not delete what does not: that is a role of its own.
func TestDeleterOnlyDeletes(t *testing.T) {
	deleter := readRole(t, "deleter.yaml")
	for _, want := range [][3]string{{"create", "velero.io", "deletebackuprequests"}, {"delete", "pingcap.com", "backups"}, {"delete", "velero.io", "schedules"}} {
		if !deleter.allows(want[0], want[1], want[2]) {
			t.Errorf("the deleter may not %s %s.%s", want[0], want[2], want[1])
		}
	}
	for _, not := range [][3]string{{"patch", "pingcap.com", "backups"}, {"create", "velero.io", "backups"}, {"delete", "", "secrets"}, {"get", "", "secrets"}} {
		if deleter.allows(not[0], not[1], not[2]) {
			t.Errorf("the deleter may %s %s.%s", not[0], not[2], not[1])
		}
	}
	if deleter.Kind != "Role" {
		t.Error("what deletes is not bound to a namespace")
	}
}

// Who lets Velero's server sign writes DownloadRequests and nothing else.
func TestReaderWithServerWritesOnlyDownloadRequests(t *testing.T) {
	server := readRole(t, "reader-with-server.yaml")
	for _, rule := range server.Rules {
		if !slices.Equal(rule.APIGroups, []string{"velero.io"}) || !slices.Equal(rule.Resources, []string{"downloadrequests"}) {
			t.Errorf("it may %s %q", rule.Verbs, rule.Resources)
		}
		for _, verb := range rule.Verbs {
			if !slices.Contains([]string{"create", "get", "delete"}, verb) {
				t.Errorf("it may %s DownloadRequests", verb)
			}
		}
	}
	if server.Kind != "Role" {
		t.Errorf("it is a %s", server.Kind)
	}
}

// What is restored on trial is looked for by its name, and nothing else is touched.
func TestDrillerTouchesNothingThatExists(t *testing.T) {
	driller := readRole(t, "driller.yaml")
	for _, want := range [][3]string{{"create", "", "namespaces"}, {"delete", "", "namespaces"}, {"create", "", "resourcequotas"}, {"list", "any.example.com", "things"}} {
		if !driller.allows(want[0], want[1], want[2]) {
			t.Errorf("the driller may not %s %s.%s", want[0], want[2], want[1])
		}
	}
	for _, not := range [][3]string{{"get", "", "secrets"}, {"patch", "", "namespaces"}, {"create", "apps", "deployments"}, {"delete", "", "persistentvolumeclaims"}} {
		if driller.allows(not[0], not[1], not[2]) {
			t.Errorf("the driller may %s %s.%s", not[0], not[2], not[1])
		}
	}
}
