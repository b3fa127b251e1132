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

// examined is how many objects a look without a target examines.
const examined = 50

type flags struct {
	all     bool
	limit   int
	short   bool
	output  string
	storage cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "diagnose [[TYPE/]NAME…]",
		Short: "Explain why a backup hangs or failed, and what can be done",
		Long: templates.LongDesc(`
			Explain who waits for what, with the evidence, its source and its age, and
			the ways out, the one that endangers least first. Nothing is changed.

			The places in storage that the object names are looked at, with the
			credentials of the Secret that it names; --storage=never leaves them alone.

			Without a target, everything that hangs in deletion, of any kind, and every
			backup, restore, schedule or location that failed is listed by its cause: in
			the current namespace and the systems' home namespaces, or in the cluster with
			-A. Then storage is contacted only with --storage=always.

			Exit status: 0 nothing is wrong, 2 problems were found, 4 no problem was
			found but something could not be checked.`),
		Example: templates.Examples(`
			# Explain why the deletion of a backup hangs
			kubectl backup diagnose backup/demo -n tidb-test

			# Explain whatever hangs or failed in the cluster, by cause
			kubectl backup diagnose -A

			# Only the verdict, the problems and the next command
			kubectl backup diagnose demo --short

			# Look at the right endpoint when the object names a wrong one
			kubectl backup diagnose demo --storage-endpoint=http://minio.s3.svc:9000`),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				scan, err := f.scan(g)
				if err != nil {
					return err
				}
				return scan.run(cmd.Context())
			}
			if f.all {
				return &cli.UsageError{Text: "-A looks at everything; leave it away to look at what is named"}
			}
			look, err := cli.NewLook(g, args, f.output, &f.storage)
			if err != nil {
				return err
			}
			return f.run(cmd.Context(), look)
		},
	}
	cmd.Flags().BoolVarP(&f.all, "all-namespaces", "A", false, "Without a target: look at the whole cluster.")
	cmd.Flags().IntVar(&f.limit, "limit", examined, "Without a target: how many objects are examined. The others are counted.")
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
	worst := backup.StatusOK
	for _, d := range all {
		if d.Status == backup.StatusProblem || d.Status == backup.StatusUnknown && worst == backup.StatusOK {
			worst = d.Status
		}
	}
	return codeOf(worst)
}
