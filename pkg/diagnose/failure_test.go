package diagnose

import (
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestFailurePoint(t *testing.T) {
	size := int64(812)
	conditions := func(list ...backup.Condition) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Object.Conditions, ev.Object.Phase, ev.Object.Written = list, backup.PhasePending, backup.Written{}
		}
	}
	dataAt := func(newest *time.Time) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			see(ev, backup.VerdictPartial)
			ev.Storage[0].Newest = newest
		}
	}
	for name, tc := range map[string]struct {
		base   func() *backup.Evidence
		change func(*backup.Evidence)
		want   backup.FailurePoint
		source string // of the first proof
	}{
		"recorded case":        {stuck, func(*backup.Evidence) {}, backup.FailedBeforeWrite, "condition Failed: the first request to the storage was refused"},
		"failed":               {failed, func(*backup.Evidence) {}, backup.FailedBeforeWrite, "condition Failed: the first request to the storage was refused"},
		"quoted by the record": {failed, func(ev *backup.Evidence) { ev.Object.Written.Source = runError }, backup.FailedBeforeWrite, shorten(runError)},
		"no record":            {failed, func(ev *backup.Evidence) { ev.Object.Written = backup.Written{} }, backup.FailedUnknown, "condition Failed"},
		"record says so":       {failed, func(ev *backup.Evidence) { ev.Object.Written = backup.Written{Answer: backup.Yes} }, backup.FailedAfterWrite, "the record of the object"},
		"has a size":           {failed, func(ev *backup.Evidence) { ev.Object.SizeBytes = &size }, backup.FailedAfterWrite, "status"},
		"has progress":         {failed, func(ev *backup.Evidence) { ev.Object.Progress = &backup.Progress{Done: 1, Total: 9} }, backup.FailedAfterWrite, "status"},
		"data is there":        {failed, dataAt(nil), backup.FailedUnknown, "condition Failed: the first request to the storage was refused"},
		"older data":           {failed, dataAt(at("08:00:00")), backup.FailedBeforeWrite, "condition Failed: the first request to the storage was refused"},
		"shared place": {failed, func(ev *backup.Evidence) {
			dataAt(nil)(ev)
			ev.Storage[0].Location.Layout = backup.LayoutShared
		}, backup.FailedBeforeWrite, "condition Failed: the first request to the storage was refused"},
		"snapshots": {failed, func(ev *backup.Evidence) {
			ev.Object.Locations[0].Provider = backup.ProviderSnapshots
		}, backup.FailedUnknown, "condition Failed"},
		"invalid":                 {failed, conditions(backup.Condition{Type: "Invalid", Status: "True"}), backup.FailedNeverStarted, "condition Invalid"},
		"job could not be made":   {failed, conditions(backup.Condition{Type: "RetryFailed", Status: "True"}), backup.FailedNeverStarted, "condition RetryFailed"},
		"retried after its start": {failed, conditions(backup.Condition{Type: "RetryFailed", Status: "True"}, backup.Condition{Type: "Prepare", Status: "True"}), backup.FailedNot, "status"},
		"never started, deleted": {stuck, func(ev *backup.Evidence) {
			conditions()(ev)
			ev.Object.Written = backup.Written{Answer: backup.No}
		}, backup.FailedNeverStarted, "the record of the object"},
		"its pod had started": {stuck, func(ev *backup.Evidence) {
			conditions()(ev)
			ev.Object.Written = backup.Written{Answer: backup.No}
			ev.Object.Works[0].Pods = []backup.Pod{failedPod("backup-backup-test-2ths6", "08:58:47", "08:58:48")}
		}, backup.FailedBeforeWrite, "the record of the object"},
		"pending": {failed, func(ev *backup.Evidence) {
			conditions()(ev)
			ev.Object.Written = backup.Written{Answer: backup.No}
		}, backup.FailedNot, "status"},
		"completed": {completed, func(*backup.Evidence) {}, backup.FailedNot, "status"},
		"unknown":   {completed, func(ev *backup.Evidence) { ev.Object.Phase, ev.Object.Conditions = backup.PhaseUnknown, nil }, backup.FailedUnknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			ev := tc.base()
			tc.change(ev)
			got, proof := FailurePoint(*ev)
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			source := ""
			if len(proof) > 0 {
				source = proof[0].Source
			}
			if source != tc.source {
				t.Errorf("the first proof is from %q, want %q", source, tc.source)
			}
		})
	}
}

// TestOldGeneration reads a clean-up failure as operators up to 1.2 wrote it:
// condition Failed itself, over the reason of the run.
func TestOldGeneration(t *testing.T) {
	ev := stuck()
	ev.Object.Phase = backup.PhaseUnknown
	ev.Object.Conditions = []backup.Condition{
		{Type: "Running", Status: "True", At: at("08:58:48")},
		{Type: "Failed", Status: "True", Reason: cleanFailedReason, Message: cleanError, At: at("08:58:51")},
	}
	d := Diagnose(*ev, nil)
	if has(d.Findings, "BK-W213", backup.StatusProblem) {
		t.Error("a failed clean-up was read as a failed run")
	}
	if !has(d.Findings, "BK-W201", backup.StatusProblem) || !has(d.Findings, "BK-S301", backup.StatusProblem) {
		t.Errorf("the failed clean-up was not seen: %s", codes(d.Findings))
	}
	if d.FailurePoint != backup.FailedBeforeWrite {
		t.Errorf("failure point is %q", d.FailurePoint)
	}
}
