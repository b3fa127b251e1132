package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// archiveObjectEntries judge the archive beside the object in the cluster.
func archiveObjectEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-R137", Title: "the backup is being deleted",
			Explain: "What lies in the bucket now goes as the deletion goes on.",
			Why:     "Somebody asked for its deletion, or its time to live is over.",
			Fix:     "If it is still wanted, keep a copy of its folder in the bucket before the deletion comes to it.",
			Danger:  "Files may go while they are looked at.", Source: "the phase and deletionTimestamp of the object",
		}, onArchived(judgeDeletion)},
		{Code{
			Code: "BK-R138", Title: "the cluster says that data failed to move",
			Explain: "An object in the cluster that stands for the copy of a volume says that it failed, whatever the stored files say.",
			Why:     "Some plugins copy after the backup is Completed, so that its files cannot know.",
			Fix:     "Diagnose the backup for the reason, mend it, and make a new backup.",
			Danger:  "A restore makes a volume without its data.", Source: "the data movers of the backup in the cluster",
		}, onArchived(judgeMovers)},
		{Code{
			Code: "BK-R148", Title: "the run saved nothing, as asked",
			Explain: "The run is Completed, and it was one that only checks. There is nothing to restore from it.",
			Why:     "Its mode is one of a dry run, as spec.runMode: DryRun of e-backup.",
			Fix:     "Make a backup with a mode that saves.",
			Danger:  archiveSafe, Source: "the mode of the object",
		}, judgeSavesNothing},
	}
}

// onArchived judges evidence with an archive that could be listed, beside its object.
func onArchived(judge func(ev *backup.Evidence) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Archive == nil || !ev.Archive.Seen() {
			return nil
		}
		return judge(ev)
	}
}

func judgeDeletion(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() && ev.Object.Phase != backup.PhaseDeleting {
		return nil
	}
	found := problem("BK-R137", backup.SeverityWarning, archiveSubject(ev), "its deletion was asked for")
	found.Proof = []backup.Proof{{Text: "phase " + orElse(ev.Object.NativePhase, string(ev.Object.Phase)), Source: "the object in the cluster", At: ev.Object.Deleted}}
	return one(found)
}

// savesNothing tells of a run that is done and was none that saves.
func savesNothing(o backup.Object) bool {
	return o.Data == backup.DataNone && o.Phase == backup.PhaseCompleted
}

// judgeSavesNothing needs no look at the storage.
func judgeSavesNothing(ev *backup.Evidence) []backup.Finding {
	if !savesNothing(ev.Object) {
		return nil
	}
	return one(problem("BK-R148", backup.SeverityCause, archiveSubject(ev), "it is no backup"+because(ev.Object.DataWhy)))
}

func judgeMovers(ev *backup.Evidence) []backup.Finding {
	if ev.Object.Data != backup.DataFailed {
		return nil
	}
	found := problem("BK-R138", backup.SeverityCause, archiveSubject(ev), "data failed to move"+because(ev.Object.DataWhy))
	for _, w := range ev.Object.Works {
		if w.Role == backup.WorkMove && w.Phase == backup.PhaseFailed && len(found.Proof) < proofLimit {
			found.Proof = append(found.Proof, workProof(w))
		}
	}
	return one(found)
}

// workProof is what an object of the cluster says about a copy.
func workProof(w backup.Work) backup.Proof {
	text := fmt.Sprintf("is %s", orElse(w.NativePhase, string(w.Phase)))
	if w.Volume != "" {
		text = "volume " + w.Volume + " " + text
	}
	return backup.Proof{Text: text + because(w.Message), Source: w.Ref.Human(), At: w.Started}
}

// unfinishedWork is what the cluster says is still on its way.
func unfinishedWork(o backup.Object) []backup.Proof {
	var proof []backup.Proof
	if o.Phase == backup.PhasePending || o.Phase == backup.PhaseRunning {
		proof = append(proof, backup.Proof{Text: "phase " + orElse(o.NativePhase, string(o.Phase)), Source: "the object in the cluster", At: o.PhaseSince})
	}
	if o.Data != backup.DataMoving {
		return proof
	}
	for _, w := range o.Works {
		if w.Role == backup.WorkMove && (w.Phase == backup.PhasePending || w.Phase == backup.PhaseRunning) {
			proof = append(proof, workProof(w))
		}
	}
	if len(proof) == 0 {
		proof = append(proof, backup.Proof{Text: "data is Moving" + because(o.DataWhy), Source: "the object in the cluster"})
	}
	return proof
}
