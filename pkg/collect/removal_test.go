package collect_test

import (
	"context"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// deeper is the evidence of a target of the Velero that is recorded.
func deeper(t *testing.T, source *recorded, name string, depth collect.Depth) backup.Evidence {
	t.Helper()
	c := collector(t, source)
	hit, err := c.Find(context.Background(), collect.Target{Type: "backup", Name: name}, collect.Scope{Namespace: "velero"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, depth)
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestWhatConcernsADeletion(t *testing.T) {
	r := deeper(t, velero(t), "nightly", collect.Depth{Removal: true}).Removal
	if r == nil || r.Profile != "velero" || r.Effect != backup.EffectErases || r.Applies != backup.No || r.Create == nil {
		t.Fatalf("%+v; want a request that is refused, for the location is not Available", r)
	}
	if len(r.Kin) != 1 || r.Kin[0].Ref.Name != "back" || r.Kin[0].Fate != backup.FateGoes || r.KinLookup != backup.Found {
		t.Errorf("kin %+v", r.Kin)
	}
	if len(r.Others) != 1 || r.Others[0].Ref.Name != "other" || !r.Others[0].Holds.Includes("shop") || r.OthersLookup != backup.Found {
		t.Errorf("others %+v", r.Others)
	}
	// One whose data still moves protects nothing.
	if r := deeper(t, velero(t), "other", collect.Depth{Removal: true}).Removal; len(r.Others) != 0 {
		t.Errorf("others of other: %+v", r.Others)
	}
	denied := velero(t)
	denied.deny = []string{"restores.velero.io"}
	if r := deeper(t, denied, "nightly", collect.Depth{Removal: true}).Removal; r.KinLookup.Known() {
		t.Errorf("restores that may not be listed are %s", r.KinLookup)
	}
}

func TestWhatOfARunCanBeStopped(t *testing.T) {
	source := velero(t)
	for _, item := range source.objects["backups.velero.io"] {
		item["status"] = map[string]any{"phase": "WaitingForPluginOperations", "startTimestamp": "2026-11-21T08:00:00Z"}
	}
	c := deeper(t, source, "nightly", collect.Depth{Cancel: true}).Cancellation
	if c == nil || c.Applies != backup.Yes || !c.ByWorks || len(c.Works) != 1 || c.Works[0].Ref.Name != "nightly-2" || c.Works[0].WhyNot == "" {
		t.Fatalf("%+v; want the mover that has not ended, of whose definition nothing is known", c)
	}
	for field, can := range map[string]bool{"cancel": true, "later": false} {
		source.objects["customresourcedefinitions.apiextensions.k8s.io"] = []map[string]any{definitionWith(field)}
		c := deeper(t, source, "nightly", collect.Depth{Cancel: true}).Cancellation
		if len(c.Works) != 1 || (len(c.Works[0].Set) == 1) != can {
			t.Errorf("with spec.%s in the schema: %+v", field, c.Works)
		}
	}
}

// definitionWith is the definition of DataUploads with one field of the spec.
func definitionWith(field string) map[string]any {
	spec := map[string]any{"properties": map[string]any{field: map[string]any{"type": "boolean"}}}
	schema := map[string]any{"openAPIV3Schema": map[string]any{"properties": map[string]any{"spec": spec}}}
	return map[string]any{
		"kind": "CustomResourceDefinition", "apiVersion": "apiextensions.k8s.io/v1", "metadata": map[string]any{"name": "datauploads.velero.io"},
		"spec": map[string]any{"versions": []any{map[string]any{"name": "v2alpha1", "schema": schema}}},
	}
}
