package collect_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// clusterOf is a fake cluster with the objects of a YAML list.
func clusterOf(t *testing.T, objects string) *recorded {
	t.Helper()
	namespaced := func(group, version, resource, kind string) backup.Served {
		return backup.Served{Group: group, Version: version, Resource: resource, Kind: kind, Namespaced: true, Preferred: true, Verbs: []string{"list"}}
	}
	r := &recorded{objects: map[string][]map[string]any{}, served: []backup.Served{
		namespaced("", "v1", "pods", "Pod"), namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"), namespaced("", "v1", "secrets", "Secret"),
		namespaced("", "v1", "configmaps", "ConfigMap"), namespaced("batch", "v1", "jobs", "Job"), namespaced("apps", "v1", "replicasets", "ReplicaSet"),
		{Version: "v1", Resource: "persistentvolumes", Kind: "PersistentVolume", Preferred: true, Verbs: []string{"list"}},
		{Version: "v1", Resource: "nodes", Kind: "Node", Preferred: true, Verbs: []string{"list"}},
		{Group: "snapshot.storage.k8s.io", Version: "v1", Resource: "volumesnapshotcontents", Kind: "VolumeSnapshotContent", Preferred: true, Verbs: []string{"list"}},
	}}
	var items []map[string]any
	if err := yaml.Unmarshal([]byte(objects), &items); err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		key := resourceOf(item["kind"].(string), item["apiVersion"].(string))
		r.objects[key] = append(r.objects[key], item)
	}
	return r
}

