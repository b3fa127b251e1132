package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestWhyADependentIsThere(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*backup.Evidence, *backup.Blocker)
		want   string
	}{
		"held":            {nil, "it is held by finalizer example.com/hold"},
		"not asked":       {func(_ *backup.Evidence, b *backup.Blocker) { b.Deleted, b.Finalizers = nil, nil }, "its own deletion was not asked for yet"},
		"not asked, held": {func(_ *backup.Evidence, b *backup.Blocker) { b.Deleted = nil }, "its own deletion was not asked for yet, and it has finalizer example.com/hold"},
		"lost node": {func(ev *backup.Evidence, b *backup.Blocker) {
			b.Finalizers, b.NodeReady = nil, backup.No
			node(ev, backup.No, backup.Found)
		}, "its end has to be confirmed by node-1, which is not ready"},
		"unknown node": {func(ev *backup.Evidence, b *backup.Blocker) {
			b.Finalizers, b.NodeReady = nil, backup.Unknown
			node(ev, backup.Unknown, backup.Denied)
		}, "its end has to be confirmed by node-1, of which nothing is known"},
		"on its way": {func(_ *backup.Evidence, b *backup.Blocker) { b.Finalizers = nil }, "it is being deleted"},
		"orphan": {func(ev *backup.Evidence, b *backup.Blocker) {
			b.Because = "it still has its owner reference"
			ev.Object.Finalizers[0].Name, ev.Blocking[0].Finalizer = orphanFinalizer, orphanFinalizer
		}, "it still has its owner reference"},
	} {
		t.Run(name, func(t *testing.T) {
			ev := foreground()
			if tc.change != nil {
				tc.change(ev, &ev.Blocking[0].Blockers[1])
			}
			if f := found(t, ev, "BK-K105"); !strings.HasSuffix(f.Title, ": "+tc.want) {
				t.Errorf("the title is %q, want %q", f.Title, tc.want)
			}
		})
	}
}

func TestSeveralDependents(t *testing.T) {
	ev := foreground()
	ev.Blocking[0].Blockers = append(ev.Blocking[0].Blockers, backup.Blocker{Lingering: backup.Lingering{Ref: job("slow")}, Because: "it blocks"})
	f := found(t, ev, "BK-K105")
	if !strings.HasSuffix(f.Title, "; and for 1 more") || len(f.Proof) != 2 || len(f.Fixes) != 1 {
		t.Errorf("title %q, proof %v, fixes %v; want both, and how to go on with the one that hangs", f.Title, f.Proof, f.Fixes)
	}
}

func TestStaleOwners(t *testing.T) {
	stale := func(o *backup.OwnerReference) { o.FoundUID = "u2" }
	gone := func(o *backup.OwnerReference) { o.Lookup, o.FoundUID = backup.Absent, "" }
	lives := func() *backup.Evidence { ev := claim(); noDeletion(ev); return ev }

	ev := lives()
	owned(stale)(ev)
	f := found(t, ev, "BK-K107")
	want := `kubectl patch persistentvolumeclaims data -n tidb-test --type=json -p '[{"op":"test","path":"/metadata/ownerReferences/0/uid","value":"u1"},{"op":"remove","path":"/metadata/ownerReferences/0"}]'`
	if f.Severity != backup.SeverityWarning || len(f.Fixes) != 1 || f.Fixes[0].Commands[0] != want {
		t.Errorf("%s: fixes %v; want the reference to be removed", f.Severity, f.Fixes)
	}
	owned(func(*backup.OwnerReference) {})(ev)
	if f = found(t, ev, "BK-K107"); f.Severity != backup.SeverityInfo || !strings.HasSuffix(f.Title, "another owner keeps the object") {
		t.Errorf("with an owner that lives: %s %q", f.Severity, f.Title)
	}

	ev = claim()
	owned(gone)(ev)
	ev.Events = []backup.Event{{Reason: "OwnerRefInvalidNamespace", Object: ev.Object.Ref, Message: "does not exist in namespace"}}
	f = found(t, ev, "BK-K107")
	if f.Severity != backup.SeverityInfo || !strings.HasPrefix(f.Fixes[0].Commands[0], "kubectl get persistentvolumeclaims data -o yaml") || len(f.Proof) != 2 {
		t.Errorf("being deleted with its owner: %s, fixes %v, proof %v", f.Severity, f.Fixes, f.Proof)
	}
}

func TestOwnersOutOfReach(t *testing.T) {
	ev := claim()
	owned(func(o *backup.OwnerReference) { o.Lookup, o.FoundUID, o.Elsewhere = backup.Absent, "", "far" })(ev)
	if f := found(t, ev, "BK-K106"); !strings.Contains(f.Title, "is in namespace far, where the garbage collector does not look: it deletes the object") {
		t.Errorf("the title is %q", f.Title)
	}
	ev.Object.Ref.Namespace = ""
	if f := found(t, ev, "BK-K108"); f.Proof[0].Text != "owner ConfigMap tidb-test/owner is in namespace far" {
		t.Errorf("proof %v", f.Proof)
	}
}
