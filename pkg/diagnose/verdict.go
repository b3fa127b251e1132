package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// blockers are the codes that say what a deletion hangs on, the most direct
// answer first: who is not there, what cannot be made, what failed and why.
func blockers() []string {
	return []string{
		"BK-O501", "BK-O502", "BK-O503", "BK-O508", "BK-O509", "BK-H103", "BK-P701", "BK-W210", "BK-W211", "BK-L806",
		"BK-S301", "BK-S302", "BK-S303", "BK-S304", "BK-S305", "BK-C401", "BK-C402", "BK-C407",
		"BK-C403", "BK-C404", "BK-C405", "BK-W206", "BK-W207", "BK-W208", "BK-W209",
		"BK-W203", "BK-W204", "BK-W205", "BK-C406", "BK-O506", "BK-W212", "BK-W201", "BK-S318", "BK-N601", "BK-O504",
	}
}

// verdict is the shortest true answer: what the object waits for and why, or
// what is wrong with it.
func verdict(ev *backup.Evidence, findings []backup.Finding, point backup.FailurePoint) string {
	if ev.Object.Deleting() {
		return deletionVerdict(ev, findings) + failureClause(ev, point)
	}
	for _, status := range []backup.Status{backup.StatusProblem, backup.StatusUnknown} {
		for _, f := range findings {
			if f.Status != status || f.Severity == backup.SeverityInfo {
				continue
			}
			if status == backup.StatusUnknown {
				return fmt.Sprintf("nothing wrong was found, but %s could not be answered: %s", counted(countOf(findings, status), "question"), f.Title)
			}
			if runFailed(ev) {
				return failedVerdict(ev, findings, point)
			}
			return f.Title
		}
	}
	if ev.Object.Plain() && ev.Object.Ref.Kind != "" {
		return "nothing is wrong: " + ev.Object.Ref.Human() + " is there, and nobody deletes it"
	}
	return fmt.Sprintf("nothing is wrong: the %s is %s", runName(ev), orElse(string(ev.Object.Phase), "there")) + worthKnowing(findings)
}

// worthKnowing is what a check of a profile found that is no trouble and may
// still be the answer, such as that an object came back.
func worthKnowing(findings []backup.Finding) string {
	for _, f := range findings {
		if f.Status == backup.StatusProblem && f.Severity == backup.SeverityInfo && strings.HasPrefix(f.Code, veleroPrefix) {
			return "; " + f.Title
		}
	}
	return ""
}

func countOf(findings []backup.Finding, status backup.Status) int64 {
	n := int64(0)
	for _, f := range findings {
		if f.Status == status {
			n++
		}
	}
	return n
}

func deletionVerdict(ev *backup.Evidence, findings []backup.Finding) string {
	if text := controlVerdict(ev, findings); text != "" {
		return text
	}
	if text := blockedVerdict(findings); text != "" && guarding(ev) == nil {
		return text
	}
	for _, f := range ev.Object.Finalizers {
		switch {
		case f.Builtin && guarding(ev) == nil:
			return fmt.Sprintf("its deletion waits for finalizer %s of Kubernetes itself: %s", f.Name, orElse(f.WaitsFor, "the control plane"))
		case f.Profile == "" && guarding(ev) == nil:
			return fmt.Sprintf("its deletion waits for finalizer %s, which no profile knows", f.Name)
		}
	}
	f := guarding(ev)
	if f == nil {
		return "its deletion is about to end: no finalizer holds it any more"
	}
	terminating := findCause(findings, "BK-N601")
	for _, code := range blockers() {
		found := findCause(findings, code)
		if found == nil {
			continue
		}
		text := waitsForWhom(found.Title)
		if terminating != nil && code != "BK-N601" {
			text += ", and its namespace is being deleted, so that no new Job can be made"
		}
		return text
	}
	if progressing(ev) {
		return "its deletion is under way: the clean-up Job runs"
	}
	if len(expected(ev)) == 0 && ev.At.Sub(*ev.Object.Deleted) < patience {
		return "its deletion was asked for a moment ago and waits for: " + orElse(f.WaitsFor, "its owner")
	}
	return fmt.Sprintf("its deletion waits for: %s; why that does not happen is not known", orElse(f.WaitsFor, "the owner of finalizer "+f.Name))
}

// findCause is the finding of a code that blocks, or nil.
func findCause(findings []backup.Finding, code string) *backup.Finding {
	i := slices.IndexFunc(findings, func(f backup.Finding) bool {
		return f.Code == code && f.Status == backup.StatusProblem && f.Severity == backup.SeverityCause
	})
	if i < 0 {
		return nil
	}
	return &findings[i]
}

// waitsForWhom turns "the clean-up Job cannot …" into "its deletion waits for
// the clean-up Job, which cannot …".
func waitsForWhom(title string) string {
	for _, actor := range []string{"the clean-up Job", "the stopping Job", "the backup Job"} {
		if does, ok := strings.CutPrefix(title, actor+" "); ok {
			return "its deletion waits for " + actor + ", which " + does
		}
	}
	return "its deletion hangs: " + title
}

// failedVerdict says how far a run came before it failed, and why it did: the
// fault of the storage where one was found, else its last words.
func failedVerdict(ev *backup.Evidence, findings []backup.Finding, point backup.FailurePoint) string {
	head := orElse(strings.TrimPrefix(failureClause(ev, point), "; "), "the "+runName(ev)+" failed")
	if ev.Object.Phase == backup.PhasePartiallyFailed {
		head = "the " + runName(ev) + " failed in part"
	}
	for _, f := range findings {
		if rank(f) == 0 && (strings.HasPrefix(f.Code, "BK-S3") || strings.HasPrefix(f.Code, "BK-C4") || strings.HasPrefix(f.Code, veleroPrefix)) {
			return head + ": " + f.Title
		}
	}
	if v := runVoice(ev); v != nil {
		return head + ": " + gist(v.text)
	}
	return head
}

// failureClause says how far the run came, where that is worth a word.
func failureClause(ev *backup.Evidence, point backup.FailurePoint) string {
	name := runName(ev)
	switch point {
	case backup.FailedNeverStarted:
		return "; the " + name + " never started, so it wrote nothing"
	case backup.FailedBeforeWrite:
		return "; the " + name + " failed before it wrote anything"
	case backup.FailedAfterWrite:
		return "; the " + name + " failed after it began to write"
	case backup.FailedUnknown:
		if runFailed(ev) {
			return "; the " + name + " failed, and whether it wrote anything is not known"
		}
	}
	return ""
}
