// Package act is what the verbs share that change a cluster: the plan is shown,
// confirmed where it takes something away, tried by the server, carried out with
// a journal, and its end is printed.
package act

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// The words of --dry-run.
const (
	DryRunNone   = "none"
	DryRunClient = "client"
	DryRunServer = "server"
)

// Flags are those of every verb that changes a cluster.
type Flags struct {
	Accept     []string
	Confirm    string
	DryRun     string
	JournalDir string
	Output     string
}

// AddFlags adds the flags of a verb that takes nothing away.
func (f *Flags) AddFlags(add *pflag.FlagSet) {
	add.StringVar(&f.DryRun, "dry-run", DryRunNone, "none, client (show the plan) or server (let the server check each step as well). Nothing is changed.")
	add.StringVar(&f.JournalDir, "journal-dir", "", cli.JournalDirUsage)
}

// AddConfirmFlags adds those of a verb that may take something away.
func (f *Flags) AddConfirmFlags(add *pflag.FlagSet) {
	add.StringSliceVar(&f.Accept, "accept-risk", nil, "Accept these risks by their names: "+riskWords()+".")
	f.AddConfirm(add)
}

// AddConfirm adds the answer alone, for a verb whose plans have no risk to accept.
func (f *Flags) AddConfirm(add *pflag.FlagSet) {
	add.StringVar(&f.Confirm, "confirm", "", "Carry out the plan, or the plans, of this digest without asking.")
}

func riskWords() string {
	var words []string
	for _, r := range backup.Risks() {
		words = append(words, string(r))
	}
	return strings.Join(words, ", ")
}

// Validate refuses words that the flags do not know. The formats are those that
// the verb has beside the structured ones.
func (f *Flags) Validate(formats ...string) error {
	for _, word := range f.Accept {
		if !slices.Contains(backup.Risks(), backup.Risk(word)) {
			return &cli.UsageError{Text: fmt.Sprintf("--accept-risk=%s is not one of %s", word, riskWords())}
		}
	}
	if !slices.Contains([]string{DryRunNone, DryRunClient, DryRunServer}, f.DryRun) {
		return &cli.UsageError{Text: fmt.Sprintf("--dry-run=%s is not one of none, client, server", f.DryRun)}
	}
	if f.DryRun != DryRunNone && f.Confirm != "" {
		return &cli.UsageError{Text: "--dry-run changes nothing, so there is nothing to --confirm"}
	}
	return cli.Output(f.Output).Validate(formats...)
}

// Risks are those that the person accepts.
func (f *Flags) Risks() []backup.Risk {
	var risks []backup.Risk
	for _, word := range f.Accept {
		risks = append(risks, backup.Risk(word))
	}
	return risks
}
