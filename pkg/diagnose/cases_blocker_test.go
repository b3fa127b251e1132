package diagnose

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// claimProtection is the finalizer of a claim as its profile knows it.
func claimProtection() backup.Finalizer {
	return backup.Finalizer{
		Name: "kubernetes.io/pvc-protection", Profile: "kubernetes-storage", Builtin: true, WaitsFor: "no pod to name the claim", Danger: "the disk is deleted",
		Owner: backup.OwnerSelector{Manager: "kube-controller-manager"}, Events: []string{"VolumeFailedDelete"},
		Blockers: []backup.BlockerRule{
			{Resource: "pods", Fixes: []backup.FixTemplate{{Does: "Deletes the pods.", Commands: []string{"kubectl delete pod {item.names} -n {item.namespace}"}}}},
			{Fixes: []backup.FixTemplate{{Does: "Keeps it.", Effect: backup.EffectReleases, Commands: []string{`kubectl patch pvc {self.name} -n {self.namespace} -p {"spec":{}}`}}}},
		},
	}
}

// claim is the evidence of a claim that is being deleted, with nothing known to block it.
func claim() *backup.Evidence {
	return &backup.Evidence{
		At: clock("09:10:00"), Namespace: backup.Namespace{Name: "tidb-test", Lookup: backup.Found}, EventsLookup: backup.Found, DependentsLookup: backup.Found,
		Object:   backup.Object{Ref: ref("", "persistentvolumeclaims", "PersistentVolumeClaim", "data"), Deleted: at("09:00:00"), Finalizers: []backup.Finalizer{claimProtection()}},
		Blocking: []backup.Blocking{{Finalizer: "kubernetes.io/pvc-protection", Lookup: backup.Found}},
	}
}

// user is a pod that blocks the claim.
func user(name, phase string) backup.Blocker {
	return backup.Blocker{Because: "it names the claim", Lingering: backup.Lingering{Ref: ref("", "pods", "Pod", name), Phase: phase, Node: "node-1", NodeReady: backup.Yes}}
}

func blockedBy(blockers ...backup.Blocker) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { ev.Blocking[0].Blockers = blockers }
}

func itself(because string) backup.Blocker {
	return backup.Blocker{Rule: 1, Self: true, Because: because}
}

// node puts a node of a state into the evidence.
func node(ev *backup.Evidence, ready backup.Answer, found backup.Lookup) {
	ev.Nodes = []backup.Node{{Name: "node-1", Lookup: found, Ready: ready, Reason: "NodeStatusUnknown", Since: at("08:00:00"), Renewed: at("08:00:00")}}
}

// doomed is the evidence of a pod that is being deleted, its grace period over.
func doomed() *backup.Evidence {
	ev := claim()
	seconds := int64(30)
	ev.Object.Ref, ev.Object.Finalizers, ev.Blocking = ref("", "pods", "Pod", "writer"), nil, nil
	ev.Pods = []backup.Lingering{{Ref: ev.Object.Ref, Deleted: at("09:00:30"), GraceSeconds: &seconds, Phase: "Running", Node: "node-1"}}
	ev.PodsLookup = backup.Found
	node(ev, backup.No, backup.Found)
	return ev
}

// foreground is the evidence of a Deployment whose deletion waits for a pod of its ReplicaSet.
func foreground() *backup.Evidence {
	ev := claim()
	ev.Object.Ref = ref("apps", "deployments", "Deployment", "web")
	ev.Object.Finalizers = []backup.Finalizer{{Name: foregroundFinalizer, Profile: "kubernetes", Builtin: true}}
	set := backup.Lingering{Ref: ref("apps", "replicasets", "ReplicaSet", "web-1"), Deleted: at("09:00:00"), Finalizers: []string{foregroundFinalizer}}
	set.Ref.UID = "set"
	pod := user("web-1-a", "Running")
	pod.Deleted, pod.Finalizers, pod.Via = at("09:00:30"), []string{"example.com/hold"}, &set.Ref
	ev.Blocking = []backup.Blocking{{Finalizer: foregroundFinalizer, Lookup: backup.Found, Blockers: []backup.Blocker{{Lingering: set}, pod}}}
	return ev
}

func owned(change func(*backup.OwnerReference)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		owner := backup.OwnerReference{Ref: ref("", "configmaps", "ConfigMap", "owner"), Namespaced: backup.Yes, Lookup: backup.Found, FoundUID: "u1"}
		owner.Ref.UID = "u1"
		change(&owner)
		ev.OwnerReferences = append(ev.OwnerReferences, owner)
	}
}

