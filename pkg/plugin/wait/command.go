// Package wait is the `wait` verb: until a backup or restore is done, its data
// included, or until it is gone.
package wait

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// flags are what was typed.
type flags struct {
	until   string
	timeout time.Duration
	storage cli.StorageFlags
}

// What can be waited for.
const (
	forComplete   = "complete"
	forData       = "data"
	forDeleted    = "deleted"
	forRestorable = "restorable"
	forEnd        = "end" // no word of --for: the verb that stops runs asks for it
)

var conditions = []string{forData, forComplete, forDeleted, forRestorable}

// week is how long a negative timeout waits, as with kubectl.
const week = 7 * 24 * time.Hour

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "wait [TYPE/]NAME…",
		Short: "Wait until a backup or restore is done, its data included",
		Long: templates.LongDesc(`
			Wait for objects and print a line for each that is as asked.

			--for=data, the default, waits until the phase is final and every data mover
			has finished: many systems say Completed before that. --for=complete waits for
			the phase alone, --for=deleted until the object is gone. --for=restorable waits as
			for data, then looks at what the bucket holds, as verify does.

			Exit status: 0 all are as asked, 2 one has failed or cannot be restored,
			4 whether the data arrived cannot be said, 8 the time is over.`),
		Example: templates.Examples(`
			# Wait until a backup is done, its data included
			kubectl backup wait backup/demo -n tidb-test

			# Wait until a restore could be made from it, for a script that goes on then
			kubectl backup wait nightly --for=restorable --timeout=2h

			# Look once
			kubectl backup wait demo --timeout=0

			# Wait until a deleted backup is gone
			kubectl backup wait demo --for=deleted --timeout=10m`),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&f.until, "for", forData, "What to wait for: "+strings.Join(conditions, ", ")+".")
	cmd.Flags().DurationVar(&f.timeout, "timeout", -1, "How long to wait. Zero looks once, negative waits for a week.")
	f.storage.AddFlags(cmd.Flags())
	return cmd
}

// options checks what was typed and joins it with what it runs on.
func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	if !slices.Contains(conditions, f.until) {
		return nil, &cli.UsageError{Text: fmt.Sprintf("--for=%s is not one of %s", f.until, strings.Join(conditions, ", "))}
	}
	targets, err := cli.Targets(args)
	if err != nil {
		return nil, err
	}
	scope, err := g.Scope()
	if err != nil {
		return nil, err
	}
	storage, err := f.places()
	if err != nil {
		return nil, err
	}
	collector, _, err := g.Collector(storage)
	if err != nil {
		return nil, err
	}
	timeout := f.timeout
	if timeout < 0 {
		timeout = week
	}
	return &options{Globals: g, until: f.until, timeout: timeout, targets: targets, scope: scope, collector: collector}, nil
}

// places are how storage is contacted; only what is to be restorable is looked for there.
func (f *flags) places() (*collect.StorageOptions, error) {
	options, err := f.storage.Options()
	switch {
	case err != nil:
		return nil, err
	case f.until != forRestorable:
		return nil, nil
	case options == nil:
		return nil, &cli.UsageError{Text: "what is restorable shows in storage; leave --storage=never away"}
	}
	return options, nil
}
