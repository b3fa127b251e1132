package completion

import (
	"context"
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// fake is a fake cluster with TiDB backups. It fails or waits where it is told to.
type fake struct {
	objects map[string][]map[string]any // by namespace and resource: "here/backups"
	fails   error
	hangs   bool
}

func newFake() *fake {
	return &fake{objects: map[string][]map[string]any{
		"here/backups":       {tidb("monday", 3, "Complete"), tidb("tuesday", 2, "Failed"), deleting(tidb("tuesday-old", 9, "Complete"))},
		"here/restores":      {tidb("into-test", 1, "Running")},
		"there/backups":      {tidb("elsewhere", 1, "Complete")},
		"/namespaces":        {{"metadata": map[string]any{"name": "here"}}, {"metadata": map[string]any{"name": "there"}}},
		"here/tidbclusters":  nil,
		"tidb-admin/backups": nil,
	}}
}

func tidb(name string, days int, condition string) map[string]any {
	return map[string]any{
		"apiVersion": "pingcap.com/v1alpha1", "kind": "Backup",
		"metadata": map[string]any{"name": name, "uid": name, "creationTimestamp": now.AddDate(0, 0, -days).Format(time.RFC3339)},
		"spec":     map[string]any{},
		"status":   map[string]any{"conditions": []any{map[string]any{"type": condition, "status": "True"}}},
	}
}

func deleting(object map[string]any) map[string]any {
	object["metadata"].(map[string]any)["deletionTimestamp"] = now.Format(time.RFC3339)
	return object
}

func (f *fake) Info(context.Context) backup.ClusterInfo { return backup.ClusterInfo{} }

func (f *fake) Discover(ctx context.Context) ([]backup.Served, []backup.Gap, error) {
	if f.hangs {
		<-ctx.Done()
		return nil, nil, ctx.Err()
	}
	var served []backup.Served
	for _, kind := range []string{"Backup", "Restore", "BackupSchedule"} {
		resource := map[string]string{"Backup": "backups", "Restore": "restores", "BackupSchedule": "backupschedules"}[kind]
		served = append(served, backup.Served{Group: "pingcap.com", Version: "v1alpha1", Resource: resource, Kind: kind, Namespaced: true, Preferred: true, Verbs: []string{"list"}})
	}
	return served, nil, f.fails
}

func (f *fake) Get(context.Context, backup.Served, string, string) (map[string]any, error) {
	return nil, fmt.Errorf("completion lists and does not get")
}

func (f *fake) List(_ context.Context, served backup.Served, namespace string, _ cluster.ListOptions, each func(map[string]any) error) error {
	if f.fails != nil {
		return f.fails
	}
	for place, objects := range f.objects {
		if place != namespace+"/"+served.Resource && (namespace != "" || place != "here/"+served.Resource && place != "there/"+served.Resource) {
			continue
		}
		for _, object := range objects {
			if served.Namespaced {
				object["metadata"].(map[string]any)["namespace"] = place[:len(place)-len(served.Resource)-1]
			}
			if err := each(object); err != nil {
				return err
			}
		}
	}
	return nil
}
