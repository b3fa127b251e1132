package diagnose

import (
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// How long a deletion may take without meaning anything: for a controller to see
// it, and for what was asked to end to do so.
const (
	reaction = 10 * time.Second
	settling = time.Minute
)

// The garbage collector's own finalizers.
const (
	foregroundFinalizer = "foregroundDeletion"
	orphanFinalizer     = "orphan"
)

func blockerEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-K101",
			Title:   "a finalizer waits for other objects",
			Explain: "The finalizer protects what other objects still need, and its controller removes it as soon as the last of them is gone or has let go. The objects are named.",
			Why:     "A pod names the claim, a claim is bound to the volume, a snapshot is not ready, an attachment is not undone. A pod that has ended still counts until it is deleted.",
			Fix:     "End or delete the objects that are named, where nobody needs them any more. The finalizer then goes by itself.",
			Danger:  "Without the finalizer the object goes although it is in use: disks are deleted under a writer, or stay behind unseen.",
			Source:  "k8s.io/kubernetes@v1.36.3 pkg/controller/volume; kubernetes-csi external-attacher, external-provisioner, external-snapshotter",
		}, judgeBlockers},
		{Code{
			Code:    "BK-K102",
			Title:   "a finalizer waits for a state of the object itself",
			Explain: "The finalizer's controller waits until the object says something else of itself, such as that a volume is no longer attached.",
			Why:     "A driver or a cloud has not confirmed its part yet, or has failed at it.",
			Fix:     "Repair what the driver or the cloud reports; the controller tries again by itself. A policy of Retain lets go where the data may stay.",
			Danger:  "What the state stands for goes on outside of the cluster, whether the object is there or not.",
			Source:  "spec, status and annotations of the object",
		}, judgeOwnState},
		{Code{
			Code:    "BK-K103",
			Title:   "nothing is left that the finalizer waits for, and it is still there",
			Explain: "Everything that the finalizer can wait for was looked at, and none of it holds. Its controller has not acted.",
			Why:     "The controller does not run, has not the right to, or works through a long queue. After several foreground deletions of one object the garbage collector may miss its finalizer until it is restarted.",
			Fix:     "See whether the controller runs, and what its log says about the object.",
			Danger:  "none by looking",
			Source:  "the rules of the profile; kubernetes/kubernetes#77081",
		}, judgeIdleController},
		{Code{
			Code:    "BK-K104",
			Title:   "the finalizer's controller reports that it failed",
			Explain: "The controller that removes the finalizer has tried, and its last event says why it could not.",
			Why:     "Whatever the event says; it is the word of the driver or of the cloud.",
			Fix:     "Remove what it names; a controller tries again by itself.",
			Danger:  "none",
			Source:  "events of the object",
		}, judgeControllerEvents},
	}
}

// eachBlocking hands on what holds each finalizer of a deletion, except that of
// the garbage collector, which has checks of its own.
func eachBlocking(ev *backup.Evidence, say func(backup.Blocking, backup.Finalizer) []backup.Finding) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	for _, b := range ev.Blocking {
		if i := slices.IndexFunc(ev.Object.Finalizers, func(f backup.Finalizer) bool { return f.Name == b.Finalizer }); i >= 0 {
			all = append(all, say(b, ev.Object.Finalizers[i])...)
		}
	}
	return all
}

// blockingOf is what is known to hold a finalizer, or nil.
func blockingOf(ev *backup.Evidence, finalizer string) *backup.Blocking {
	for i := range ev.Blocking {
		if ev.Blocking[i].Finalizer == finalizer {
			return &ev.Blocking[i]
		}
	}
	return nil
}

// ofGC tells whether the finalizer is the garbage collector's.
func ofGC(finalizer string) bool {
	return finalizer == foregroundFinalizer || finalizer == orphanFinalizer
}

// causeAfter is a cause once the deletion was asked for longer ago than that.
func causeAfter(ev *backup.Evidence, patience time.Duration) backup.Severity {
	if ev.At.Sub(*ev.Object.Deleted) < patience {
		return backup.SeverityInfo
	}
	return backup.SeverityCause
}

// severityOf is that of what blocks. What is being deleted itself may only be
// on its way, and what the object says of itself may be changing.
func severityOf(ev *backup.Evidence, blockers []backup.Blocker) backup.Severity {
	for _, b := range blockers {
		switch {
		case b.Self && causeAfter(ev, reaction) == backup.SeverityCause,
			!b.Self && (b.Deleted == nil || ev.At.Sub(*b.Deleted) >= settling),
			b.Node != "" && b.NodeReady == backup.No && !b.Ended(),
			len(slices.DeleteFunc(slices.Clone(b.Finalizers), ofGC)) > 0:
			return backup.SeverityCause
		}
	}
	return backup.SeverityInfo
}

func judgeBlockers(ev *backup.Evidence) []backup.Finding {
	return eachBlocking(ev, func(b backup.Blocking, f backup.Finalizer) []backup.Finding {
		others := slices.DeleteFunc(slices.Clone(b.Blockers), func(b backup.Blocker) bool { return b.Self })
		switch {
		case ofGC(b.Finalizer):
			return nil
		case len(others) > 0:
			return one(blocked("BK-K101", ev, f, others))
		case b.Lookup != backup.Found:
			found := unknown("BK-K101", ev.Object.Ref, "what finalizer "+b.Finalizer+" waits for could not be seen in full")
			for _, why := range b.Unreadable {
				found.Proof = append(found.Proof, backup.Proof{Text: why, Source: "not seen"})
			}
			return one(found)
		}
		return nil
	})
}

func judgeOwnState(ev *backup.Evidence) []backup.Finding {
	return eachBlocking(ev, func(b backup.Blocking, f backup.Finalizer) []backup.Finding {
		var own []backup.Blocker
		for _, blocker := range b.Blockers {
			if blocker.Self {
				own = append(own, blocker)
			}
		}
		if len(own) == 0 {
			return nil
		}
		found := blocked("BK-K102", ev, f, own)
		for _, node := range ev.Nodes { // of an attachment: whether anything there may still write
			if ev.Object.Ref.Resource == "volumeattachments" && node.Ready != backup.Yes {
				found.Proof = append(found.Proof, nodeProof(node))
			}
		}
		if len(own) < len(b.Blockers) { // the other objects are the better answer
			found.Severity = backup.SeverityInfo
		}
		return one(found)
	})
}

// blocked is the finding about a finalizer and what it waits for.
func blocked(code string, ev *backup.Evidence, f backup.Finalizer, blockers []backup.Blocker) backup.Finding {
	groups := groupBlockers(blockers)
	first := groups[0]
	title := fmt.Sprintf("finalizer %s waits for %s: %s", f.Name, first.who(), gist(first.because))
	if first.self {
		title = fmt.Sprintf("finalizer %s waits: %s", f.Name, gist(first.because))
	}
	if rest := len(blockers) - len(first.blockers); rest > 0 {
		title += fmt.Sprintf("; and for %d more", rest)
	}
	found := problem(code, severityOf(ev, blockers), ev.Object.Ref, title)
	found.Explain, found.Cause = consequence(f), first.cause()
	for _, group := range groups {
		found.Proof = append(found.Proof, group.proof(ev)...)
		found.Fixes = append(found.Fixes, group.fixes(ev, f)...)
	}
	return found
}

// consequence says who removes the finalizer, and what is lost without it.
func consequence(f backup.Finalizer) string {
	text := orElse(f.Owner.Manager, "its controller") + " removes the finalizer by itself when that is over."
	if f.Danger != "" {
		text += " Removed by hand: " + f.Danger + "."
	}
	return text
}
