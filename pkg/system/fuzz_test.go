package system_test

import (
	"encoding/json"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// FuzzView feeds arbitrary objects to every kind: nothing panics, and whoever
// claims to know that nothing was written says why.
func FuzzView(f *testing.F) {
	for _, name := range []string{"stuck", "completed", "running-log", "completed-dumpling", "completed-volume-snapshot", "completed-env-secret"} {
		data, err := json.Marshal(recorded(f, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"metadata":null,"spec":[],"status":{"conditions":{"type":1}}}`))
	f.Add([]byte(`{"metadata":{"finalizers":[1,null,{}],"managedFields":[null,{"fieldsV1":3}]},"status":{"backupSize":1e300}}`))
	registry, err := system.Load(system.Options{})
	if err != nil {
		f.Fatal(err)
	}
	var kinds []*system.Kind
	for _, resource := range []string{"backups", "restores", "backupschedules"} {
		kinds = append(kinds, only(f, registry, backup.Served{Group: "pingcap.com", Version: "v1alpha1", Resource: resource, Namespaced: true}))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var raw map[string]any
		if json.Unmarshal(data, &raw) != nil {
			return
		}
		for _, kind := range kinds {
			o, row := kind.View(raw), kind.Row(raw)
			if o.Phase != row.Phase || o.NativePhase != row.NativePhase {
				t.Errorf("the view says %s %q, the row %s %q", o.Phase, o.NativePhase, row.Phase, row.NativePhase)
			}
			if w := kind.Written(o); w.Answer == backup.No && w.Source == "" {
				t.Error("nothing was written, and nothing says so")
			}
		}
		registry.Generic(backup.Served{}, raw)
	})
}
