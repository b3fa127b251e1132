package diagnose

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// futile lists what people try when a deletion hangs and what changes nothing
// for this object now.
func futile(ev *backup.Evidence) []string {
	f := guarding(ev)
	if !ev.Object.Deleting() || f == nil || progressing(ev) {
		return nil
	}
	all := []string{"deleting the object again changes nothing: its deletion is already asked for, and only the finalizer holds it"}
	for _, w := range existing(ev, backup.WorkRun) {
		if w.Active == 0 && !running(w) {
			all = append(all, "deleting "+who(ev, w)+" changes nothing: the run has ended, and the finalizer waits for the clean-up")
		}
	}
	terminating, alive := ev.Namespace.Terminating() == backup.Yes, ownerIsAlive(ev)
	if terminating {
		all = append(all, "repairing endpoint or credentials does not help where a new Job is needed: the namespace is being deleted and takes none")
	}
	for _, w := range existing(ev, backup.WorkClean) {
		switch {
		case !hasFailed(w):
			continue
		case terminating:
			all = append(all, "deleting "+who(ev, w)+" helps nothing: a new one cannot be made in a namespace that is being deleted")
		case policyHolds(ev):
			all = append(all, "deleting "+who(ev, w)+" helps nothing: under the present policy it is not made again")
		case alive:
			all = append(all, "deleting "+who(ev, w)+" only brings it back: the operator makes it again, and it fails again until its cause is repaired")
		}
		if w.FailedFor != "" { // until it gives up, the Job tries again by itself
			all = append(all, "waiting changes nothing: "+who(ev, w)+" "+attempts(w)+" and does not run again by itself")
		}
	}
	if ev.Object.System == tidbOperator && ev.Object.Mode != "log" && ev.Object.Retention.Policy != backup.Keeps {
		all = append(all, "setting spec.cleanPolicy to Retain now does not release the object: under it the operator never removes its finalizer")
	}
	return all
}

// hasFailed tells whether an attempt of the work has failed. The status of a Job
// counts a failed pod only a moment later.
func hasFailed(w *backup.Work) bool {
	return w.Failed > 0 || slices.ContainsFunc(w.Pods, func(p backup.Pod) bool { return p.Phase == "Failed" })
}

// ownerIsAlive tells whether a controller of the object is known to be at work.
func ownerIsAlive(ev *backup.Evidence) bool {
	for _, o := range ev.Owners {
		if o.Alive(ev.At) == backup.Yes {
			return true
		}
	}
	return false
}
