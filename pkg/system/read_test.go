package system_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

func TestManagedFieldsNameWhoEditedThePlaceAndWhoAddedTheFinalizer(t *testing.T) {
	o := tidbBackups(t, system.Options{}).View(recorded(t, "stuck"))
	l, f := o.Locations[0], o.Finalizers[0]
	if l.EditedBy != "kubectl-client-side-apply" || l.EditedAt == nil || !l.EditedAt.Equal(time.Date(2026, 11, 21, 8, 58, 47, 0, time.UTC)) {
		t.Errorf("the place was edited by %q at %v", l.EditedBy, l.EditedAt)
	}
	if f.AddedBy != "tidb-controller-manager" || f.AddedAt == nil || !f.AddedAt.Equal(time.Date(2026, 11, 21, 8, 58, 48, 0, time.UTC)) {
		t.Errorf("the finalizer was added by %q at %v", f.AddedBy, f.AddedAt)
	}
	if f.Guards != "prefix" || f.Owner.Deployments == "" {
		t.Errorf("the finalizer guards %q, its owner is found by %q", f.Guards, f.Owner.Deployments)
	}
}

func TestTheLatestManagerOfThePlaceCounts(t *testing.T) {
	raw := recorded(t, "stuck")
	meta := raw["metadata"].(map[string]any)
	meta["managedFields"] = append(meta["managedFields"].([]any), map[string]any{
		"manager": "kubectl-edit", "operation": "Update", "time": "2026-11-21T10:00:00Z",
		"fieldsV1": map[string]any{"f:spec": map[string]any{"f:s3": map[string]any{"f:endpoint": map[string]any{}}}},
	})
	if l := tidbBackups(t, system.Options{}).View(raw).Locations[0]; l.EditedBy != "kubectl-edit" {
		t.Errorf("the place was edited by %q", l.EditedBy)
	}
}

func TestGenericReadsAnyObject(t *testing.T) {
	registry := load(t, system.Options{})
	claim := backup.Served{Version: "v1", Resource: "persistentvolumeclaims", Kind: "PersistentVolumeClaim", Namespaced: true}
	raw := map[string]any{"metadata": map[string]any{
		"name": "data-0", "namespace": "tidb", "uid": "u", "deletionTimestamp": "2026-11-20T09:00:00Z",
		"finalizers": []any{"kubernetes.io/pvc-protection", "example.org/x"},
		"labels":     map[string]any{"argocd.argoproj.io/instance": "tidb"},
	}}
	o := registry.Generic(claim, raw)
	if o.Phase != backup.PhaseDeleting || o.Ref.Human() != "PersistentVolumeClaim tidb/data-0" || o.PhaseSince == nil {
		t.Errorf("the object reads as %s %s", o.Phase, o.Ref.Human())
	}
	if len(o.Finalizers) != 2 || !o.Finalizers[0].Builtin || o.Finalizers[1].Profile != "" || o.Finalizers[1].Index != 1 {
		t.Errorf("the finalizers read as %+v", o.Finalizers)
	}
	if len(o.GitOps) != 1 || !strings.Contains(o.GitOps[0], "Argo CD tidb") {
		t.Errorf("what would bring it back is %q", o.GitOps)
	}
	delete(raw["metadata"].(map[string]any), "deletionTimestamp")
	raw["status"] = map[string]any{"phase": "Bound"}
	if o := registry.Generic(claim, raw); o.Phase != "" || o.NativePhase != "Bound" {
		t.Errorf("an object that is not deleted is %q (%s); want its own word alone", o.Phase, o.NativePhase)
	}
}

func TestADeletionTimeThatCannotBeReadStillMeansDeletion(t *testing.T) {
	o := load(t, system.Options{}).Generic(backup.Served{}, map[string]any{"metadata": map[string]any{"deletionTimestamp": "soon"}})
	if !o.Deleting() {
		t.Error("the object does not count as being deleted")
	}
}

func TestWhatCannotBeReadIsUnknown(t *testing.T) {
	spec := `
kinds:
- role: backup
  match: {group: example.org, resource: dumps}
  variables:
  - {name: loop, expression: variables.loop}
  phases: [{is: Completed, when: self.status.done}, {is: Failed}]
  data: [{is: Inline, when: self.status.done}]
  size: self.?status.?size
  started: self.?status.?started
  mode: variables.loop
  progress: {done: 'self.spec.rows.filter(a, self.spec.rows.exists(b, self.spec.rows.exists(c, a + b + c < 0))).size()'}
  written: [{is: "yes", when: self.status.done}]
  retention: {policy: [{is: Keeps, when: self.status.done}]}
  locations: [{provider: s3, from: spec.s3, bucket: self.spec.bucket}, {provider: s3, bucket: '"b"', prefix: '"p"'}]
  works: [{role: run, when: self.status.done, name: self.metadata.name}]
  finalizers: [{name: example.org/x, ways: [{name: strip, effect: strips, unless: [{when: self.status.done, because: it is done}]}]}]
`
	kind := only(t, load(t, system.Options{Files: []string{profile(t, "mine", spec)}}), served("v1", true))
	rows := make([]any, 300)
	for i := range rows {
		rows[i] = float64(i)
	}
	o := kind.View(map[string]any{
		"metadata": map[string]any{"name": "x", "finalizers": []any{"example.org/x"}},
		"spec":     map[string]any{"rows": rows}, "status": map[string]any{"size": "big", "started": "soon"},
	})
	if o.Phase != backup.PhaseUnknown || o.Data != backup.DataUnknown || o.SizeBytes != nil || o.Started != nil || o.Mode != "" || o.Progress != nil {
		t.Errorf("phase %s, data %s, size %v, started %v, mode %q, progress %v", o.Phase, o.Data, o.SizeBytes, o.Started, o.Mode, o.Progress)
	}
	if o.Written.Answer != backup.Unknown || o.Written.Source == "" || o.Retention.Policy != backup.RetentionUnknown {
		t.Errorf("written %+v, retention %+v", o.Written, o.Retention)
	}
	if len(o.Locations) != 2 || o.Locations[0].Provider != "" || o.Locations[1].URL() != "s3://b/p/" {
		t.Errorf("the locations are %+v", o.Locations)
	}
	if len(o.Works) != 1 || o.Finalizers[0].Ways[0].Applies != backup.Unknown {
		t.Errorf("%d works, way %+v", len(o.Works), o.Finalizers[0].Ways[0])
	}
	for _, want := range []string{"phases: no such key", "size: it is string", "started: parsing", "mode: variables.loop: the variable refers to itself", "progress.done: operation cancelled: actual cost limit exceeded", "locations[0].bucket", "works[0].when", "written"} {
		if !slices.ContainsFunc(o.Unreadable, func(s string) bool { return strings.HasPrefix(s, want) }) {
			t.Errorf("unreadable lacks %q: %q", want, o.Unreadable)
		}
	}
}
