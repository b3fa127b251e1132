// Package describe is the `describe` verb: all that is known of one object.
package describe

import (
	"context"
	"fmt"

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

type options struct {
	*cli.Globals
	targets   []collect.Target
	scope     collect.Scope
	depth     collect.Depth
	details   bool
	output    cli.Output
	collector *collect.Collector
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
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&f.details, "details", false, "Look into storage, and group and sum the objects there.")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	f.storage.AddFlags(cmd.Flags())
	return cmd
}

func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	targets, err := cli.Targets(args)
	if err != nil {
		return nil, err
	}
	output := cli.Output(f.output)
	if err := output.Validate(); err != nil {
		return nil, err
	}
	scope, err := g.Scope()
	if err != nil {
		return nil, err
	}
	storage, err := f.storage.Options()
	if err != nil {
		return nil, err
	}
	collector, _, err := g.Collector(storage)
	if err != nil {
		return nil, err
	}
	look := f.details && storage != nil
	return &options{
		Globals: g, targets: targets, scope: scope, details: f.details, output: output, collector: collector,
		depth: collect.Depth{Logs: f.details, Storage: look, Contents: look},
	}, nil
}

func (o *options) run(ctx context.Context) error {
	all := make([]backup.Evidence, 0, len(o.targets))
	for _, target := range o.targets {
		hit, err := o.collector.Find(ctx, target, o.scope)
		if err != nil {
			return err
		}
		ev, err := o.collector.Evidence(ctx, hit, o.depth)
		if err != nil {
			return err
		}
		all = append(all, ev)
	}
	return o.print(all)
}

func (o *options) print(all []backup.Evidence) error {
	if o.output.IsStructured() {
		if len(all) == 1 {
			return o.output.Print(o.Out, all[0])
		}
		return o.output.Print(o.Out, cli.NewList("EvidenceList", all))
	}
	for i, ev := range all {
		if i > 0 {
			if _, err := fmt.Fprintln(o.Out); err != nil {
				return err
			}
		}
		if err := render.Describe(o.Out, ev, o.Style(o.Out), o.details); err != nil {
			return err
		}
	}
	return nil
}
