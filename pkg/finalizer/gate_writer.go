package finalizer

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// noWriter: no container of a run, stop or move has started and not ended, and
// no lock in the place is so fresh that a writer must be keeping it.
func noWriter(j *judging) backup.GateResult {
	for _, p := range j.places {
		if p.verdict.FreshLock != "" {
			return refuse(freshLock(p))
		}
	}
	result := pass("nothing writes to the place")
	if field := j.unreadable("works"); field != "" {
		result = unknown("not everything that may write is known: the profile could not evaluate " + field)
	}
	for _, w := range j.ev.Object.Works {
		if w.Role == backup.WorkClean {
			continue
		}
		switch found := writer(w); found.State {
		case backup.GateRefuse:
			return found
		case backup.GateUnknown:
			result = found
		}
	}
	if cleaning := j.runningCleanUp(); cleaning != "" && result.State == backup.GatePass {
		return shown(cleaning + " runs and may finish by itself; what it has erased stays erased")
	}
	return result
}

// freshLock says what speaks of a writer, and when it no longer does. It may be
// a lock or an upload that was begun a moment ago.
func freshLock(p place) string {
	text := p.verdict.FreshLock + " in " + p.named() + " is fresh, so a writer may be at work"
	if ttl := time.Duration(p.location.Markers.LockTTL); ttl > 0 {
		text += fmt.Sprintf("; once it is older than %s it counts as left behind", ttl)
	}
	return text
}

// writer judges one work. A role that is not known counts as one that writes.
func writer(w backup.Work) backup.GateResult {
	active, unsure := "", ""
	for _, p := range w.Pods {
		switch p.MayWrite() {
		case backup.Yes:
			active = p.Ref.Human()
		case backup.Unknown:
			unsure = p.Ref.Human()
		}
	}
	switch {
	case active != "":
		return refuse(active + " of " + w.Ref.Human() + " is running and may be writing")
	case unsure != "":
		return unknown("whether " + unsure + " still runs is not known: its node does not answer")
	case !w.Lookup.Known():
		return unknown(w.Ref.Human() + " could not be read" + because(w.Error))
	case !w.PodsLookup.Known():
		return unknown("the pods of " + w.Ref.Human() + " could not be listed")
	case w.NativePhase != "" && w.Phase == backup.PhaseRunning && len(w.Pods) == 0:
		return runsElsewhere(w)
	case w.Active > 0 && len(w.Pods) == 0:
		return unknown(w.Ref.Human() + " says that a pod is active, and none was seen")
	}
	return pass(w.Ref.Human() + " does not run")
}

// runsElsewhere judges a work that runs in a program that is not its own, such
// as an agent on a node, and says by its phase that it runs.
func runsElsewhere(w backup.Work) backup.GateResult {
	if w.Node != "" && w.NodeReady != backup.Yes {
		return unknown("whether " + w.Ref.Human() + " still runs is not known: its node " + w.Node + " does not answer")
	}
	return refuse(w.Ref.Human() + " is " + w.NativePhase + " and may be writing")
}

// runningCleanUp names a clean-up that has a started container, or nothing.
func (j *judging) runningCleanUp() string {
	for _, w := range j.ev.Object.Works {
		if w.Role == backup.WorkClean && running(w) {
			return w.Ref.Human()
		}
	}
	return ""
}

// running tells whether a container of the work started and is not known to have ended.
func running(w backup.Work) bool {
	for _, p := range w.Pods {
		if p.MayWrite() != backup.No {
			return true
		}
	}
	return false
}
