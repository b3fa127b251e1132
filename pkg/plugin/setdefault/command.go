// Package setdefault is the `set-default` verb: one location becomes the default,
// and no other stays it.
package setdefault

import (
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// waitTime is for an executor that waits for nothing here.
const waitTime = time.Minute

// options are what the verb runs on.
type options struct {
	*act.Act
	target    collect.Target
	scope     collect.Scope
	collector *collect.Collector
	hit       collect.Hit
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &act.Flags{}
	cmd := &cobra.Command{
		Use:   "set-default location/NAME",
		Short: "Make a location the default one",
		Long: templates.LongDesc(`
			Make a location the default: backups that name no other go there. The location
			that was it ceases to be it, in the same plan. Backups that are there, and
			schedules that name a location, stay as they are.

			Exit status: 0 it is the default, 3 refused.`),
		Example: templates.Examples(`
			# Let backups go to another bucket from now on
			kubectl backup set-default location/offsite

			# See what would change
			kubectl backup set-default location/offsite --dry-run=server`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := newOptions(g, f, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f.AddFlags(cmd.Flags())
	cmd.Flags().StringVarP(&f.Output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	return cmd
}

func newOptions(g *cli.Globals, f *act.Flags, args []string) (*options, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	targets, err := cli.Targets(args)
	switch {
	case err != nil:
		return nil, err
	case len(targets) != 1:
		return nil, &cli.UsageError{Text: "name one location; there is one default"}
	}
	o := &options{target: targets[0]}
	if o.scope, err = g.Scope(); err != nil {
		return nil, err
	}
	o.scope.Role = backup.RoleLocation
	collector, live, err := g.Collector(nil)
	if err != nil {
		return nil, err
	}
	o.collector = collector
	if o.Act, err = act.New(g, f, live, waitTime); err != nil {
		return nil, err
	}
	o.Judge = o.judge
	return o, nil
}
