package diagnose

import (
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// tidbOperator is the system whose specifics some texts name.
const tidbOperator = "tidb-operator"

// patience is how long something may take before its absence means anything.
const patience = 5 * time.Minute

// worksOf are the works of the roles, in the order of the object.
func worksOf(ev *backup.Evidence, roles ...backup.WorkRole) []*backup.Work {
	var found []*backup.Work
	for i := range ev.Object.Works {
		if slices.Contains(roles, ev.Object.Works[i].Role) {
			found = append(found, &ev.Object.Works[i])
		}
	}
	return found
}

// existing are the works of the roles that were found in the cluster.
func existing(ev *backup.Evidence, roles ...backup.WorkRole) []*backup.Work {
	return slices.DeleteFunc(worksOf(ev, roles...), func(w *backup.Work) bool { return w.Lookup != backup.Found })
}

// withPods are the works of the roles that exist, or whose pods outlived them.
func withPods(ev *backup.Evidence, roles ...backup.WorkRole) []*backup.Work {
	return slices.DeleteFunc(worksOf(ev, roles...), func(w *backup.Work) bool { return w.Lookup != backup.Found && len(w.Pods) == 0 })
}

// expected are the works that have to proceed now: those of the deletion while
// it is asked for, else those of the run until it has ended.
func expected(ev *backup.Evidence) []*backup.Work {
	switch {
	case ev.Object.Deleting():
		return existing(ev, backup.WorkClean, backup.WorkStop)
	case ev.Object.Phase.Terminal():
		return existing(ev, backup.WorkMove)
	}
	return existing(ev, backup.WorkRun, backup.WorkStop, backup.WorkMove)
}

// active tells whether the object still has something to do: it is being
// deleted, or it has not ended.
func active(ev *backup.Evidence) bool {
	switch ev.Object.Phase {
	case backup.PhaseActive, backup.PhasePaused, backup.PhaseAvailable: // they are as they should be
		return ev.Object.Deleting()
	}
	return ev.Object.Deleting() || !ev.Object.Phase.Terminal()
}

// severityNow is a cause while the object has something to do, else a warning
// for the day when it has.
func severityNow(ev *backup.Evidence) backup.Severity {
	if active(ev) {
		return backup.SeverityCause
	}
	return backup.SeverityWarning
}

// who names a work in a sentence: "the clean-up Job".
func who(ev *backup.Evidence, w *backup.Work) string {
	kind := orElse(w.Ref.Kind, "Job")
	switch w.Role {
	case backup.WorkClean:
		return "the clean-up " + kind
	case backup.WorkStop:
		return "the stopping " + kind
	case backup.WorkMove:
		return "the data-moving " + kind
	}
	return "the " + runName(ev) + " " + kind
}

// runName is what the object does: "backup" or "restore".
func runName(ev *backup.Evidence) string {
	if ev.Object.Role == "" {
		return string(backup.RoleBackup)
	}
	return string(ev.Object.Role)
}

// byAge are the pods of a work, youngest first.
func byAge(w *backup.Work) []*backup.Pod {
	pods := make([]*backup.Pod, len(w.Pods))
	for i := range w.Pods {
		pods[i] = &w.Pods[i]
	}
	slices.SortStableFunc(pods, func(a, b *backup.Pod) int { return b.Created.Compare(a.Created) })
	return pods
}

// isTrue returns the condition of a type if its status is True, else nil.
func isTrue(obj *backup.Object, kind string) *backup.Condition {
	if c := obj.Condition(kind); c != nil && c.Status == "True" {
		return c
	}
	return nil
}

// runStart is the earliest sign that the run began; the condition names are
// those of TiDB Operator, other systems set Object.Started.
// Source: pingcap/tidb-operator@v1.6.1 pkg/apis/pingcap/v1alpha1.
func runStart(ev *backup.Evidence) *time.Time {
	var first *time.Time
	see := func(t *time.Time) {
		if t != nil && !t.IsZero() && (first == nil || t.Before(*first)) {
			first = t
		}
	}
	see(ev.Object.Started)
	for _, kind := range []string{"Scheduled", "Prepare", "Running"} {
		if c := isTrue(&ev.Object, kind); c != nil {
			see(c.At)
		}
	}
	for _, w := range existing(ev, backup.WorkRun) {
		see(&w.Created)
	}
	return first
}

// guarding is the finalizer that a profile knows and Kubernetes does not own, or nil.
func guarding(ev *backup.Evidence) *backup.Finalizer {
	for i, f := range ev.Object.Finalizers {
		if f.Profile != "" && !f.Builtin && !f.Hold {
			return &ev.Object.Finalizers[i]
		}
	}
	return nil
}

// progressing tells whether the owner does its part of the deletion: its
// clean-up runs, has not failed, and takes no longer than usual.
func progressing(ev *backup.Evidence) bool {
	for _, w := range existing(ev, backup.WorkClean) {
		if w.Active > 0 && !hasFailed(w) && !w.Deleting && !overdue(ev, w) && atWork(w) {
			return true
		}
	}
	return false
}

// running tells whether a container of the work is known to run.
func running(w *backup.Work) bool {
	return slices.ContainsFunc(w.Pods, func(p backup.Pod) bool { return p.MayWrite() == backup.Yes })
}

// atWork tells whether a container of the work runs as far as anything is
// known: nothing says that its node does not answer.
func atWork(w *backup.Work) bool {
	return slices.ContainsFunc(w.Pods, func(p backup.Pod) bool { return p.MayWrite() != backup.No && p.NodeReady != backup.No })
}

// overdue tells whether the work takes longer than usual. Where the usual time
// is not known, nothing is overdue.
func overdue(ev *backup.Evidence, w *backup.Work) bool {
	return w.Usual > 0 && !w.Created.IsZero() && ev.At.Sub(w.Created) > time.Duration(w.Usual)
}
