// Package diagnose is the `diagnose` verb: why something hangs or failed, with
// evidence, and the ways out by what they cost.
package diagnose

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

type flags struct {
	short   bool
	output  string
	storage cli.StorageFlags
}

type options struct {
	*cli.Globals
	targets   []collect.Target
	scope     collect.Scope
	depth     collect.Depth
	short     bool
	output    cli.Output
	collector *collect.Collector
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "diagnose [TYPE/]NAME…",
		Short: "Explain why a backup hangs or failed, and what can be done",
		Long: templates.LongDesc(`
			Explain who waits for what, with the evidence, its source and its age, and
			the ways out, the one that endangers least first. Nothing is changed.

			The places in storage that the object names are looked at, with the
			credentials of the Secret that it names; --storage=never leaves them alone.

			Exit status: 0 nothing is wrong, 2 problems were found, 4 no problem was
			found but something could not be checked.`),
		Example: templates.Examples(`
			# Explain why the deletion of a backup hangs
			kubectl backup diagnose backup/demo -n tidb-test

			# Only the verdict, the problems and the next command
			kubectl backup diagnose demo --short

			# Look at the right endpoint when the object names a wrong one
			kubectl backup diagnose demo --storage-endpoint=http://minio.s3.svc:9000`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&f.short, "short", false, "Print only the verdict, the problems and the next command.")
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
	depth := collect.Full()
	depth.Storage = storage != nil
	return &options{Globals: g, targets: targets, scope: scope, depth: depth, short: f.short, output: output, collector: collector}, nil
}

func (o *options) run(ctx context.Context) error {
	all := make([]backup.Diagnosis, 0, len(o.targets))
	for _, target := range o.targets {
		hit, err := o.collector.Find(ctx, target, o.scope)
		if err != nil {
			return err
		}
		ev, err := o.collector.Evidence(ctx, hit, o.depth)
		if err != nil {
			return err
		}
		all = append(all, diagnose.Diagnose(ev, finalizer.WaysOut(ev)))
	}
	if err := o.print(all); err != nil {
		return err
	}
	return verdict(all)
}

func (o *options) print(all []backup.Diagnosis) error {
	if o.output.IsStructured() {
		if len(all) == 1 {
			return o.output.Print(o.Out, all[0])
		}
		return o.output.Print(o.Out, cli.NewList("DiagnosisList", all))
	}
	for i, d := range all {
		if i > 0 {
			if _, err := fmt.Fprintln(o.Out); err != nil {
				return err
			}
		}
		if err := render.Diagnosis(o.Out, d, o.Style(o.Out), o.short); err != nil {
			return err
		}
	}
	return nil
}

// verdict is the exit code: a problem outweighs what could not be checked.
func verdict(all []backup.Diagnosis) error {
	worst := cli.CodeOK
	for _, d := range all {
		switch d.Status {
		case backup.StatusProblem:
			return cli.Code(cli.CodeProblems)
		case backup.StatusUnknown:
			worst = cli.CodeUnknown
		}
	}
	if worst == cli.CodeOK {
		return nil
	}
	return cli.Code(worst)
}
