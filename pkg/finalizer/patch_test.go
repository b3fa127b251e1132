package finalizer

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestStripPatch(t *testing.T) {
	want := []backup.PatchOp{
		{Op: "test", Path: "/metadata/uid", Value: "u"},
		{Op: "test", Path: "/metadata/resourceVersion", Value: "7"},
		{Op: "test", Path: "/metadata/finalizers/2", Value: protection},
		{Op: "remove", Path: "/metadata/finalizers/2"},
	}
	if got := StripPatch("u", "7", backup.Finalizer{Name: protection, Index: 2}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestStepsOfEachWay(t *testing.T) {
	for effect, want := range map[backup.Effect][]backup.StepKind{
		backup.EffectWaits:    {backup.StepWait},
		backup.EffectReleases: {backup.StepPatch, backup.StepWait},
		backup.EffectStrips:   {backup.StepPatch, backup.StepWait},
		backup.EffectErases:   {backup.StepDelete, backup.StepWait},
	} {
		ev := stuck()
		applyRelease(&ev)
		plan := Judge(ev, via(wayOf(effect)))
		var got []backup.StepKind
		for _, step := range plan.Steps {
			got = append(got, step.Kind)
			if step.Undo == "" || step.Does == "" {
				t.Errorf("%s: a step does not say what it does and how to undo it: %+v", effect, step)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", effect, got, want)
		}
		for _, step := range plan.Steps {
			if step.Kind == backup.StepDelete && (step.UID != "uid-clean-demo" || step.ResourceVersion != "90") {
				t.Errorf("the Job is deleted without its preconditions: %+v", step)
			}
		}
	}
}

func TestOnlyFieldsOfTheSpecAndLabelsAreSet(t *testing.T) {
	for path, want := range map[string]bool{
		"/spec/cleanPolicy": true, "/spec/a/b": true, "/metadata/labels/x": true, "/metadata/annotations/x": true,
		"/spec": false, "/spec/": false, "/metadata/finalizers": false, "/metadata/finalizers/0": false,
		"/metadata/ownerReferences": false, "/status/phase": false, "": false, "/": false, "spec/x": false,
	} {
		if got := settable(path); got != want {
			t.Errorf("%q: %t", path, got)
		}
	}
}

// FuzzPatch holds that a strip removes the finalizer that was asked for, at the
// place where it was read, and nothing else, whatever the list looks like.
func FuzzPatch(f *testing.F) {
	f.Add("a,b,c", 1, "uid", "7", uint8(0))
	f.Add(protection, 0, "", "", uint8(1))
	f.Add("a,a", 1, "uid", "7", uint8(2))
	f.Fuzz(func(t *testing.T, names string, index int, uid, version string, change uint8) {
		before := strings.Split(names, ",")
		index = ((index % len(before)) + len(before)) % len(before)
		ops := StripPatch(uid, version, backup.Finalizer{Name: before[index], Index: index})
		live, unchanged := object(before, uid, version), true
		switch change % 4 {
		case 1:
			live, unchanged = object(before, uid+"x", version), false
		case 2:
			live, unchanged = object(before, uid, version+"x"), false
		case 3: // the list shifted under an unchanged resourceVersion
			shifted := append([]string{"new/first"}, before...)
			live, unchanged = object(shifted, uid, version), shifted[index] == before[index]
		}
		want := slices.Clone(finalizersOf(live["metadata"].(map[string]any)))
		err := applyPatch(live, ops)
		if (err == nil) != unchanged {
			t.Fatalf("changed %t, the patch gave %v", !unchanged, err)
		}
		if err == nil {
			want = slices.Delete(want, index, index+1)
		}
		if got := finalizersOf(live["metadata"].(map[string]any)); !slices.Equal(got, want) {
			t.Fatalf("left %q, want %q", got, want)
		}
	})
}

func object(finalizers []string, uid, version string) map[string]any {
	list := make([]any, 0, len(finalizers))
	for _, name := range finalizers {
		list = append(list, name)
	}
	return map[string]any{"metadata": map[string]any{"uid": uid, "resourceVersion": version, "finalizers": list}}
}
