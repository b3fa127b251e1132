package finalizer

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// progressing tells whether the owner is on its way to let the object go: it is
// alive, and its clean-up runs or is about to. An owner that is alive while its
// Job failed or cannot start is not progressing.
func (j *judging) progressing() (backup.Answer, string) {
	if alive, why := j.ownerAlive(); alive != backup.Yes {
		return alive, why
	}
	answer, why := backup.Unknown, "no clean-up of the owner is known"
	for _, w := range j.ev.Object.Works {
		if w.Role != backup.WorkClean {
			continue
		}
		answer, why = cleaning(w, j.ev.At)
		if answer == backup.Yes {
			break
		}
	}
	return answer, why
}

// ownerAlive tells whether the controller that removes the finalizer runs.
func (j *judging) ownerAlive() (backup.Answer, string) {
	if j.finalizer == nil {
		return backup.Unknown, j.noneWhy
	}
	for _, owner := range j.ev.Owners {
		if owner.Selector != j.finalizer.Owner {
			continue
		}
		switch alive := owner.Alive(j.ev.At); alive {
		case backup.Yes:
			return backup.Yes, ""
		case backup.No:
			return backup.No, "the owner of " + j.finalizer.Name + " does not run"
		}
	}
	return backup.Unknown, "whether the owner of " + j.finalizer.Name + " runs is not known"
}

// cleaning tells whether a clean-up is on its way. One that has failed before is
// not, even while it is tried again: what made it fail is not known to be gone.
func cleaning(w backup.Work, now time.Time) (backup.Answer, string) {
	name := w.Ref.Human()
	if w.Lookup == backup.Found && w.Ref.Resource != "" && w.Ref.GroupResource() != "jobs.batch" {
		return cleaningElsewhere(w, now)
	}
	switch failed := failures(w); {
	case !w.Lookup.Known():
		return backup.Unknown, name + " could not be read"
	case w.Lookup == backup.Absent:
		return backup.No, name + " does not exist"
	case w.Deleting:
		return backup.No, name + " is being deleted"
	case w.FailedFor != "" || w.Phase == backup.PhaseFailed:
		return backup.No, name + " failed" + because(w.FailedFor)
	case failed == 1:
		return backup.No, name + " failed once"
	case failed > 1:
		return backup.No, fmt.Sprintf("%s failed %d times", name, failed)
	}
	for _, p := range w.Pods {
		switch p.MayWrite() {
		case backup.Yes:
			return backup.Yes, p.Ref.Human() + " of " + name + " is running"
		case backup.Unknown:
			return backup.Unknown, "whether " + p.Ref.Human() + " still runs is not known: its node does not answer"
		}
	}
	switch reason := stalled(w); {
	case w.Active == 0:
		return backup.No, name + " has no active pod"
	case reason != "":
		return backup.No, name + " cannot start: " + reason
	case w.Usual == 0:
		return backup.Unknown, "how long " + name + " may take is not known"
	case now.Sub(w.Created) > time.Duration(w.Usual):
		return backup.No, name + " has not begun for longer than it usually takes"
	}
	return backup.Yes, name + " is about to run"
}

// cleaningElsewhere judges a clean-up that is no Job: a request to the owner.
func cleaningElsewhere(w backup.Work, now time.Time) (backup.Answer, string) {
	name := w.Ref.Human() + " is " + orElse(w.NativePhase, "new")
	switch {
	case w.Phase.Terminal():
		return backup.No, name + because(w.Message)
	case w.Phase != backup.PhasePending && w.Phase != backup.PhaseRunning:
		return backup.Unknown, name
	case w.Usual > 0 && now.Sub(w.Created) > time.Duration(w.Usual):
		return backup.No, name + " for longer than it usually takes"
	}
	return backup.Yes, name
}

// failures counts the failed pods of a Job. Its status may not have counted the
// last of them yet.
func failures(w backup.Work) int64 {
	seen := int64(0)
	for _, p := range w.Pods {
		if p.Phase == "Failed" || p.ExitCode != nil && *p.ExitCode != 0 {
			seen++
		}
	}
	return max(w.Failed, seen)
}

// stalled says why a pod of the work cannot start; it is empty where none waits for a reason.
func stalled(w backup.Work) string {
	for _, p := range w.Pods {
		if p.Phase == "Pending" && p.Reason != "" {
			return p.Reason
		}
	}
	return ""
}
