package cli

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// GapWords say what could not be read, and the rule that is missing or else why.
func GapWords(gap backup.Gap) string {
	if gap.Rule != "" {
		return gap.What + ": denied (missing right: " + gap.Rule + ")"
	}
	return gap.What + ": " + gap.Why
}
