package wait

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// answer is what one look at an object gave.
type answer struct {
	ended bool // waiting longer changes nothing
	code  cli.Code
	words string
}

// judge says whether an object is as asked. The first UID that was seen counts:
// another object of the same name is not the one that was asked for.
func (o *options) judge(object backup.Object, uid *string, err error) answer {
	if err == nil && *uid == "" {
		*uid = object.Ref.UID
	}
	gone := cluster.IsAbsent(err) || err == nil && object.Ref.UID != *uid
	switch {
	case gone && (o.until == forDeleted || o.until == forEnd):
		return answer{ended: true, words: "is gone"}
	case gone:
		return answer{ended: true, code: cli.CodeProblems, words: "was deleted while it was waited for"}
	case err != nil:
		return answer{words: "it could not be read"}
	case o.until == forDeleted:
		return judgeDeletion(object)
	}
	if o.until == forEnd {
		return judgeEnd(object)
	}
	return o.judgeDone(object)
}

// judgeEnd says whether a run has ended, in whatever way: who stops it wants no more.
func judgeEnd(object backup.Object) answer {
	phase := string(object.Phase)
	switch {
	case !object.Phase.Terminal():
		return answer{words: "it is " + phase}
	case object.Data == backup.DataMoving:
		return answer{words: "it is " + phase + ", and its data is still moving"}
	}
	return answer{ended: true, words: "has ended: " + phase}
}

// judgeDeletion says how far a deletion is. One that was asked for by a request, as
// Velero wants it, is over when the request has failed: nobody takes it up again.
func judgeDeletion(object backup.Object) answer {
	explained := "; 'kubectl backup diagnose " + object.Ref.String() + "' says "
	requests := slices.DeleteFunc(slices.Clone(object.Works), func(w backup.Work) bool { return w.Role != backup.WorkClean || w.Lookup != backup.Found })
	failed := func(w backup.Work) bool { return w.Phase == backup.PhaseFailed }
	switch {
	case object.Deleting(), slices.ContainsFunc(requests, func(w backup.Work) bool { return !failed(w) }):
		return answer{words: "it is being deleted" + explained + "what it waits for"}
	case len(requests) > 0:
		return answer{ended: true, code: cli.CodeProblems, words: "was not deleted: the request for it ended with an error" + explained + "which"}
	case object.Phase == backup.PhaseDeleting:
		return answer{words: "it is being deleted" + explained + "what it waits for"}
	}
	return answer{words: "its deletion was not asked for"}
}

// judgeDone says whether a run is done and how it ended.
func (o *options) judgeDone(object backup.Object) answer {
	phase := string(object.Phase)
	switch {
	case object.Phase == backup.PhasePartiallyFailed, object.Phase == backup.PhaseFailed, object.Phase == backup.PhaseInvalid:
		return answer{ended: true, code: cli.CodeProblems, words: "ended: " + phase}
	case !object.Phase.Terminal():
		return answer{words: "it is " + phase}
	case o.until == forComplete:
		return answer{ended: true, words: "is " + phase}
	case object.Data == backup.DataFailed:
		return answer{ended: true, code: cli.CodeProblems, words: "is " + phase + ", but a data mover failed"}
	case object.Done() == backup.Unknown:
		return answer{ended: true, code: cli.CodeUnknown, words: "is " + phase + "; whether its data has arrived cannot be said" + because(object.DataWhy)}
	case object.Done() == backup.No:
		return answer{words: "it is " + phase + ", and its data is still moving"}
	}
	return answer{ended: true, words: "is " + phase + ", its data included"}
}

// restorable looks whether a backup that is done can be restored.
func (o *options) restorable(ctx context.Context, ev *backup.Evidence) answer {
	o.collector.Archive(ctx, ev, collect.ArchiveDepth{Items: true, Small: true})
	return judgeArchive(string(ev.Object.Phase), diagnose.Verify(*ev))
}

// judgeArchive says what a look at the bucket means for who waits.
func judgeArchive(phase string, found backup.Verification) answer {
	got := answer{ended: true, code: cli.CodeUnknown, words: "is " + phase + "; " + found.Verdict}
	switch {
	case found.Restorable == backup.No || found.Status == backup.StatusProblem:
		got.code = cli.CodeProblems
	case found.Restorable == backup.Yes && found.Status == backup.StatusOK:
		got.code = cli.CodeOK
	}
	return got
}

// graver is the exit code that says more: a failure outweighs what is not
// known, and that outweighs what is not there yet.
func graver(a, b cli.Code) cli.Code {
	for _, code := range []cli.Code{cli.CodeProblems, cli.CodeUnknown, cli.CodePending} {
		if a == code || b == code {
			return code
		}
	}
	return cli.CodeOK
}

// because follows a sentence with its reason, where there is one.
func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}
