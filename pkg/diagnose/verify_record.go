package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func archiveRecordEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-R132", Title: "the run was asked to store no data",
			Explain: "A DryRun of e-backup only checks what it would do and is no backup; AppOnly stores objects and leaves all volumes out.",
			Why:     "spec.runMode says so.",
			Fix:     "Use runMode Normal for a backup of objects and data.",
			Danger:  "Nobody should count on it for data.", Source: "spec.runMode of the stored object; user manual of e-backup",
		}, onRecord(judgeRunMode)},
		{Code{
			Code: "BK-R133", Title: "the backup has expired",
			Explain: "Its time to live is over. Velero removes it with its data at the next garbage collection, which runs every hour.",
			Why:     "Collection waits while the server is down, or the location is read-only or unavailable.",
			Fix:     "Restore from it soon, or make a new backup.",
			Danger:  "The data goes without a further question.", Source: "status.expiration; velero@v1.18.3 pkg/controller/gc_controller.go",
		}, onVerified(judgeExpired)},
		{Code{
			Code: "BK-R134", Title: "the run did not complete",
			Explain: "The stored object says that the run failed, or failed in part. What it recorded as errors is missing in it.",
			Why:     "See the recorded errors.",
			Fix:     "Mend the cause and make a new backup; restoring from a partial one needs --allow-partially-failed with Velero's CLI.",
			Danger:  "A restore leaves out what failed.", Source: "status.phase of the stored object, the results file",
		}, onRecord(judgePhase)},
		{Code{
			Code: "BK-R135", Title: "errors that the backup counts are in no file",
			Explain: "The stored object counts more errors than the results and the log hold, so that what went wrong cannot be said.",
			Why:     "The file is of another run, or a file was lost.",
			Fix:     "Look at the logs of the server from that time.",
			Danger:  "none", Source: "status.errors; the lines of level error in the log; the results file",
		}, onRecord(judgeErrorCount)},
	}
}

func judgeRunMode(_ *backup.Archive, r *backup.ArchiveRecord, subject backup.Ref) []backup.Finding {
	severity, title := backup.SeverityInfo, "only objects were stored: runMode is AppOnly"
	switch r.RunMode {
	case "DryRun":
		severity, title = backup.SeverityCause, "this is no backup: runMode is DryRun"
	case "AppOnly":
	default:
		return nil
	}
	found := problem("BK-R132", severity, subject, title)
	found.Proof = []backup.Proof{recordProof("spec.runMode", r.RunMode)}
	return one(found)
}

// onVerified judges a record at the time of the evidence.
func onVerified(judge func(ev *backup.Evidence, r *backup.ArchiveRecord) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Archive == nil || ev.Archive.Record == nil {
			return nil
		}
		return judge(ev, ev.Archive.Record)
	}
}

func judgeExpired(ev *backup.Evidence, r *backup.ArchiveRecord) []backup.Finding {
	if r.Expires == nil || ev.At.Before(*r.Expires) {
		return nil
	}
	found := problem("BK-R133", backup.SeverityWarning, archiveSubject(ev), fmt.Sprintf("the backup has expired %s ago", span(ev.At.Sub(*r.Expires))))
	found.Proof = []backup.Proof{{Text: "status.expiration", Source: storedObject, At: r.Expires}}
	return one(found)
}

func judgePhase(a *backup.Archive, r *backup.ArchiveRecord, subject backup.Ref) []backup.Finding {
	severity := backup.SeverityCause
	switch r.Phase {
	case backup.PhaseCompleted, backup.PhaseRunning, backup.PhasePending:
		return nil // what still runs is judged as such
	case backup.PhaseUnknown, backup.PhaseDeleting:
		return one(unknown("BK-R134", subject, fmt.Sprintf("the stored object is in phase %q, which says nothing about how the run ended", r.NativePhase), recordProof("status.phase", r.NativePhase)))
	case backup.PhasePartiallyFailed:
		severity = backup.SeverityWarning
	}
	title := fmt.Sprintf("the run ended %s, with %s", r.NativePhase, counted(r.Errors, "error"))
	if r.Failure != "" {
		title += ": " + gist(r.Failure)
	}
	found := problem("BK-R134", severity, subject, title)
	found.Proof = append([]backup.Proof{recordProof("status.phase", r.NativePhase)}, messageProof(a)...)
	return one(found)
}

// messageProof are the recorded errors, the first ones.
func messageProof(a *backup.Archive) []backup.Proof {
	var proof []backup.Proof
	for _, m := range a.Messages {
		if m.Severity == backup.SeverityCause && len(proof) < proofLimit {
			proof = append(proof, backup.Proof{Text: shorten(m.Text), Source: "results, " + m.Scope})
		}
	}
	return proof
}

func judgeErrorCount(a *backup.Archive, r *backup.ArchiveRecord, subject backup.Ref) []backup.Finding {
	if r.Errors == 0 || !a.Holds(backup.FileResults) || a.Log == nil {
		return nil
	}
	recorded := int64(0)
	for _, m := range a.Messages {
		if m.Severity == backup.SeverityCause {
			recorded++
		}
	}
	// Errors of operations are added after the log was stored, so that either may have fewer.
	if max(recorded, a.Log.Errors) >= r.Errors {
		return nil
	}
	found := problem("BK-R135", backup.SeverityWarning, subject, fmt.Sprintf("the backup counts %s, the log has %d and the results have %d", counted(r.Errors, "error"), a.Log.Errors, recorded))
	found.Proof = []backup.Proof{recordProof("status.errors", r.Errors)}
	return one(found)
}
