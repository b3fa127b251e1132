package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// blockedVerdict says what a deletion waits for that is held by Kubernetes
// alone: the objects that block it, the node that does not answer, or the state
// of the object itself. It is empty where the checks of blockers found nothing.
func blockedVerdict(findings []backup.Finding) string {
	for _, code := range []string{"BK-K109", "BK-K101", "BK-K105", "BK-K104", "BK-K102", "BK-K103"} {
		if found := findCause(findings, code); found != nil {
			return "its deletion hangs: " + found.Title
		}
	}
	for _, f := range findings {
		switch f.Code {
		case "BK-K110":
			return "its deletion is under way: " + f.Title
		case "BK-K101", "BK-K102", "BK-K103", "BK-K105", "BK-K109":
			if f.Status == backup.StatusProblem {
				return "its deletion was asked for a moment ago: " + f.Title
			}
		}
	}
	return ""
}
