// Package delete is the `delete` verb: it deletes backups and what belongs to them
// by the way that their system has for it, after showing what is lost.
package delete

import (
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// patience is how long the end is waited for without --timeout.
const patience = 10 * time.Minute

type flags struct {
	selector string
	all      bool
	keepData bool
	wait     bool
	timeout  time.Duration
	storage  cli.StorageFlags
	act.Flags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "delete ([TYPE/]NAME… | [TYPE] -l SELECTOR)",
		Short: "Delete backups by the way of their system, after showing what is lost",
		Long: templates.LongDesc(`
			Delete a backup, restore, schedule or location as its backup system wants it:
			for a Velero backup a DeleteBackupRequest, which erases its files, its
			snapshots and its restores; for a TiDB backup its object, with what its
			cleanPolicy means said in words.

			First everything is looked at: what lies in its place is counted, and whether
			another backup that can be restored protects the same. Then the plan is shown
			and confirmed, by typing the object's name on a terminal or with
			--confirm=DIGEST elsewhere; then everything is looked at again, and only an
			unchanged plan is carried out.

			It waits until the object is gone. Where that hangs it says why, as 'diagnose'
			does. Several objects are shown in one table with one digest.

			Exit status: 0 gone, 3 refused or not confirmed, 4 undecided because something
			could not be checked, 8 still there, 130 interrupted.`),
		Example: templates.Examples(`
			# Show what deleting a backup would cost; change nothing
			kubectl backup delete backup/nightly --dry-run=server

			# Delete it; the objects in its place are counted, shown and accepted
			kubectl backup delete backup/nightly --accept-risk=erases-data

			# Delete a TiDB backup and keep what it stored
			kubectl backup delete demo -n tidb-test --keep-data

			# Delete all backups with a label
			kubectl backup delete -l team=shop --accept-risk=erases-data`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	add := cmd.Flags()
	add.StringVarP(&f.selector, "selector", "l", "", "Delete what has these labels, as kubectl takes them.")
	add.BoolVarP(&f.all, "all-namespaces", "A", false, "With -l: in all namespaces.")
	add.BoolVar(&f.keepData, "keep-data", false, "Keep what is stored, where the system can; elsewhere refuse.")
	add.BoolVar(&f.wait, "wait", true, "Wait until it is gone.")
	add.DurationVar(&f.timeout, "timeout", patience, "How long to wait until it is gone.")
	add.StringVarP(&f.Output, "output", "o", "", "Output format: json, yaml or jsonpath=…; prints the plan, or the result of a confirmed one; of several a list.")
	f.AddFlags(add)
	f.AddConfirmFlags(add)
	f.storage.AddFlags(add)
	return cmd
}

func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	o := &options{flags: f}
	if err := f.Validate(); err != nil {
		return nil, err
	}
	if err := o.Read(args, f.selector != "", f.all, "-l"); err != nil {
		return nil, err
	}
	var err error
	if o.Act, err = act.Choose(g, &f.Flags, &f.storage, f.timeout, &o.Choice); err != nil {
		return nil, err
	}
	o.Judge = finalizer.JudgeDeletion
	o.Request.KeepData, o.Request.NoWait = f.keepData, !f.wait
	return o, nil
}
