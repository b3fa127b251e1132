package create

import (
	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// NewTrigger makes the verb `trigger`: a backup of a schedule, now.
func NewTrigger(g *cli.Globals) *cobra.Command {
	n := noun{role: backup.RoleBackup, drafted: hasAnEnd}
	f := newFlags()
	cmd := &cobra.Command{
		Use:   "trigger [schedule/]NAME",
		Short: "Make a backup of a schedule now",
		Long: templates.LongDesc(`
			Make a backup from the template of a schedule now, with the name and the labels
			that the schedule would give it. The schedule itself is not changed: its next
			run comes at its time, and a paused schedule stays paused.

			Exit status: that of 'create'.`),
		Example: templates.Examples(`
			# Make a backup of the nightly schedule and wait until its data has arrived
			kubectl backup trigger schedule/nightly --wait`),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return &cli.UsageError{Text: "name one schedule: NAME or schedule/NAME"}
			}
			f.fromSchedule = args[0]
			o, err := f.options(g, n, nil)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f.addCommon(cmd.Flags(), n)
	return cmd
}
