package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func editedEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-L803",
			Title:   "the storage section was changed after the run began",
			Explain: "A field of the storage section has an owner that wrote after the run began. The run may have used other values than those that are there now.",
			Why:     "Somebody corrected or redirected the storage while or after the backup ran.",
			Fix:     "Compare the present values with those of the run: its Job, its log, the recorded path.",
			Danger:  "What is seen at the present place may not be what the run wrote.",
			Source:  "metadata.managedFields of the storage section against the start of the run",
		}, judgeEdited},
		{Code{
			Code:    "BK-L805",
			Title:   "the run got another endpoint or region than the specification names",
			Explain: "The run's Job was given other values than the specification has today, so the data lies where the Job wrote it, and not where the specification points.",
			Why:     "The storage section was changed after the Job was made, or spec.env overrides it.",
			Fix:     "Use the values of the Job when you look for the data.",
			Danger:  "An empty place at the new endpoint proves nothing.",
			Source:  "environment of the run's container",
		}, judgeEnv("BK-L805", backup.WorkRun)},
		{Code{
			Code:    "BK-L806",
			Title:   "the clean-up Job still has the old endpoint or region",
			Explain: "The specification was corrected, but the clean-up Job was made before that. A Job keeps what it was made with, and its owner does not make another one while it exists.",
			Why:     "The specification was corrected without deleting the Job.",
			Fix:     "`kubectl backup unstick … --via=retry-clean` deletes the Job; its owner makes a new one with the corrected values.",
			Danger:  "The new Job erases what lies under the prefix at the corrected place.",
			Source:  "environment of the clean-up Job's container against the spec",
		}, judgeEnv("BK-L806", backup.WorkClean)},
	}
}

// samePath ignores a slash at the end.
func samePath(a, b string) bool { return strings.TrimRight(a, "/") == strings.TrimRight(b, "/") }

// listed is "endpoint and region".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func judgeEdited(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	start := runStart(ev)
	for _, loc := range ev.Object.Locations {
		switch {
		case loc.EditedAt == nil:
			continue
		case start == nil && ev.Object.Written.Answer == backup.Yes:
			all = append(all, unknown("BK-L803", ev.Object.Ref, "whether "+orElse(loc.From, "the storage section")+" was changed after the run began is not known: the start of the run is not recorded"))
			continue
		case start == nil || !loc.EditedAt.After(*start):
			continue
		}
		severity := backup.SeverityWarning
		if ev.Object.Written.Answer == backup.No {
			severity = backup.SeverityInfo // a run that wrote nothing left nothing at the old place
		}
		found := problem("BK-L803", severity, ev.Object.Ref, fmt.Sprintf("%s was changed after the run began", orElse(loc.From, "the storage section")))
		found.Explain = "The run may have used other values than those that are there now."
		found.Proof = []backup.Proof{
			{Text: "changed by " + orElse(loc.EditedBy, "an unknown manager"), Source: "metadata.managedFields", At: loc.EditedAt},
			{Text: "the run began", Source: "status and Job", At: start},
		}
		all = append(all, found)
	}
	return all
}

// judgeEnv raises the code where a work of the role was given other values
// than its place names now.
func judgeEnv(code string, role backup.WorkRole) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		var all []backup.Finding
		for _, w := range existing(ev, role) {
			for _, loc := range ev.Object.Locations {
				all = append(all, envFindings(ev, code, w, loc)...)
			}
		}
		return all
	}
}

func envFindings(ev *backup.Evidence, code string, w *backup.Work, loc backup.Location) []backup.Finding {
	var all []backup.Finding
	for _, field := range []string{"endpoint", "region"} {
		got, now := w.Env[loc.EnvNames[field]], map[string]string{"endpoint": loc.Endpoint, "region": loc.Region}[field]
		if got == "" || now == "" || samePath(got, now) {
			continue
		}
		found := problem(code, backup.SeverityWarning, w.Ref, fmt.Sprintf("%s has %s %s, but %s names %s", who(ev, w), field, got, orElse(loc.From, "the object"), now))
		if w.Role == backup.WorkClean && ev.Object.Deleting() {
			found.Severity = backup.SeverityCause
			found.Title = fmt.Sprintf("%s still has the old %s %s; the object now names %s", who(ev, w), field, got, now)
			found.Fixes = retry(ev, "Deletes the Job with the old "+field+", so that its owner makes one with the new.")
		}
		found.Proof = []backup.Proof{{Text: loc.EnvNames[field] + "=" + got, Source: "environment of " + w.Ref.Human()}}
		all = append(all, found)
	}
	return all
}
