// Package drill is the `drill` verb: it restores a backup on trial, into namespaces
// of its own, looks whether all came back and runs, and takes everything away again.
package drill

import (
	"slices"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// How long is waited without a flag: for the restore with its data, and then for
// what it restored.
const (
	restorePatience = 2 * time.Hour
	readyPatience   = 10 * time.Minute
)

type flags struct {
	act.Flags
	namespaces     []string
	keep           bool
	timeout, ready time.Duration
	storage        cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "drill [backup/]NAME",
		Short: "Restore a backup on trial, and take it away again",
		Long: templates.LongDesc(`
			Restore a backup of Velero into new namespaces, wait for its data and until
			what was restored is ready, compare it with the backup, say how long it took,
			and take everything away again.

			Each namespace of the drill has a quota: what the backup holds and little more,
			no LoadBalancers and no node ports. Services of these types become ClusterIP,
			CronJobs are suspended; Ingresses, routes and the objects of backup systems are
			left out. What is restored runs, and reaches what the network lets it reach.
			Nothing that exists is changed, but that a drill which passed is noted at the
			backup: 'describe' shows it.

			Every object is looked for by its name, but for those that controllers make.
			Claims have to be bound to volumes as large as they were, and workloads have to
			become ready that were ready in the backup.

			Exit status: 0 passed, 2 failed, 3 refused, 4 nothing is proven: something
			could not be checked, or was not done in time; 130 interrupted. What cannot be
			taken away is said with the commands that do it.`),
		Example: templates.Examples(`
			# Does this backup bring back what is in it?
			kubectl backup drill backup/nightly

			# One namespace of it; show first what would be made
			kubectl backup drill nightly --namespaces shop --dry-run=server

			# Leave everything in place, to look at what did not start
			kubectl backup drill nightly --keep`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	add := cmd.Flags()
	add.StringSliceVar(&f.namespaces, "namespaces", nil, "The namespaces to restore, as the backup names them; without it all that it holds.")
	add.BoolVar(&f.keep, "keep", false, "Leave everything that the drill made in place.")
	add.DurationVar(&f.timeout, "timeout", restorePatience, "How long the restore may take, its data included.")
	add.DurationVar(&f.ready, "ready-timeout", readyPatience, "How long what was restored may take to become ready after that.")
	add.StringVarP(&f.Output, "output", "o", "", "Output format: json, yaml or jsonpath=…; prints the result, or the plan of a dry run.")
	f.AddFlags(add)
	f.storage.AddFlags(add)
	return cmd
}

func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	targets, err := cli.Targets(args)
	switch {
	case err != nil:
		return nil, err
	case len(targets) > 1:
		return nil, &cli.UsageError{Text: "one backup is drilled at a time"}
	case f.timeout <= 0 || f.ready < 0:
		return nil, &cli.UsageError{Text: "a drill has an end: --timeout and --ready-timeout are above zero"}
	case slices.Contains(f.namespaces, "*"):
		return nil, &cli.UsageError{Text: "without --namespaces all of them are restored"}
	}
	o := &options{flags: f, target: targets[0]}
	if o.scope, err = g.Scope(); err != nil {
		return nil, err
	}
	o.scope.Role = backup.RoleBackup
	storage, err := f.storage.Options()
	switch {
	case err != nil:
		return nil, err
	case storage == nil:
		return nil, &cli.UsageError{Text: "what a backup holds shows in storage; leave --storage=never away"}
	}
	if err := o.connect(g, storage); err != nil {
		return nil, err
	}
	return o, nil
}

func (o *options) connect(g *cli.Globals, storage *collect.StorageOptions) error {
	collector, live, err := g.Collector(storage)
	if err != nil {
		return err
	}
	o.collector = collector
	if o.Act, err = act.New(g, &o.flags.Flags, live, cleanPatience); err != nil {
		return err
	}
	o.Hushed = true
	return nil
}
