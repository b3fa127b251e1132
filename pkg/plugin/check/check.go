// Package check is the `check` verb: whether a location can be used, as this
// machine and as the server of the backup system see it.
package check

import (
	"context"
	"slices"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// snapshotLocations name a cloud and no bucket; Velero never validates them
// (velero@v1.18.3 has no controller for them), so that there is nothing to check.
const snapshotLocations = "volumesnapshotlocations"

type flags struct {
	all     bool
	output  string
	storage cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "check [location/NAME…]",
		Short: "Check whether a location can be used, from here and by the server",
		Long: templates.LongDesc(`
			Check a location: what this machine sees of it and what the server of the
			backup system says, apart. It looks at the way to the storage, its certificate
			and region, the Secret with the credentials (no value is shown), what lies at
			the top of the location, the server's own verdict and its age, read-only
			access, and other locations that call themselves the default. Nothing is
			changed.

			Without a name all locations are checked, in the current namespace and the
			systems' home namespaces, or in the cluster with -A.

			Exit status: 0 it can be used, 2 problems were found, 4 no problem was found
			but something could not be checked.`),
		Example: templates.Examples(`
			# Check a location
			kubectl backup check location/default -n velero

			# Check all locations of the cluster
			kubectl backup check -A

			# Reach a storage that only the cluster reaches, through a proxy
			kubectl backup check location/default --storage-proxy=socks5://127.0.0.1:1080`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().BoolVarP(&f.all, "all-namespaces", "A", false, "Without a name: check the locations of all namespaces.")
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	f.storage.AddFlags(cmd.Flags())
	return cmd
}

// options are what the verb runs on.
type options struct {
	*cli.Globals
	all       bool
	output    cli.Output
	targets   []collect.Target
	scope     collect.Scope
	collector *collect.Collector
}

func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	o := &options{Globals: g, all: f.all, output: cli.Output(f.output)}
	if err := o.output.Validate(); err != nil {
		return nil, err
	}
	storage, err := f.storage.Options()
	if err != nil {
		return nil, err
	}
	if len(args) > 0 {
		if o.targets, err = cli.Targets(args); err != nil {
			return nil, err
		}
	}
	if f.all && len(args) > 0 {
		return nil, &cli.UsageError{Text: "-A checks every location; leave it away to check what is named"}
	}
	if o.scope, err = g.Scope(); err != nil {
		return nil, err
	}
	o.scope.Role = backup.RoleLocation
	o.collector, _, err = g.Collector(storage)
	return o, err
}

func (o *options) run(ctx context.Context) error {
	hits, gaps, err := o.hits(ctx)
	if err != nil {
		return err
	}
	checks := make([]backup.LocationCheck, 0, len(hits))
	for _, hit := range hits {
		ev, err := o.collector.Evidence(ctx, hit, collect.Depth{})
		if err != nil {
			return err
		}
		if ev.Object.Role != backup.RoleLocation {
			return &cli.UsageError{Text: hit.Ref().String() + " is no location; 'kubectl backup diagnose' and 'verify' look at the others"}
		}
		o.collector.Location(ctx, &ev)
		checks = append(checks, diagnose.CheckLocation(ev))
	}
	if len(o.targets) == 0 {
		if err := o.warn(len(checks), gaps); err != nil {
			return err
		}
	}
	if err := o.print(checks); err != nil {
		return err
	}
	return verdict(checks, gaps)
}

// hits are the locations that are named, else all of them.
func (o *options) hits(ctx context.Context) (hits []collect.Hit, gaps []backup.Gap, err error) {
	for _, target := range o.targets {
		hit, err := o.collector.FindLocation(ctx, target, o.scope)
		if err != nil {
			return nil, nil, err
		}
		hits = append(hits, hit)
	}
	if len(o.targets) > 0 {
		return hits, nil, nil
	}
	query := collect.Query{Type: string(backup.RoleLocation), Namespace: o.scope.Namespace, All: o.all, Explicit: o.scope.Explicit}
	var refs []backup.Ref
	gaps, err = o.collector.List(ctx, query, func(row backup.Object) {
		if row.Ref.Resource != snapshotLocations {
			refs = append(refs, row.Ref)
		}
	})
	if err != nil {
		return nil, nil, err
	}
	slices.SortFunc(refs, compareRefs)
	for _, ref := range refs {
		target := collect.Target{Type: ref.GroupResource(), Name: ref.Name}
		hit, err := o.collector.Find(ctx, target, collect.Scope{Namespace: ref.Namespace, Explicit: true, Role: backup.RoleLocation})
		if err != nil {
			return nil, nil, err
		}
		hits = append(hits, hit)
	}
	return hits, gaps, nil
}
