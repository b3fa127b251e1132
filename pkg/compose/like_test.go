package compose

import (
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var backups = backup.Served{Group: "velero.io", Version: "v1", Resource: "backups", Kind: "Backup", Namespaced: true}

func whole(t *testing.T, text string) map[string]any {
	t.Helper()
	object, err := mapOf(text)
	if err != nil {
		t.Fatal(err)
	}
	return object
}

func TestLikeCopiesWhatPeopleAskedFor(t *testing.T) {
	old := whole(t, `
metadata:
  name: old
  uid: u
  labels: {team: a, velero.io/storage-location: default, velero.io/schedule-name: nightly, app.kubernetes.io/managed-by: Helm}
  annotations: {note: b, velero.io/source-cluster-k8s-gitversion: v1, velero.io/csi-volumesnapshot-class_x: fast, argocd.argoproj.io/tracking-id: c, kubectl.kubernetes.io/last-applied-configuration: "{}"}
spec: {ttl: 1h0m0s}
status: {phase: Completed}`)
	object := New(backups, "velero", "new")
	if err := Like(object, old, "spec", "spec"); err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, object), `{"apiVersion":"velero.io/v1","kind":"Backup","metadata":{"annotations":{"note":"b","velero.io/csi-volumesnapshot-class_x":"fast"},"labels":{"team":"a"},"name":"new","namespace":"velero"},"spec":{"ttl":"1h0m0s"}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	object["spec"].(map[string]any)["ttl"] = "2h0m0s"
	if Get(old, "spec.ttl") != "1h0m0s" {
		t.Error("the old object changed with the new one")
	}
	schedule := New(backups, "velero", "new")
	if err := Like(schedule, whole(t, "{spec: {ttl: 1h}}"), "spec", "spec.template"); err != nil || Get(schedule, "spec.template.ttl") != "1h" {
		t.Errorf("template %v, %v", Get(schedule, "spec.template"), err)
	}
}

func TestAFileGivesSpecLabelsAndAnnotations(t *testing.T) {
	object := New(backups, "velero", "new")
	file := whole(t, "{metadata: {name: x, uid: u, labels: {velero.io/schedule-name: s}}, spec: {ttl: 1h}, status: {phase: New}}")
	if err := FromManifest(object, file); err != nil {
		t.Fatal(err)
	}
	if got, want := asJSON(t, object), `{"apiVersion":"velero.io/v1","kind":"Backup","metadata":{"labels":{"velero.io/schedule-name":"s"},"name":"new","namespace":"velero"},"spec":{"ttl":"1h"}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestABackupOfASchedule(t *testing.T) {
	how, ok := SchedulingOf(Velero)
	if !ok {
		t.Fatal("Velero has no schedules")
	}
	if got := how.ChildName("nightly", time.Date(2026, 11, 21, 9, 7, 12, 0, time.FixedZone("", 3600))); got != "nightly-20261121080712" {
		t.Errorf("its name is %s", got)
	}
	for text, want := range map[string]string{
		"{metadata: {name: s, uid: u, labels: {a: b}}, spec: {template: {ttl: 1h}}}":                                      `{"metadata":{"labels":{"a":"b","velero.io/schedule-name":"s"}},"spec":{"ttl":"1h"}}`,
		"{metadata: {name: s, labels: {a: b}}, spec: {template: {metadata: {labels: {c: d}}}}}":                           `{"metadata":{"labels":{"c":"d","velero.io/schedule-name":"s"}},"spec":{"metadata":{"labels":{"c":"d"}}}}`,
		"{metadata: {name: s, annotations: {m: o, kubectl.kubernetes.io/last-applied-configuration: x}}, spec: {}}":       `{"metadata":{"annotations":{"m":"o"},"labels":{"velero.io/schedule-name":"s"}},"spec":{}}`,
		"{apiVersion: velero.io/v1, metadata: {name: s, uid: u}, spec: {useOwnerReferencesInBackup: true, template: {}}}": `{"metadata":{"labels":{"velero.io/schedule-name":"s"},"ownerReferences":[{"apiVersion":"velero.io/v1","controller":true,"kind":"Schedule","name":"s","uid":"u"}]},"spec":{}}`,
	} {
		object := map[string]any{"metadata": map[string]any{}}
		if err := how.Child(object, whole(t, text), time.Time{}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if got := asJSON(t, object); got != want {
			t.Errorf("%s gives\n%s, want\n%s", text, got, want)
		}
	}
	if _, ok := SchedulingOf("restic"); ok {
		t.Error("restic has schedules")
	}
}