func blockerCases() []codeCase {
	fails := func(ev *backup.Evidence) {
		ev.Events = []backup.Event{{Type: "Warning", Reason: "VolumeFailedDelete", Object: ev.Object.Ref, Message: "still attached", At: clock("09:05:00")}}
	}
	return []codeCase{
		{"BK-K101", isProblem, claim, blockedBy(user("a", "Succeeded")), nil},
		{"BK-K101", isUnknown, claim, func(ev *backup.Evidence) {
			ev.Blocking[0].Lookup, ev.Blocking[0].Unreadable = backup.Denied, []string{"pods in namespace tidb-test: forbidden"}
		}, blockedBy(user("a", "Running"))},
		{"BK-K101", isProblem, claim, blockedBy(user("a", "Running"), itself("it is Bound")), blockedBy(itself("it is Bound"))},
		{"BK-K102", isProblem, claim, blockedBy(itself("it is Bound")), blockedBy(user("a", "Running"))},
		{"BK-K103", isProblem, claim, nil, blockedBy(user("a", "Running"))},
		{"BK-K103", isProblem, claim, nil, func(ev *backup.Evidence) { ev.Blocking[0].Lookup = backup.Failed }},
		{"BK-K103", isProblem, foreground, func(ev *backup.Evidence) { ev.Blocking[0].Blockers = nil }, nil},
		{"BK-K104", isProblem, claim, fails, func(ev *backup.Evidence) { fails(ev); ev.Events[0].Object.Name = "other" }},
		{"BK-K104", isProblem, claim, fails, func(ev *backup.Evidence) { fails(ev); noDeletion(ev) }},
		{"BK-F103", isProblem, claim, func(ev *backup.Evidence) { ev.Blocking = nil }, nil},
	}
}

func gcCases() []codeCase {
	stale := func(o *backup.OwnerReference) { o.FoundUID = "u2" }
	gone := func(o *backup.OwnerReference) { o.Lookup, o.FoundUID = backup.Absent, "" }
	elsewhere := func(o *backup.OwnerReference) { gone(o); o.Elsewhere = "far" }
	fine := owned(func(*backup.OwnerReference) {})
	scoped := func(ev *backup.Evidence) { ev.Object.Ref.Namespace = ""; owned(elsewhere)(ev) }
	return []codeCase{
		{"BK-K105", isProblem, foreground, nil, func(ev *backup.Evidence) { ev.Blocking[0].Blockers = nil }},
		{"BK-K105", isUnknown, foreground, func(ev *backup.Evidence) {
			ev.Blocking[0].Blockers, ev.Blocking[0].Lookup = nil, backup.Denied
		}, nil},
		{"BK-K106", isProblem, claim, owned(elsewhere), owned(gone)},
		{"BK-K106", isProblem, claim, owned(elsewhere), scoped},
		{"BK-K107", isProblem, claim, owned(stale), fine},
		{"BK-K107", isProblem, claim, owned(gone), owned(elsewhere)},
		{"BK-K107", isUnknown, claim, owned(func(o *backup.OwnerReference) { o.Lookup, o.Namespaced = backup.NotAsked, backup.Unknown }), owned(gone)},
		{"BK-K107", isUnknown, claim, owned(func(o *backup.OwnerReference) { o.Lookup = backup.Denied }), fine},
		{"BK-K108", isProblem, claim, scoped, owned(elsewhere)},
	}
}

func nodeCases() []codeCase {
	job := func() *backup.Evidence {
		ev := doomed()
		noDeletion(ev)
		ev.Object.Ref, ev.Job = ref("batch", "jobs", "Job", "dump"), &backup.JobEnd{ReplacementPolicy: "Failed"}
		return ev
	}
	of := func(ready backup.Answer, found backup.Lookup) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { node(ev, ready, found) }
	}
	later := func(ev *backup.Evidence) { ev.Pods[0].Deleted = at("09:30:00") }
	return []codeCase{
		{"BK-K109", isProblem, doomed, nil, later},
		{"BK-K109", isProblem, doomed, of(backup.Yes, backup.Found), func(ev *backup.Evidence) { ev.Pods[0].GraceSeconds = nil }},
		{"BK-K109", isProblem, doomed, of(backup.Unknown, backup.Absent), of(backup.Unknown, backup.Denied)},
		{"BK-K109", isProblem, doomed, of(backup.Unknown, backup.Found), noDeletionOfPod},
		{"BK-K109", isProblem, doomed, func(ev *backup.Evidence) { ev.Pods[0].Node = "" }, later},
		{"BK-K109", isUnknown, doomed, of(backup.Unknown, backup.Denied), nil},
		{"BK-K110", isProblem, doomed, later, nil},
		{"BK-K111", isProblem, job, nil, of(backup.Yes, backup.Found)},
		{"BK-K111", isProblem, job, func(ev *backup.Evidence) { ev.Job.ManagedBy = "kueue" }, func(ev *backup.Evidence) { ev.Job.Finished = true }},
		{"BK-K111", isUnknown, job, func(ev *backup.Evidence) { ev.PodsLookup = backup.Denied }, nil},
		{"BK-F104", isProblem, doomed, func(ev *backup.Evidence) { ev.Pods = nil }, nil},
	}
}

func noDeletionOfPod(ev *backup.Evidence) { ev.Pods[0].Deleted = nil }
