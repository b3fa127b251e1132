package collect_test

import (
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

const family = `
- {apiVersion: v1, kind: ConfigMap, metadata: {name: top, namespace: shop, uid: t1, deletionTimestamp: "2026-11-21T09:00:00Z", finalizers: [foregroundDeletion, orphan]}}
- {apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: set, namespace: shop, uid: s1, deletionTimestamp: "2026-11-21T09:00:00Z", finalizers: [foregroundDeletion], ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: top, uid: t1, blockOwnerDeletion: true}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: pod, namespace: shop, uid: p1, deletionTimestamp: "2026-11-21T09:00:30Z", ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: set, uid: s1, controller: true, blockOwnerDeletion: true}]}, spec: {nodeName: n1}, status: {phase: Running}}
- {apiVersion: v1, kind: Secret, metadata: {name: free, namespace: shop, uid: f1, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: top, uid: t1}]}}
- {apiVersion: v1, kind: Secret, metadata: {name: other, namespace: shop, uid: o1, deletionTimestamp: "2026-11-21T09:00:00Z", ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: x, uid: x1, blockOwnerDeletion: true}]}}
`

func TestWhatBlocksAForegroundDeletion(t *testing.T) {
	ev := look(t, clusterOf(t, family), "configmaps/top", "shop", collect.Full())
	if len(ev.Blocking) != 2 || len(ev.Blocking[0].Blockers) != 2 {
		t.Fatalf("blocking %+v; want the ReplicaSet and its pod", ev.Blocking)
	}
	set, pod := ev.Blocking[0].Blockers[0], ev.Blocking[0].Blockers[1]
	if set.Ref.Name != "set" || set.Via != nil || set.Deleted == nil {
		t.Errorf("the first is %+v; want the ReplicaSet", set)
	}
	if pod.Ref.Name != "pod" || pod.Via == nil || pod.Via.Name != "set" || pod.Node != "n1" || pod.Phase != "Running" {
		t.Errorf("the second is %+v; want the pod below it, read whole", pod)
	}
	if orphan := ev.Blocking[1]; orphan.Finalizer != "orphan" || len(orphan.Blockers) != 2 {
		t.Errorf("orphan %+v; want every dependent that still has its reference", orphan)
	}
	i := slices.IndexFunc(ev.Dependents, func(d backup.Dependent) bool { return d.Ref.Name == "set" })
	if len(ev.Dependents) != 2 || i < 0 || !ev.Dependents[i].Blocks || ev.Dependents[i].Deleted == nil {
		t.Errorf("dependents %+v", ev.Dependents)
	}
	if ev := look(t, clusterOf(t, family), "configmaps/top", "shop", collect.Depth{Blockers: true}); len(ev.Blocking) != 0 {
		t.Errorf("blocking %+v; want nothing where dependents were not listed", ev.Blocking)
	}
}

func TestOwnerReferences(t *testing.T) {
	const objects = `
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: child
    namespace: shop
    uid: c1
    ownerReferences:
    - {apiVersion: v1, kind: ConfigMap, name: here, uid: h1}
    - {apiVersion: v1, kind: ConfigMap, name: stale, uid: h2}
    - {apiVersion: v1, kind: ConfigMap, name: far, uid: h3}
    - {apiVersion: v1, kind: ConfigMap, name: gone, uid: h4}
    - {apiVersion: example.org/v1, kind: Thing, name: x, uid: h5}
    - {apiVersion: v1, kind: Node, name: n1, uid: h6}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: here, namespace: shop, uid: h1}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: stale, namespace: shop, uid: new}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: far, namespace: bank, uid: h3}}
- {apiVersion: v1, kind: Node, metadata: {name: n1, uid: h6}}
- {apiVersion: v1, kind: PersistentVolume, metadata: {name: pv, uid: v1, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: far, uid: h3}]}}
`
	ev := look(t, clusterOf(t, objects), "configmaps/child", "shop", collect.Depth{Blockers: true})
	want := []backup.OwnerReference{
		{Namespaced: backup.Yes, Lookup: backup.Found, FoundUID: "h1"},
		{Namespaced: backup.Yes, Lookup: backup.Found, FoundUID: "new"},
		{Namespaced: backup.Yes, Lookup: backup.Absent, Elsewhere: "bank"},
		{Namespaced: backup.Yes, Lookup: backup.Absent},
		{},
		{Namespaced: backup.No, Lookup: backup.Found, FoundUID: "h6"},
	}
	if len(ev.OwnerReferences) != len(want) {
		t.Fatalf("%d references, want %d", len(ev.OwnerReferences), len(want))
	}
	for i, got := range ev.OwnerReferences {
		want[i].Ref = got.Ref
		if got != want[i] {
			t.Errorf("reference %d is %+v, want %+v", i, got, want[i])
		}
	}
	if ref := ev.OwnerReferences[5].Ref; ref.Namespace != "" || ref.Resource != "nodes" {
		t.Errorf("a cluster-scoped owner is %+v", ref)
	}
	ev = look(t, clusterOf(t, objects), "persistentvolumes/pv", "shop", collect.Depth{Blockers: true})
	if o := ev.OwnerReferences[0]; o.Namespaced != backup.Yes || o.Elsewhere != "bank" || o.Lookup != backup.Absent {
		t.Errorf("the owner of a cluster-scoped object is %+v", o)
	}
	r := clusterOf(t, objects)
	r.deny = []string{"nodes"}
	if o := look(t, r, "configmaps/child", "shop", collect.Depth{Blockers: true}).OwnerReferences[5]; o.Lookup != backup.Denied {
		t.Errorf("an owner that may not be read is %+v", o)
	}
}
