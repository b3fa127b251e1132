package diagnose

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func cleanEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-W201",
			Title:   "the clean-up has failed",
			Explain: "Before the object may disappear its owner runs a clean-up that erases the backup's data. It failed, so the finalizer stays. A Job tries again with a new pod until its backoffLimit is used up; after that nothing runs any more until the Job itself is deleted.",
			Why:     "The storage does not answer, the credentials are wrong or gone, or the Job's pods cannot do their work. The last error is quoted.",
			Fix:     "Repair the cause, then let the clean-up run again: `kubectl backup unstick … --via=retry-clean` deletes the Job, and its owner makes a new one. Deleting the Job without a repair only brings the same failure back.",
			Danger:  "A clean-up that succeeds erases every object under the prefix, whoever wrote it.",
			Source:  "Job status, pod logs, condition CleanFailed (before 1.3: Failed with reason CleanBackupDataFailed); pingcap/tidb-operator@v1.6.1 pkg/controller/backup/backup_cleaner.go",
		}, judgeCleanFailed},
		{Code{
			Code:    "BK-W202",
			Title:   "the clean-up runs",
			Explain: "The clean-up Job has a running container and has not failed. While it takes no longer than usual, waiting is the right thing to do. A clean-up that runs much longer than usual is shown as a warning.",
			Why:     "Erasing many objects takes time; an endpoint that accepts connections and never answers looks the same from outside.",
			Fix:     "Follow its log. If it only waits for the network, look at the storage findings.",
			Danger:  "none",
			Source:  "Job and pod status; the usual time is the profile's",
		}, judgeCleanRuns},
	}
}

func judgeCleanFailed(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	voice := cleanVoice(ev)
	for _, w := range worksOf(ev, backup.WorkClean) {
		switch {
		case !w.Lookup.Known():
			all = append(all, unknown("BK-W201", w.Ref, unread(who(ev, w), w.Lookup, w.Error)))
		case w.Lookup == backup.Found && (w.Failed > 0 || w.Phase == backup.PhaseFailed):
			found := cleanFailed(ev, w.Ref, who(ev, w)+" "+attempts(w), voice)
			found.Proof = append([]backup.Proof{jobProof(w)}, found.Proof...)
			all = append(all, found)
		case w.Lookup == backup.Found && w.Succeeded > 0:
			all = append(all, fine("BK-W201", w.Ref, who(ev, w)+" succeeded"))
		case w.Lookup == backup.Absent && voice != nil:
			all = append(all, cleanFailed(ev, w.Ref, "the clean-up failed, and its Job is gone", voice))
		}
	}
	if len(worksOf(ev, backup.WorkClean)) == 0 && voice != nil {
		all = append(all, cleanFailed(ev, ev.Object.Ref, "the clean-up failed", voice))
	}
	return all
}

// attempts says how often a Job failed and whether it goes on.
func attempts(w *backup.Work) string {
	times := "has failed " + counted(w.Failed, "time")
	switch {
	case w.FailedFor != "":
		return fmt.Sprintf("has given up after %s (%s)", counted(w.Failed, "failed pod"), w.FailedFor)
	case w.Active > 0 && w.Limit > 0:
		return fmt.Sprintf("%s and tries again (%d of at most %d pods)", times, w.Failed+1, w.Limit+1)
	case w.Active > 0:
		return times + " and tries again"
	case w.Failed == 0:
		return "has failed"
	}
	return times
}

// jobProof is what the Job itself counts, and when its last pod ended.
func jobProof(w *backup.Work) backup.Proof {
	proof := backup.Proof{Text: fmt.Sprintf("%d failed, %d active", w.Failed, w.Active), Source: "status of " + w.Ref.Human()}
	for _, p := range byAge(w) {
		if p.Ended != nil && (proof.At == nil || p.Ended.After(*proof.At)) {
			proof.At = p.Ended
		}
	}
	return proof
}

func cleanFailed(ev *backup.Evidence, subject backup.Ref, title string, v *voice) backup.Finding {
	found := problem("BK-W201", backup.SeverityCause, subject, title)
	found.Explain = "The finalizer stays until a clean-up succeeds."
	if v != nil && v.fault != nil {
		return found // the finding of the fault says the rest
	}
	if v != nil {
		found.Title += ": " + gist(v.text)
		found.Proof = v.proof
	}
	found.Fixes = retry(ev, "Once its cause is repaired, lets the clean-up run again.")
	return found
}

// retry is the fix that lets the clean-up run again, where the profile has that way.
func retry(ev *backup.Evidence, does string, before ...string) []backup.Fix {
	f := guarding(ev)
	if !ev.Object.Deleting() || f == nil || f.Way(backup.WayRetryClean) == nil || ev.Namespace.Terminating() == backup.Yes {
		return nil
	}
	return []backup.Fix{{
		Does: does, Effect: backup.EffectErases,
		Commands: append(before, unstick(ev.Object.Ref, backup.WayRetryClean)),
		Danger:   erasure(ev),
	}}
}

// erasure says what a clean-up that succeeds erases.
func erasure(ev *backup.Evidence) string {
	return "A clean-up that succeeds erases every object under " + placeName(place(ev)) + ", whoever wrote it."
}

func judgeCleanRuns(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	for _, w := range existing(ev, backup.WorkClean) {
		if w.Active == 0 || w.Failed > 0 || !atWork(w) {
			continue
		}
		title := fmt.Sprintf("%s has been running for %s", who(ev, w), span(ev.At.Sub(w.Created)))
		if w.Usual > 0 {
			title += fmt.Sprintf(" (usually at most %s)", span(time.Duration(w.Usual)))
		}
		created := w.Created
		proof := backup.Proof{Text: "created, one container runs, no pod failed", Source: w.Ref.Human(), At: &created}
		if !overdue(ev, w) {
			all = append(all, fine("BK-W202", w.Ref, title, proof))
			continue
		}
		found := problem("BK-W202", backup.SeverityWarning, w.Ref, title)
		found.Proof = []backup.Proof{proof}
		found.Fixes = []backup.Fix{{
			Does:     "Shows what it is doing.",
			Commands: []string{command(append(inNamespace(w.Ref.Namespace, "kubectl", "logs", "job/"+w.Ref.Name), "--tail=20")...)},
		}}
		all = append(all, found)
	}
	return all
}
