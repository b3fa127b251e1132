// Package unstick is the `unstick` verb: it frees an object whose deletion
// hangs, and writes nothing that was not shown and gated.
package unstick

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

type flags struct {
	selector  string
	allStuck  bool
	all       bool
	via       string
	finalizer string
	timeout   time.Duration
	storage   cli.StorageFlags
	act.Flags
}

// ways are the words that --via takes.
var ways = []string{backup.WayWait, backup.WayRelease, backup.WayRetryClean, backup.WayStrip}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "unstick ([TYPE/]NAME… | [TYPE] -l SELECTOR | [TYPE] --all-stuck)",
		Short: "Free objects whose deletion hangs, after looking what that would cost",
		Long: templates.LongDesc(`
			Free an object whose deletion hangs on a finalizer. First everything is
			looked at, the place in storage too; then the plan is shown with each
			condition of its gate; then it is confirmed, by typing the object's name on a
			terminal or with --confirm=DIGEST elsewhere; then everything is looked at
			again, and only an unchanged plan is carried out.

			Without --via the way that costs least is taken: wait for the owner, let the
			owner release the object, on an empty place the owner's own clean-up or else
			removing the one finalizer. Where data is present nothing is chosen: name the
			way with --via.

			Several objects are each judged alone and shown in one table with one digest.
			Only those that may be freed are freed, one after the other; each is looked at
			again right before, and the first surprise stops it. On a terminal the number
			and kind of the objects is typed. Data is erased for one object at a time only.
			-l and --all-stuck select backups, or what TYPE says, where 'get' lists them.

			Exit status: 0 freed, 3 refused or not confirmed, 4 undecided because
			something could not be checked, 8 still pending, 130 interrupted.`),
		Example: templates.Examples(`
			# Show the plan and its gate; change nothing
			kubectl backup unstick backup/demo -n tidb-test --dry-run=server

			# Free it, looking at the right endpoint where the object names a wrong one
			kubectl backup unstick demo -n tidb-test --storage-endpoint=http://minio.s3.svc:9000

			# Show which of all backups that hang in deletion could be freed
			kubectl backup unstick --all-stuck -A --dry-run=client

			# Let the owner's clean-up run again after its cause was repaired
			kubectl backup unstick demo -n tidb-test --via=retry-clean`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			if o.many() {
				return o.runMany(cmd.Context())
			}
			return o.run(cmd.Context())
		},
	}
	add := cmd.Flags()
	add.StringVarP(&f.selector, "selector", "l", "", "Free what is being deleted and has these labels, as kubectl takes them.")
	add.BoolVar(&f.allStuck, "all-stuck", false, "Free whatever has been in deletion for longer than a minute, or hangs in its system's own phase Deleting.")
	add.BoolVarP(&f.all, "all-namespaces", "A", false, "With -l or --all-stuck: in all namespaces.")
	add.StringVar(&f.via, "via", "", "The way out: "+strings.Join(ways, ", ")+". Without it the one that costs least.")
	add.StringVar(&f.finalizer, "finalizer", "", "The finalizer to deal with, where several hold the object.")
	add.DurationVar(&f.timeout, "timeout", 2*time.Minute, "How long to wait until the object is gone.")
	add.StringVarP(&f.Output, "output", "o", "", "Output format: json, yaml or jsonpath=…; prints the plan, or the result of a confirmed one; of several a list.")
	f.AddFlags(add)
	f.AddConfirmFlags(add)
	f.storage.AddFlags(add)
	return cmd
}

func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	o := &options{flags: f}
	if err := f.validate(); err != nil {
		return nil, err
	}
	if err := o.read(args); err != nil {
		return nil, err
	}
	var err error
	if o.Act, err = act.Choose(g, &f.Flags, &f.storage, f.timeout, &o.Choice); err != nil {
		return nil, err
	}
	o.Request.Via, o.Request.Finalizer = f.via, f.finalizer
	return o, nil
}

// read takes names, or the TYPE of a selection.
func (o *options) read(args []string) error {
	return o.Read(args, o.flags.selects(), o.flags.all, "-l", "--all-stuck")
}

// selects tells whether the objects are selected and not named.
func (f *flags) selects() bool { return f.selector != "" || f.allStuck }

func (f *flags) validate() error {
	if f.via != "" && !slices.Contains(ways, f.via) {
		return &cli.UsageError{Text: fmt.Sprintf("--via=%s is not one of %s", f.via, strings.Join(ways, ", "))}
	}
	return f.Validate()
}
