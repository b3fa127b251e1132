package system_test

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// The vSphere plugin and Velero label snapshots by the name of the backup alone,
// which a backup of another Velero in the cluster may have as well.
func TestSnapshotsOfOtherNamespacesAreOfOtherBackups(t *testing.T) {
	t.Parallel()
	kinds := load(t, system.Options{}).Match([]backup.Served{{Group: "velero.io", Version: "v1", Resource: "backups", Namespaced: true, Preferred: true}}, nil)
	for name, c := range map[string]struct {
		included []any
		want     backup.Answer
	}{
		"every namespace":  {nil, backup.Yes},
		"its namespace":    {[]any{"web", "shop"}, backup.Yes},
		"another one":      {[]any{"web"}, backup.No},
		"all by a pattern": {[]any{"*"}, backup.Yes},
	} {
		raw := map[string]any{"metadata": map[string]any{"name": "demo", "namespace": "velero", "uid": "1"}, "spec": map[string]any{"includedNamespaces": c.included}, "status": map[string]any{}}
		snapshot := map[string]any{"metadata": map[string]any{"namespace": "shop", "name": "s", "labels": map[string]any{"velero.io/backup-name": "demo"}}}
		seen := 0
		for _, query := range kinds[0].WorkQueries(raw) {
			if query.Label != "velero.io/backup-name" {
				continue
			}
			seen++
			if got := query.Matches(snapshot); got != c.want {
				t.Errorf("%s, %s: %s", name, query.Work.Ref.Resource, got)
			}
		}
		if seen != 2 {
			t.Errorf("%s: %d rules go by the name", name, seen)
		}
	}
}
