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
	all     bool
	output  string
	storage cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "describe [TYPE/]NAME… [--details [--all]]",
		Short: "Show all that is known of a backup, restore, schedule or location",
		Long: templates.LongDesc(`
			Show the summary, conditions, works, places in storage, retention,
			finalizers and events of an object, whatever its backup system.

			Storage is contacted only with --details: it then shows what lies in the
			object's places, from where it was looked at and as whom. Of a backup or
			restore of Velero it reads the files in the bucket, also while Velero's
			server is down: errors and warnings with the lines of the log that they are
			from, each volume and how it was copied or why it was not, hooks,
			operations of plugins, and the objects by kind.`),
		Example: templates.Examples(`
			# Describe a backup
			kubectl backup describe backup/demo -n tidb-test

			# Look into its place in storage too
			kubectl backup describe demo --details

			# The same with the name of every object
			kubectl backup describe demo --details --all

			# Describe a backup whose cluster is gone, and say how to restore it
			kubectl backup describe demo --details --bucket=s3://backups/prod --storage-credentials=env`),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.all && !f.details {
				return &cli.UsageError{Text: "--all needs --details"}
			}
			if f.storage.ViaServer && !f.details {
				return &cli.UsageError{Text: "--via-server needs --details: nothing else reads files of the storage"}
			}
			look, err := cli.NewLook(g, args, f.output, &f.storage)
			if err != nil {
				return err
			}
			return f.run(cmd.Context(), look)
		},
	}
	cmd.Flags().BoolVar(&f.details, "details", false, "Look into storage, and group and sum the objects there.")
	cmd.Flags().BoolVar(&f.all, "all", false, "With --details: show every object, volume, error and warning, not only the first ones.")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	f.storage.AddFlags(cmd.Flags())
	f.storage.AddBucket(cmd.Flags())
	f.storage.AddViaServer(cmd.Flags())
	return cmd
}

func (f *flags) run(ctx context.Context, look *cli.Look) error {
	contact := f.details && look.Contact
	all, err := look.Evidence(ctx, collect.Depth{Logs: f.details, Storage: contact, Contents: contact})
	if err != nil {
		return err
	}
	for i := range all {
		if f.details {
			f.detail(ctx, look, &all[i])
		}
	}
	return cli.PrintEach(look, "EvidenceList", all, func(ev backup.Evidence) error {
		return render.Describe(look.Out, ev, look.Style(look.Out), f.amount())
	})
}

// detail adds the object itself and what the storage holds of it.
func (f *flags) detail(ctx context.Context, look *cli.Look, ev *backup.Evidence) {
	look.Manifest(ev)
	look.Archive(ctx, ev, collect.ArchiveDepth{Items: true, Explain: true, Small: true})
}

// amount is how much is printed.
func (f *flags) amount() render.Detail {
	switch {
	case f.details && f.all:
		return render.Whole
	case f.details:
		return render.Detailed
	}
	return render.Brief
}
