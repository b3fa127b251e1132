package create

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// skipped are the checks that the person leaves out.
func (f *flags) skipped() []backup.PreflightCheck {
	var out []backup.PreflightCheck
	for _, word := range f.skip {
		out = append(out, backup.PreflightCheck(word))
	}
	return out
}

// checkSkips refuses a name that no check has.
func (f *flags) checkSkips() error {
	for _, word := range f.skip {
		if !slices.Contains(diagnose.PreflightChecks(), backup.PreflightCheck(word)) {
			return &cli.UsageError{Text: fmt.Sprintf("--skip-preflight=%s is not one of %s", word, preflightWords())}
		}
	}
	return nil
}

func preflightWords() string {
	var words []string
	for _, name := range diagnose.PreflightChecks() {
		words = append(words, string(name))
	}
	return strings.Join(words, ", ")
}
