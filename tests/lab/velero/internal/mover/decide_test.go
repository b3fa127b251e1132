package mover

import (
	"maps"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func kindNamed(t *testing.T, name, group string) *kind {
	t.Helper()
	for _, k := range kinds() {
		if k.name == name && k.resource.Group == group {
			return k
		}
	}
	t.Fatalf("no kind %s of %s", name, group)
	return nil
}

// upload is a DataUpload in a phase; options change it.
func upload(phase string, options ...func(*unstructured.Unstructured)) *unstructured.Unstructured {
	object := &unstructured.Unstructured{Object: map[string]any{"spec": map[string]any{}, "status": map[string]any{"phase": phase}}}
	object.SetName("du")
	object.SetUID("0123456789abcdef")
	for _, option := range options {
		option(object)
	}
	return object
}

func guarded(object *unstructured.Unstructured) {
	object.SetFinalizers([]string{"other", dataFinalizer})
}

func deleting(object *unstructured.Unstructured) {
	now := metav1.Now()
	object.SetDeletionTimestamp(&now)
}

func canceled(object *unstructured.Unstructured) {
	_ = unstructured.SetNestedField(object.Object, true, "spec", "cancel")
}

func annotated(name, value string) func(*unstructured.Unstructured) {
	return func(object *unstructured.Unstructured) {
		annotations := map[string]string{name: value}
		maps.Copy(annotations, object.GetAnnotations())
		object.SetAnnotations(annotations)
	}
}

func TestDecide(t *testing.T) {
	k := kindNamed(t, "DataUpload", "velero.io")
	for name, test := range map[string]struct {
		object *unstructured.Unstructured
		want   action
		phase  string
	}{
		"new":                        {object: upload(""), want: addFinalizer},
		"first step":                 {object: upload("", guarded), want: takeStep, phase: "Accepted"},
		"third step":                 {object: upload("Prepared", guarded, annotated(stepAnnotation, "2")), want: takeStep, phase: "InProgress"},
		"no step left":               {object: upload("InProgress", guarded, annotated(stepAnnotation, "1"), annotated(PhasesAnnotation, "InProgress")), want: nothing},
		"phase of a test's own":      {object: upload("InProgress", guarded), want: nothing},
		"at its end":                 {object: upload("Completed", guarded), want: removeFinalizer},
		"at its end, deleting":       {object: upload("Failed", guarded, deleting), want: removeFinalizer},
		"running, deleting":          {object: upload("InProgress", guarded, deleting), want: requestCancel},
		"running, canceled":          {object: upload("InProgress", guarded, canceled), want: cancelNow, phase: "Canceling"},
		"accepted, canceled":         {object: upload("Accepted", guarded, canceled), want: cancelNow, phase: "Canceled"},
		"canceling":                  {object: upload("Canceling", guarded, canceled, deleting), want: cancelNow, phase: "Canceled"},
		"no finalizer when deleting": {object: upload("", deleting, annotated(PhasesAnnotation, "")), want: nothing},
		"hanging":                    {object: upload("Completed", guarded, annotated(HangAnnotation, "true")), want: nothing},
		"another data mover": {object: upload("", func(o *unstructured.Unstructured) {
			_ = unstructured.SetNestedField(o.Object, "other", "spec", "datamover")
		}), want: nothing},
	} {
		t.Run(name, func(t *testing.T) {
			set, err := readSettings(k, test.object, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, next := decide(k, test.object, set)
			if got != test.want || next.phase != test.phase {
				t.Errorf("decided %d with phase %q, want %d with %q", got, next.phase, test.want, test.phase)
			}
		})
	}
}

func TestUploadOfVSphereHasNoFinalizer(t *testing.T) {
	k := kindNamed(t, "Upload", "datamover.cnsdp.vmware.com")
	set, err := readSettings(k, upload(""), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, next := decide(k, upload(""), set); got != takeStep || next.phase != "New" {
		t.Errorf("decided %d with phase %q", got, next.phase)
	}
}

func TestSettingsOfTheNamespace(t *testing.T) {
	k := kindNamed(t, "DataUpload", "velero.io")
	namespace := map[string]string{PhasesAnnotation + "-dataupload": "Accepted", MessageAnnotation + "-podvolumebackup": "not this one"}
	set, err := readSettings(k, upload(""), namespace)
	if err != nil {
		t.Fatal(err)
	}
	if len(set.steps) != 1 || set.message != "" {
		t.Errorf("settings are %+v", set)
	}
	set, err = readSettings(k, upload("", annotated(PhasesAnnotation, "Accepted,Prepared")), namespace)
	if err != nil || len(set.steps) != 2 {
		t.Errorf("the object's own steps do not count: %+v, %v", set, err)
	}
	if _, err := readSettings(k, upload("", annotated(BytesAnnotation, "many")), nil); err == nil {
		t.Error("a size that is no number was taken")
	}
}

func TestChange(t *testing.T) {
	k := kindNamed(t, "DataUpload", "velero.io")
	set := settings{bytes: 1000, message: "the disk is full"}
	now := metav1.NewTime(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	half := change(k, upload("Prepared"), set, step{phase: "InProgress", percent: 50}, "node-1", now)
	progress, _ := half["progress"].(map[string]any)
	if progress["bytesDone"] != int64(500) || half["startTimestamp"] != "2026-01-02T03:04:05Z" || half["node"] != "node-1" {
		t.Errorf("in progress: %v", half)
	}
	done := change(k, upload("InProgress"), set, step{phase: "Completed", percent: -1}, "node-1", now)
	if done["snapshotID"] == nil || done["message"] != nil || done["completionTimestamp"] == nil {
		t.Errorf("completed: %v", done)
	}
	failed := change(k, upload("InProgress"), set, step{phase: "Failed", percent: -1}, "node-1", now)
	if failed["message"] != "the disk is full" || failed["snapshotID"] != nil || failed["progress"] != nil {
		t.Errorf("failed: %v", failed)
	}
}
