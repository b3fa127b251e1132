// Package diagnose is the `diagnose` verb: why something hangs or failed, with
// evidence, and the ways out by what they cost.
package diagnose

import (
	"context"

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
			look, err := cli.NewLook(g, args, f.output, &f.storage)
			if err != nil {
				return err
			}
			return f.run(cmd.Context(), look)
		},
	}
	cmd.Flags().BoolVar(&f.short, "short", false, "Print only the verdict, the problems and the next command.")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	f.storage.AddFlags(cmd.Flags())
	return cmd
}

func (f *flags) run(ctx context.Context, look *cli.Look) error {
	depth := collect.Full()
	depth.Storage = look.Contact
	evidence, err := look.Evidence(ctx, depth)
	if err != nil {
		return err
	}
	all := make([]backup.Diagnosis, 0, len(evidence))
	for _, ev := range evidence {
		all = append(all, diagnose.Diagnose(ev, finalizer.WaysOut(ev)))
	}
	err = cli.PrintEach(look, "DiagnosisList", all, func(d backup.Diagnosis) error {
		return render.Diagnosis(look.Out, d, look.Style(look.Out), f.short)
	})
	if err != nil {
		return err
	}
	return verdict(all)
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
