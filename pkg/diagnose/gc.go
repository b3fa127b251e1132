package diagnose

import (
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func gcEntries() []entry {
	const source = "metadata.ownerReferences; k8s.io/kubernetes@v1.36.3 pkg/controller/garbagecollector"
	return []entry{
		{Code{
			Code:    "BK-K105",
			Title:   "the garbage collector waits for dependents",
			Explain: "With a foreground deletion the owner goes last: the garbage collector waits for every dependent whose owner reference has blockOwnerDeletion. With orphan it waits until each dependent has lost its owner reference.",
			Why:     "A dependent is held by a finalizer of its own, by a node that does not report, or its deletion is refused.",
			Fix:     "Unblock the dependent that is named; everything above it then goes by itself.",
			Danger:  "Without foregroundDeletion the dependents are deleted all the same, in any order. Without orphan they are deleted, although they were to stay.",
			Source:  source,
		}, judgeDependentsBlock},
		{Code{
			Code:    "BK-K106",
			Title:   "the owner is in another namespace",
			Explain: "An owner reference has no namespace: the garbage collector looks for the owner in the namespace of the dependent, finds nothing there, and deletes the dependent as if its owner were gone.",
			Why:     "A controller or a person made a reference across namespaces, which Kubernetes does not have.",
			Fix:     "Remove the owner reference before the garbage collector acts. Once the deletion was asked for it cannot be taken back.",
			Danger:  "The object is deleted although its owner lives.",
			Source:  source + "; event OwnerRefInvalidNamespace",
		}, judgeOwnerElsewhere},
		{Code{
			Code:    "BK-K107",
			Title:   "the owner is gone, or another object has its name",
			Explain: "The garbage collector compares UIDs. Where no object has the UID of the owner reference, it deletes the dependent.",
			Why:     "The owner was deleted, or owner and dependent were made again from a copy, such as a restored backup, with the UIDs of the old ones.",
			Fix:     "Remove the stale owner reference if the object shall stay. Once the deletion was asked for it cannot be taken back.",
			Danger:  "A restored object is deleted shortly after it was made.",
			Source:  source,
		}, judgeStaleOwner},
		{Code{
			Code:    "BK-K108",
			Title:   "a cluster-scoped object has an owner in a namespace",
			Explain: "The garbage collector cannot resolve such an owner. The object is never deleted with its owner, and a deletion in the foreground never counts it.",
			Why:     "A controller set itself as the owner of a cluster-scoped object.",
			Fix:     "Delete the object by hand when its owner is gone, or remove the reference.",
			Danger:  "none by looking",
			Source:  source,
		}, judgeScopedOwner},
	}
}

func judgeDependentsBlock(ev *backup.Evidence) []backup.Finding {
	return eachBlocking(ev, func(b backup.Blocking, f backup.Finalizer) []backup.Finding {
		switch {
		case !ofGC(b.Finalizer):
			return nil
		case len(b.Blockers) == 0 && b.Lookup != backup.Found:
			return one(unknown("BK-K105", ev.Object.Ref, unread("the list of dependents", b.Lookup, "")))
		case len(b.Blockers) == 0:
			return nil
		}
		ends := leaves(b.Blockers)
		title := fmt.Sprintf("finalizer %s waits for %s: %s", f.Name, chain(ends[0]), whyThere(ev, f.Name, ends[0]))
		if len(ends) > 1 {
			title += fmt.Sprintf("; and for %d more", len(ends)-1)
		}
		found := problem("BK-K105", severityOf(ev, ends), ev.Object.Ref, title)
		found.Explain, found.Cause = consequence(f), ends[0].Ref.Human()
		for _, group := range groupBlockers(ends) {
			found.Proof = append(found.Proof, group.proof(ev)...)
			if len(found.Fixes) == 0 && group.deleting() {
				found.Fixes = group.fixes(ev, f)
			}
		}
		return one(found)
	})
}

// leaves are the blockers below which nothing blocks any more.
func leaves(blockers []backup.Blocker) []backup.Blocker {
	inner := map[string]bool{}
	for _, b := range blockers {
		if b.Via != nil {
			inner[b.Via.UID] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(blockers), func(b backup.Blocker) bool { return inner[b.Ref.UID] })
}

// chain names a dependent and what is between it and the target.
func chain(b backup.Blocker) string {
	if b.Via == nil {
		return b.Ref.Human()
	}
	return b.Ref.Human() + " of " + b.Via.Human()
}

// whyThere says why a dependent is still there.
func whyThere(ev *backup.Evidence, finalizer string, b backup.Blocker) string {
	held := heldBy(slices.DeleteFunc(slices.Clone(b.Finalizers), ofGC))
	switch {
	case finalizer == orphanFinalizer:
		return b.Because
	case b.Deleted == nil && held != "":
		return "its own deletion was not asked for yet, and it has " + held
	case b.Deleted == nil:
		return "its own deletion was not asked for yet"
	case held != "":
		return "it is held by " + held
	case b.Node != "" && b.NodeReady != backup.Yes && !b.Ended():
		return "its end has to be confirmed by " + nodeText(ev, b.Node)
	}
	return "it is being deleted"
}
