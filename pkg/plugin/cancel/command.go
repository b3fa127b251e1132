// Package cancel is the `cancel` verb: it stops a run as far as its system can.
package cancel

import (
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

type flags struct {
	wait    bool
	timeout time.Duration
	act.Flags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "cancel [TYPE/]NAME…",
		Short: "Stop a backup or restore that runs, as far as its system can",
		Long: templates.LongDesc(`
			Stop a backup or restore that runs, or one piece of its work, and say what
			stays behind. What a system cannot stop is refused with the reason: of a
			Velero backup only the moving of data can be cancelled, not the collecting of
			objects; TiDB Operator stops a log backup, and any other by deleting it.

			It asks for the stop; with --wait it also waits until each has ended, in
			whatever way. Of several each is judged alone, and what is refused keeps from
			stopping no other.

			Exit status: 0 asked to stop (with --wait: ended), 3 refused, 4 undecided
			because something could not be checked, 8 it has not ended in time, 130
			interrupted.`),
		Example: templates.Examples(`
			# Stop moving the data of a backup
			kubectl backup cancel backup/nightly

			# Stop several and wait until they have ended
			kubectl backup cancel backup/nightly backup/weekly --wait --timeout=5m

			# Show what would be told to stop; change nothing
			kubectl backup cancel backup/nightly --dry-run=server

			# Stop a log backup of TiDB for good
			kubectl backup cancel backup/log -n tidb-test`),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd.Context(), g, args) },
	}
	cmd.Flags().StringVarP(&f.Output, "output", "o", "", "Output format: json, yaml or jsonpath=…; prints the plan of a dry run, or the result.")
	cmd.Flags().BoolVarP(&f.wait, "wait", "w", false, "Wait until it has ended.")
	cmd.Flags().DurationVar(&f.timeout, "timeout", -1, "How long to wait with --wait. Negative waits for a week.")
	f.AddFlags(cmd.Flags())
	return cmd
}
