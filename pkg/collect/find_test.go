package collect_test

import (
	"context"
	"errors"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

func TestFind(t *testing.T) {
	tests := map[string]struct {
		target collect.Target
		scope  collect.Scope
		want   string // the namespace of the hit, or empty
		wrong  any    // a pointer to the error's type
	}{
		"by name in the current namespace":  {collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "tidb-test"}, "tidb-test", nil},
		"by name anywhere":                  {collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "default"}, "tidb-test", nil},
		"by role":                           {collect.Target{Type: "backup", Name: "backup-test"}, collect.Scope{Namespace: "default"}, "tidb-test", nil},
		"by resource and group":             {collect.Target{Type: "backups.pingcap.com", Name: "backup-test"}, collect.Scope{Namespace: "default"}, "tidb-test", nil},
		"only where -n says":                {collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "default", Explicit: true}, "", new(*collect.NotFoundError)},
		"another role":                      {collect.Target{Type: "restore", Name: "backup-test"}, collect.Scope{Namespace: "default"}, "", new(*collect.NoSystemError)},
		"a type that is not served":         {collect.Target{Type: "nothings", Name: "backup-test"}, collect.Scope{Namespace: "default"}, "", new(*collect.NoSystemError)},
		"a name that nothing has":           {collect.Target{Name: "nothing"}, collect.Scope{Namespace: "default"}, "", new(*collect.NotFoundError)},
		"a resource of no backup system":    {collect.Target{Type: "jobs.batch", Name: "clean-backup-test"}, collect.Scope{Namespace: "tidb-test"}, "tidb-test", nil},
		"a resource of no system elsewhere": {collect.Target{Type: "job", Name: "clean-backup-test"}, collect.Scope{Namespace: "default"}, "tidb-test", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			hit, err := collector(t, newRecorded(t, "testdata/tidb-stuck")).Find(context.Background(), test.target, test.scope)
			if test.wrong != nil {
				if !errors.As(err, test.wrong) {
					t.Fatalf("error %v; want a %T", err, test.wrong)
				}
				return
			}
			if err != nil || hit.Namespace != test.want {
				t.Fatalf("hit %+v, error %v; want it in %s", hit, err, test.want)
			}
		})
	}
}

func TestWhatMayNotBeReadIsNotTakenForAbsent(t *testing.T) {
	for name, c := range map[string]struct {
		target collect.Target
		looked string
	}{
		"a kind with namespaces":    {collect.Target{Type: "job", Name: "nothing"}, "in any namespace"},
		"a kind without namespaces": {collect.Target{Type: "node", Name: "nothing"}, "in the cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			source := newRecorded(t, "testdata/tidb-stuck")
			source.served = append(source.served, backup.Served{Version: "v1", Resource: "nodes", Singular: "node", Kind: "Node"})
			find := func() *collect.NotFoundError {
				_, err := collector(t, source).Find(context.Background(), c.target, collect.Scope{Namespace: "default"})
				var missing *collect.NotFoundError
				if !errors.As(err, &missing) {
					t.Fatalf("error %v; want that it was not found", err)
				}
				return missing
			}
			if e := find(); len(e.Gaps) != 0 || e.Looked != c.looked || e.Resource == "" {
				t.Errorf("%+v; want no gap, %s", e, c.looked)
			}
			source.deny = []string{"nodes", "jobs.batch"}
			if e := find(); len(e.Gaps) != 1 || e.Gaps[0].Rule == "" {
				t.Errorf("gaps %+v; want one with the rule that is missing", e.Gaps)
			}
		})
	}
}

func TestTwoObjectsOfOneNameAreListed(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	twin := map[string]any{"apiVersion": "pingcap.com/v1alpha1", "kind": "Backup", "metadata": map[string]any{"name": "backup-test", "namespace": "other"}}
	source.objects["backups.pingcap.com"] = append(source.objects["backups.pingcap.com"], twin)
	_, err := collector(t, source).Find(context.Background(), collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "default"})
	var ambiguous *collect.AmbiguousError
	if !errors.As(err, &ambiguous) || len(ambiguous.Hits) != 2 {
		t.Fatalf("error %v; want both objects named", err)
	}
}

func TestListSkipsWhatMayNotBeListed(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	source.served = append(source.served, backup.Served{Group: "pingcap.com", Version: "v1alpha1", Resource: "restores", Kind: "Restore", Namespaced: true})
	source.deny = []string{"restores.pingcap.com"}
	c := collector(t, source)
	var rows []backup.Object
	add := func(row backup.Object) { rows = append(rows, row) }

	gaps, err := c.List(context.Background(), collect.Query{All: true}, add)
	if err != nil || len(gaps) != 0 || len(rows) != 1 || rows[0].Phase != backup.PhaseDeleting {
		t.Fatalf("rows %+v, gaps %+v, error %v; want the one backup", rows, gaps, err)
	}
	gaps, err = c.List(context.Background(), collect.Query{Type: "restores", All: true}, add)
	if err != nil || len(gaps) != 1 || gaps[0].Lookup != backup.Denied {
		t.Fatalf("gaps %+v, error %v; want one for the restores", gaps, err)
	}
	gaps, err = c.List(context.Background(), collect.Query{All: true, Names: []string{"another"}}, add)
	if err != nil || len(gaps) != 0 || len(rows) != 1 {
		t.Fatalf("rows %+v; want no more for a name that nothing has", rows)
	}
}
