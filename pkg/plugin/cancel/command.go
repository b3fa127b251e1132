// Package cancel is the `cancel` verb: it stops a run as far as its system can.
package cancel

import (
	"context"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &act.Flags{}
	cmd := &cobra.Command{
		Use:   "cancel [TYPE/]NAME",
		Short: "Stop a backup or restore that runs, as far as its system can",
		Long: templates.LongDesc(`
			Stop a backup or restore that runs, or one piece of its work, and say what
			stays behind. What a system cannot stop is refused with the reason: of a
			Velero backup only the moving of data can be cancelled, not the collecting of
			objects; TiDB Operator stops a log backup, and any other by deleting it.

			It asks for the stop and does not wait for it: 'kubectl backup wait' does.

			Exit status: 0 asked to stop, 3 refused, 4 undecided because something could
			not be checked, 130 interrupted.`),
		Example: templates.Examples(`
			# Stop moving the data of a backup
			kubectl backup cancel backup/nightly

			# Show what would be told to stop; change nothing
			kubectl backup cancel backup/nightly --dry-run=server

			# Stop a log backup of TiDB for good
			kubectl backup cancel backup/log -n tidb-test`),
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), g, f, args) },
	}
	cmd.Flags().StringVarP(&f.Output, "output", "o", "", "Output format: json, yaml or jsonpath=…; prints the plan of a dry run, or the result.")
	f.AddFlags(cmd.Flags())
	return cmd
}

// run goes from the target over the plan to the result.
func run(ctx context.Context, g *cli.Globals, f *act.Flags, args []string) error {
	if err := f.Validate(); err != nil {
		return err
	}
	targets, err := cli.Targets(args)
	switch {
	case err != nil:
		return err
	case len(targets) > 1:
		return &cli.UsageError{Text: "one is stopped at a time"}
	}
	scope, err := g.Scope()
	if err != nil {
		return err
	}
	collector, live, err := g.Collector(nil)
	if err != nil {
		return err
	}
	a, err := act.New(g, f, live, 0)
	if err != nil {
		return err
	}
	a.Judge, a.Hushed = finalizer.JudgeCancel, true
	hit, err := collector.Find(ctx, targets[0], scope)
	if err != nil {
		return err
	}
	recollect := func(ctx context.Context) (backup.Evidence, error) {
		return collector.Evidence(ctx, hit, collect.Depth{Cancel: true})
	}
	ev, err := recollect(ctx)
	if err != nil {
		return err
	}
	return a.Carry(ctx, ev, recollect)
}
