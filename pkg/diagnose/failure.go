package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// FailurePoint tells how far the run came before it failed, with the evidence.
// Only the object's own record, its conditions and the log of its run count;
// what was seen in the storage can refute them, and never prove them.
func FailurePoint(ev backup.Evidence) (backup.FailurePoint, []backup.Proof) {
	obj := &ev.Object
	failed := runFailed(&ev)
	if failed {
		if proof := wroteProof(obj); len(proof) > 0 {
			return backup.FailedAfterWrite, append(proof, runProof(&ev)...)
		}
	}
	// Snapshots of volumes are made without any of the signs that are read here.
	if !inSnapshots(obj) {
		if point, proof := nothingWritten(&ev, failed); point != backup.FailedUnknown {
			return refuted(&ev, point, proof)
		}
	}
	switch {
	case failed:
		return backup.FailedUnknown, runProof(&ev)
	case obj.Phase == backup.PhaseCompleted, obj.Phase == backup.PhaseRunning, obj.Phase == backup.PhasePending, isTrue(obj, "Complete") != nil:
		return backup.FailedNot, []backup.Proof{{Text: "phase " + orElse(obj.NativePhase, string(obj.Phase)), Source: "status", At: obj.PhaseSince}}
	}
	return backup.FailedUnknown, nil
}

// nothingWritten tells whether the run is proved to have failed before it
// wrote: it never started, or its record says so.
func nothingWritten(ev *backup.Evidence, failed bool) (backup.FailurePoint, []backup.Proof) {
	obj := &ev.Object
	if obj.Phase == backup.PhaseCompleted || len(wroteProof(obj)) > 0 {
		return backup.FailedUnknown, nil
	}
	started := obj.Started != nil || isTrue(obj, "Prepare") != nil || isTrue(obj, "Running") != nil
	for _, w := range withPods(ev, backup.WorkRun, backup.WorkMove) {
		for _, p := range w.Pods {
			started = started || p.Started != nil
		}
	}
	for _, kind := range []string{"Invalid", "RetryFailed"} {
		if c := isTrue(obj, kind); c != nil && !started {
			return backup.FailedNeverStarted, []backup.Proof{{Text: conditionText(c), Source: "condition " + kind, At: c.At}}
		}
	}
	waiting := !failed && !obj.Deleting() && (obj.Phase == backup.PhasePending || obj.Phase == backup.PhaseRunning)
	if obj.Written.Answer != backup.No || waiting {
		return backup.FailedUnknown, nil
	}
	proof := []backup.Proof{{Text: "nothing was written", Source: orElse(shorten(obj.Written.Source), "the record of the object")}}
	for _, p := range runProof(ev) {
		if !strings.Contains(oneLine(obj.Written.Source), p.Text) { // else the record quotes the same words
			proof = append(proof, p)
		}
	}
	if !started && !failed {
		return backup.FailedNeverStarted, proof
	}
	return backup.FailedBeforeWrite, proof
}

// inSnapshots tells whether data of the object lies in snapshots of volumes.
func inSnapshots(obj *backup.Object) bool {
	return slices.ContainsFunc(obj.Locations, func(l backup.Location) bool { return l.Provider == backup.ProviderSnapshots })
}

// refuted takes the point back where data lies at a place that is this
// object's alone: then the record or the place is not what it seems.
func refuted(ev *backup.Evidence, point backup.FailurePoint, proof []backup.Proof) (backup.FailurePoint, []backup.Proof) {
	for _, v := range ev.Storage {
		older := v.Newest != nil && v.Newest.Before(ev.Object.Created)
		if v.Class.HoldsData() && v.Location.Layout == backup.LayoutExclusive && !older {
			return backup.FailedUnknown, append(proof, lookProof(v))
		}
	}
	return point, proof
}

// wroteProof lists the signs on the object that bytes were written.
func wroteProof(obj *backup.Object) []backup.Proof {
	var all []backup.Proof
	if obj.Written.Answer == backup.Yes {
		all = append(all, backup.Proof{Text: "bytes were written", Source: orElse(obj.Written.Source, "the record of the object")})
	}
	if obj.SizeBytes != nil && *obj.SizeBytes > 0 {
		all = append(all, backup.Proof{Text: "size " + bytesText(*obj.SizeBytes), Source: "status"})
	}
	if obj.Progress != nil && obj.Progress.Done > 0 {
		all = append(all, backup.Proof{Text: fmt.Sprintf("progress %d of %d %s", obj.Progress.Done, obj.Progress.Total, obj.Progress.Unit), Source: "status"})
	}
	return all
}

// runProof is what the run said when it failed.
func runProof(ev *backup.Evidence) []backup.Proof {
	if v := runVoice(ev); v != nil {
		return v.proof
	}
	return nil
}