// look collects what is known of one object of the cluster.
func look(t *testing.T, r *recorded, target, namespace string, depth collect.Depth) backup.Evidence {
	t.Helper()
	c := collector(t, r)
	kind, name, _ := strings.Cut(target, "/")
	hit, err := c.Find(context.Background(), collect.Target{Type: kind, Name: name}, collect.Scope{Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, depth)
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

const claimWithPods = `
- {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, uid: c1, deletionTimestamp: "2026-11-21T09:00:00Z", finalizers: [kubernetes.io/pvc-protection, snapshot.storage.kubernetes.io/pvc-as-source-protection]}}
- {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop, uid: p2, deletionTimestamp: "2026-11-21T09:00:00Z", deletionGracePeriodSeconds: 30, finalizers: [x.io/y], ownerReferences: [{apiVersion: batch/v1, kind: Job, name: dump, uid: j1, controller: true}]}, spec: {nodeName: n1, volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}, status: {phase: Running}}
- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, uid: p1}, spec: {nodeName: n2, volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]}, status: {phase: Succeeded}}
- {apiVersion: v1, kind: Node, metadata: {name: n1}, spec: {taints: [{key: node.kubernetes.io/unreachable, effect: NoExecute}]}, status: {conditions: [{type: Ready, status: Unknown, reason: NodeStatusUnknown}]}}
- {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: n1, namespace: kube-node-lease}, spec: {renewTime: "2026-11-21T08:00:00Z"}}
`

func TestBlockersOfAClaim(t *testing.T) {
	ev := look(t, clusterOf(t, claimWithPods), "persistentvolumeclaims/data", "shop", collect.Depth{Blockers: true})
	if len(ev.Blocking) != 2 || ev.Blocking[0].Lookup != backup.Found || len(ev.Blocking[0].Blockers) != 2 {
		t.Fatalf("blocking %+v; want two pods", ev.Blocking)
	}
	ended, runs := ev.Blocking[0].Blockers[0], ev.Blocking[0].Blockers[1]
	if ended.Ref.Name != "a" || ended.Rule != 0 || !ended.Ended() || ended.Deleted != nil {
		t.Errorf("the pod that ended: %+v", ended)
	}
	if runs.Ref.UID != "p2" || runs.Deleted == nil || *runs.GraceSeconds != 30 || !slices.Equal(runs.Finalizers, []string{"x.io/y"}) ||
		runs.Controller == nil || runs.Controller.Human() != "Job shop/dump" || runs.Controller.Resource != "jobs" || runs.NodeReady != backup.No {
		t.Errorf("the pod that runs: %+v", runs)
	}
	if len(ev.Nodes) != 1 || ev.Nodes[0].Name != "n1" || !ev.Nodes[0].Tainted("node.kubernetes.io/unreachable") || ev.Nodes[0].Tainted("node.kubernetes.io/un") || ev.Nodes[0].Renewed == nil {
		t.Errorf("nodes %+v; want the one on which something still runs", ev.Nodes)
	}
	// The cluster serves no snapshots, so that none blocks.
	if b := ev.Blocking[1]; b.Lookup != backup.Found || len(b.Blockers) != 0 {
		t.Errorf("snapshots: %+v", b)
	}
}

func TestBlockersThatMayNotBeRead(t *testing.T) {
	r := clusterOf(t, claimWithPods)
	r.deny = []string{"pods"}
	ev := look(t, r, "persistentvolumeclaims/data", "shop", collect.Depth{Blockers: true})
	if b := ev.Blocking[0]; b.Lookup != backup.Denied || len(b.Unreadable) != 1 || !strings.Contains(b.Unreadable[0], "pods in namespace shop") {
		t.Errorf("blocking %+v; want denied and why", b)
	}
	if !slices.ContainsFunc(ev.Gaps, func(g backup.Gap) bool { return g.Rule == "list pods" }) {
		t.Errorf("gaps %+v; want the missing rule", ev.Gaps)
	}
}

func TestBlockersAreNotSearchedWithoutADeletion(t *testing.T) {
	r := clusterOf(t, strings.Replace(claimWithPods, `deletionTimestamp: "2026-11-21T09:00:00Z", `, "", 1))
	ev := look(t, r, "persistentvolumeclaims/data", "shop", collect.Depth{Blockers: true})
	if len(ev.Blocking) != 0 || slices.Contains(r.asked, "list pods") {
		t.Errorf("blocking %+v, asked %v", ev.Blocking, r.asked)
	}
}

const volume = `
- {apiVersion: v1, kind: PersistentVolume, metadata: {name: pv1, uid: v1, deletionTimestamp: "2026-11-21T09:00:00Z", finalizers: [kubernetes.io/pv-protection]}, spec: {claimRef: {namespace: shop, name: data, uid: c1}}, status: {phase: Bound}}
`

func TestANamedBlocker(t *testing.T) {
	ev := look(t, clusterOf(t, volume+`- {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop, uid: c1}}`), "persistentvolumes/pv1", "shop", collect.Depth{Blockers: true})
	if b := ev.Blocking[0].Blockers; len(b) != 2 || b[0].Ref.Human() != "PersistentVolumeClaim shop/data" || b[0].Self || !b[1].Self {
		t.Errorf("blockers %+v; want the claim, and the state of the volume", b)
	}
	r := clusterOf(t, volume)
	r.deny = []string{"persistentvolumeclaims"}
	ev = look(t, r, "persistentvolumes/pv1", "shop", collect.Depth{Blockers: true})
	if b := ev.Blocking[0]; b.Lookup != backup.Denied || len(b.Blockers) != 1 {
		t.Errorf("blocking %+v; want what the volume says itself, and that the claim may not be read", b)
	}
}

const content = `
- {apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshotContent, metadata: {name: c, uid: s1, deletionTimestamp: "2026-11-21T09:00:00Z", finalizers: [snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection], annotations: {snapshot.storage.kubernetes.io/deletion-secret-name: csi, snapshot.storage.kubernetes.io/deletion-secret-namespace: shop}}, spec: {deletionPolicy: Delete, driver: d}}
`

func TestAMissingBlocker(t *testing.T) {
	ev := look(t, clusterOf(t, content), "volumesnapshotcontents/c", "shop", collect.Depth{Blockers: true, Storage: true})
	if b := ev.Blocking[0].Blockers; len(b) != 2 || !b[0].Missing || b[0].Ref.Human() != "Secret shop/csi" {
		t.Errorf("blockers %+v; want the Secret that is missing", b)
	}
	r := clusterOf(t, content)
	ev = look(t, r, "volumesnapshotcontents/c", "shop", collect.Depth{Blockers: true})
	if b := ev.Blocking[0]; b.Lookup != backup.NotAsked || len(b.Unreadable) != 1 || slices.Contains(r.asked, "get secrets") {
		t.Errorf("blocking %+v, asked %v; want no Secret to be read where storage is left alone", b, r.asked)
	}
}

func TestTheEndOfAJob(t *testing.T) {
	const job = `
- {apiVersion: batch/v1, kind: Job, metadata: {name: dump, namespace: shop, uid: j1}, spec: {podReplacementPolicy: Failed, managedBy: kueue}}
- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: shop, labels: {job-name: dump}, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: dump, uid: j1, controller: true}]}, spec: {nodeName: n1}, status: {phase: Running}}
- {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: shop, labels: {job-name: dump}, ownerReferences: [{apiVersion: batch/v1, kind: Job, name: dump, uid: j0, controller: true}]}, spec: {nodeName: n1}, status: {phase: Running}}
`
	r := clusterOf(t, job)
	ev := look(t, r, "jobs/dump", "shop", collect.Depth{Blockers: true})
	if ev.Job == nil || ev.Job.ReplacementPolicy != "Failed" || ev.Job.ManagedBy != "kueue" || ev.Job.Finished || len(ev.Pods) != 1 || ev.Pods[0].Ref.Name != "a" {
		t.Errorf("Job %+v, pods %+v; want its own pod", ev.Job, ev.Pods)
	}
	if len(ev.Nodes) != 1 || ev.Nodes[0].Lookup != backup.Absent {
		t.Errorf("nodes %+v; want the one that is gone", ev.Nodes)
	}
	r.deny = []string{"pods", "nodes"}
	if ev = look(t, r, "jobs/dump", "shop", collect.Depth{Blockers: true}); ev.PodsLookup != backup.Denied {
		t.Errorf("pods %q; want denied", ev.PodsLookup)
	}
}
