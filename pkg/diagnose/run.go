package diagnose

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// pendingUsual is how long a run may wait for its start before that is worth a warning.
const pendingUsual = 10 * time.Minute

func runEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-W213",
			Title:   "the run failed",
			Explain: "The backup or restore ended in failure. The last error of its Job or of its conditions is quoted; where it is a fault of the storage, a finding of its own says more. How far the run came decides whether anything was written.",
			Why:     "The storage, the database or the cluster refused something, or the program ended early.",
			Fix:     "Repair the cause and make a new backup. A failed one is not run again by most systems.",
			Danger:  "A failed backup may have left a part of its data; it cannot be restored from.",
			Source:  "phase, conditions, Job status and pod logs",
		}, judgeRunFailed},
		{Code{
			Code:    "BK-W214",
			Title:   "the phase lasts longer than usual",
			Explain: "The object has been in a phase that should pass for longer than such a run usually takes. That proves nothing by itself; the other findings may say what it waits for.",
			Why:     "More data than usual, a pod that cannot start, a program that hangs, or an operator that does not act.",
			Fix:     "Follow the logs of the run and look at the other findings.",
			Danger:  "none",
			Source:  "the time of the present phase against the usual time of the profile",
		}, judgeLongPhase},
		{Code{
			Code:    "BK-W215",
			Title:   "the backup calls itself completed while its data still moves",
			Explain: "The phase is final, but a data mover is still copying. Until it ends, the data is not where a restore would look for it.",
			Why:     "Some systems set the phase when their own part is done and leave the upload to another controller.",
			Fix:     "Wait for the data movers; `kubectl backup wait` does that.",
			Danger:  "Deleting the source volume or its snapshot now loses the only copy.",
			Source:  "the works with role move",
		}, judgeMoving},
		{Code{
			Code:    "BK-W216",
			Title:   "the data of the backup was not moved",
			Explain: "A data mover failed, or is of a kind that no profile knows, so whether the data arrived cannot be said. The phase of the backup may still read completed.",
			Why:     "The mover's pod failed, its storage refused it, or the system is newer than the profile.",
			Fix:     "Look at the mover's own status and log, and make a new backup.",
			Danger:  "A restore from this backup may lack data.",
			Source:  "the works with role move",
		}, judgeMoveFailed},
	}
}

// runFailed tells whether the run ended in failure, and by what sign.
func runFailed(ev *backup.Evidence) bool {
	switch obj := &ev.Object; {
	case obj.Phase == backup.PhaseFailed, obj.Phase == backup.PhasePartiallyFailed, runCondition(obj) != nil:
		return true
	case obj.Phase == backup.PhaseCompleted, obj.Phase == backup.PhaseInvalid:
		return false
	}
	for _, w := range existing(ev, backup.WorkRun) {
		if w.Failed > 0 && w.Active == 0 && w.Succeeded == 0 {
			return true
		}
	}
	return false
}

func judgeRunFailed(ev *backup.Evidence) []backup.Finding {
	if !runFailed(ev) {
		return nil
	}
	severity := backup.SeverityCause
	if ev.Object.Deleting() {
		severity = backup.SeverityInfo // it explains, and is not what deletion waits for
	}
	title := "the " + runName(ev) + " failed"
	if ev.Object.Phase == backup.PhasePartiallyFailed {
		title = "the " + runName(ev) + " failed in part"
	}
	found := problem("BK-W213", severity, ev.Object.Ref, title)
	if c := runCondition(&ev.Object); c != nil && c.Reason != "" {
		found.Title += " (" + c.Reason + ")"
	}
	if v := runVoice(ev); v != nil {
		found.Proof = v.proof
		if v.fault == nil { // else the finding of the fault says it shorter
			found.Title += ": " + gist(v.text)
		}
	}
	if !ev.Object.Deleting() {
		found.Fixes = []backup.Fix{{Does: "Repair the cause, then make a new " + runName(ev) + ".", DoesNot: "A failed one does not run again by itself."}}
	}
	return one(found)
}

func judgeLongPhase(ev *backup.Evidence) []backup.Finding {
	obj := &ev.Object
	if obj.Deleting() || obj.Phase != backup.PhasePending && obj.Phase != backup.PhaseRunning {
		return nil
	}
	since, usual := phaseSince(obj), time.Duration(obj.Usual)
	if obj.Phase == backup.PhasePending {
		usual = pendingUsual
	}
	lasted := ev.At.Sub(since)
	title := fmt.Sprintf("%s for %s", obj.Phase, span(lasted))
	proof := backup.Proof{Text: "phase " + orElse(obj.NativePhase, string(obj.Phase)), Source: "status", At: &since}
	switch {
	case usual == 0:
		return one(skipped("BK-W214", obj.Ref, title+"; how long it usually takes is not known"))
	case lasted <= usual:
		return one(fine("BK-W214", obj.Ref, title+", no longer than usual", proof))
	}
	found := problem("BK-W214", backup.SeverityWarning, obj.Ref, title+fmt.Sprintf(" (usually at most %s)", span(usual)))
	found.Proof = []backup.Proof{proof}
	found.Fixes = []backup.Fix{{Does: "Shows what it is doing.", Commands: []string{command(inNamespace(obj.Ref.Namespace, "kubectl", "backup", "logs", obj.Ref.String())...)}}}
	return one(found)
}

func phaseSince(obj *backup.Object) time.Time {
	for _, t := range []*time.Time{obj.PhaseSince, obj.Started} {
		if t != nil {
			return *t
		}
	}
	return obj.Created
}

func judgeMoving(ev *backup.Evidence) []backup.Finding {
	obj := &ev.Object
	if obj.Data != backup.DataMoving || !obj.Phase.Terminal() {
		return nil
	}
	found := problem("BK-W215", backup.SeverityWarning, obj.Ref, fmt.Sprintf("the phase is %s, but its data is still moving", obj.Phase))
	found.Proof = moveProof(ev)
	return one(found)
}

func judgeMoveFailed(ev *backup.Evidence) []backup.Finding {
	obj := &ev.Object
	switch {
	case obj.Data == backup.DataFailed:
		found := problem("BK-W216", backup.SeverityCause, obj.Ref, "a data mover failed: the data of this "+runName(ev)+" is not complete")
		found.Proof = moveProof(ev)
		return one(found)
	case obj.Data == backup.DataUnknown && obj.Phase == backup.PhaseCompleted:
		return one(unknown("BK-W216", obj.Ref, "whether all data of this "+runName(ev)+" arrived cannot be said", moveProof(ev)...))
	}
	return nil
}

func moveProof(ev *backup.Evidence) []backup.Proof {
	var all []backup.Proof
	for _, w := range worksOf(ev, backup.WorkMove) {
		text := "phase " + orElse(w.NativePhase, orElse(string(w.Phase), "unknown"))
		if w.Volume != "" {
			text += " of " + w.Volume
		}
		if w.Message != "" {
			text += ": " + shorten(w.Message)
		}
		all = append(all, backup.Proof{Text: text, Source: w.Ref.Human()})
	}
	return all
}
