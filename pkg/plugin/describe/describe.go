// Package describe is the `describe` verb: all that is known of one object.
package describe

import (
	"context"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

type flags struct {
	details bool
	output  string
	storage cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "describe [TYPE/]NAME… [--details]",
		Short: "Show all that is known of a backup, restore, schedule or location",
		Long: templates.LongDesc(`
			Show the summary, conditions, works, places in storage, retention,
			finalizers and events of an object, whatever its backup system.

			Storage is contacted only with --details: it then shows what lies in the
			object's places, from where it was looked at and as whom.`),
		Example: templates.Examples(`
			# Describe a backup
			kubectl backup describe backup/demo -n tidb-test

			# Look into its place in storage too
			kubectl backup describe demo --details`),
		RunE: func(cmd *cobra.Command, args []string) error {
			look, err := cli.NewLook(g, args, f.output, &f.storage)
			if err != nil {
				return err
			}
			return f.run(cmd.Context(), look)
		},
	}
	cmd.Flags().BoolVar(&f.details, "details", false, "Look into storage, and group and sum the objects there.")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	f.storage.AddFlags(cmd.Flags())
	return cmd
}

func (f *flags) run(ctx context.Context, look *cli.Look) error {
	contact := f.details && look.Contact
	all, err := look.Evidence(ctx, collect.Depth{Logs: f.details, Storage: contact, Contents: contact})
	if err != nil {
		return err
	}
	return cli.PrintEach(look, "EvidenceList", all, func(ev backup.Evidence) error {
		return render.Describe(look.Out, ev, look.Style(look.Out), f.details)
	})
}
