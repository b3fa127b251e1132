package diagnose

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func deletionEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-F101",
			Title:   "deletion waits for a finalizer that a profile knows",
			Explain: "Deletion was asked for, and the API server keeps the object until every finalizer is gone. This one is known: its owner removes it by itself as soon as what it waits for has happened. The other findings say why that has not happened yet.",
			Why:     "A controller puts a finalizer on its objects so that it can tidy up outside the cluster, such as erasing files in a bucket, before the object disappears.",
			Fix:     "Let the owner do its part: remove the cause that the other findings name, or take one of the ways out that are listed. Asking for deletion again changes nothing.",
			Danger:  "Removing a finalizer by hand cannot be taken back, since none can be added to an object that is being deleted. What it guards stays behind with nothing that points at it.",
			Source:  "metadata.deletionTimestamp, metadata.finalizers and metadata.managedFields; k8s.io/apiserver@v0.36.3 pkg/registry/generic/registry/store.go",
		}, judgeKnownFinalizer},
		unknownFinalizerEntry(),
		{Code{
			Code:    "BK-F103",
			Title:   "deletion waits for a finalizer of Kubernetes itself",
			Explain: "Kubernetes adds and removes this finalizer. It is explained here and never removed: the control plane removes it when its condition holds.",
			Why:     "Foreground deletion waits for dependents, a volume waits for the pods that use it, a custom resource definition waits for its objects.",
			Fix:     "Remove what it waits for, such as the last dependent or the last pod. A control plane that runs needs no help beyond that.",
			Danger:  "Removing it by hand loses the order that it protects; without `orphan`, dependents are deleted that were meant to stay.",
			Source:  "k8s.io/kubernetes@v1.36.3 pkg/controller/garbagecollector",
		}, judgeBuiltinFinalizer},
		{Code{
			Code:    "BK-F104",
			Title:   "deletion was asked for and no finalizer holds the object",
			Explain: "The object has a deletionTimestamp and no finalizer any more. The API server removes such an object with the next write at the latest.",
			Why:     "The last finalizer went away a moment ago, or a grace period still runs.",
			Fix:     "Read the object again; it should be gone.",
			Danger:  "none",
			Source:  "k8s.io/apiserver@v0.36.3 pkg/registry/generic/registry/store.go",
		}, judgeNoFinalizer},
	}
}

func judgeKnownFinalizer(ev *backup.Evidence) []backup.Finding {
	return eachFinalizer(ev, func(f backup.Finalizer) bool { return f.Profile != "" && !f.Builtin }, func(f backup.Finalizer) backup.Finding {
		severity := backup.SeverityCause
		if progressing(ev) || ev.At.Sub(*ev.Object.Deleted) < time.Minute {
			severity = backup.SeverityInfo
		}
		found := problem("BK-F101", severity, ev.Object.Ref, fmt.Sprintf("finalizer %s waits for: %s", f.Name, orElse(f.WaitsFor, "its owner")))
		if f.Owner.Manager != "" {
			found.Explain = f.Owner.Manager + " removes it by itself as soon as that has happened."
		}
		switch f.Guards {
		case "":
		case "prefix":
			found.Explain += " It guards the objects under " + placeName(place(ev)) + "."
		default:
			found.Explain += " It guards: " + f.Guards + "."
		}
		return found
	})
}

func judgeBuiltinFinalizer(ev *backup.Evidence) []backup.Finding {
	return eachFinalizer(ev, func(f backup.Finalizer) bool { return f.Builtin && blockingOf(ev, f.Name) == nil }, func(f backup.Finalizer) backup.Finding {
		found := problem("BK-F103", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("finalizer %s of Kubernetes itself waits for: %s", f.Name, orElse(f.WaitsFor, "the control plane")))
		found.Explain = "The control plane removes it when that holds; it is never removed by this tool."
		for _, d := range ev.Dependents {
			if d.Blocks {
				found.Proof = append(found.Proof, backup.Proof{Text: d.Ref.Human() + " blocks it", Source: "metadata.ownerReferences of the dependent"})
			}
		}
		return found
	})
}

func judgeNoFinalizer(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() || len(ev.Object.Finalizers) > 0 || graceful(ev) || dying(ev) {
		return nil
	}
	found := problem("BK-F104", backup.SeverityInfo, ev.Object.Ref, "no finalizer holds the object any more; it is about to be removed")
	found.Proof = []backup.Proof{{Text: "deletion was asked for", Source: "metadata.deletionTimestamp", At: ev.Object.Deleted}}
	found.Fixes = []backup.Fix{{Does: "Reads the object again.", Commands: []string{look(ev.Object.Ref.Namespace, "get", ev.Object.Ref.GroupResource(), ev.Object.Ref.Name)}}}
	return one(found)
}

// eachFinalizer makes a finding for each finalizer of one sort, with when
// deletion was asked for and who added the finalizer as evidence.
func eachFinalizer(ev *backup.Evidence, is func(backup.Finalizer) bool, say func(backup.Finalizer) backup.Finding) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	for _, f := range ev.Object.Finalizers {
		if !is(f) {
			continue
		}
		found := say(f)
		added := backup.Proof{Text: "added by " + orElse(f.AddedBy, "an unknown manager"), Source: "metadata.managedFields", At: f.AddedAt}
		asked := backup.Proof{Text: "deletion was asked for", Source: "metadata.deletionTimestamp", At: ev.Object.Deleted}
		found.Proof = append([]backup.Proof{asked, added}, found.Proof...)
		all = append(all, found)
	}
	return all
}
