package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// controlVerdict is the verdict where a namespace or a definition is the
// target, or where the control plane itself stands in the way of an object;
// else it is empty.
func controlVerdict(ev *backup.Evidence, findings []backup.Finding) string {
	switch {
	case dying(ev):
		for _, code := range []string{"BK-H102", "BK-H103", "BK-H104", "BK-H101", "BK-N603", "BK-N605", "BK-N606", "BK-N604", "BK-N607"} {
			if found := findCause(findings, code); found != nil {
				return "its deletion hangs: " + found.Title
			}
		}
		if len(ev.Object.Finalizers) > 0 {
			return ""
		}
		if f := firstUnknown(findings); f != nil {
			return "its deletion was asked for " + span(ev.At.Sub(*ev.Object.Deleted)) + " ago, and why it lasts is not known: " + f.Title
		}
		return "its deletion is under way: nothing was found that holds it"
	case leaving(ev):
		for _, code := range []string{"BK-H104", "BK-H102", "BK-H105"} {
			if found := findCause(findings, code); found != nil {
				return "its deletion hangs: " + found.Title
			}
		}
		return ""
	}
	for _, code := range []string{"BK-H104", "BK-H102", "BK-H103"} {
		if found := findCause(findings, code); found != nil && len(ev.Object.Finalizers) > 0 {
			return fmt.Sprintf("its deletion hangs: %s", found.Title)
		}
	}
	return ""
}

func firstUnknown(findings []backup.Finding) *backup.Finding {
	for i, f := range findings {
		if f.Status == backup.StatusUnknown {
			return &findings[i]
		}
	}
	return nil
}
