// Package logs is the `logs` verb: one stream of everything that speaks of a
// backup or restore, from the first Job to the last data mover.
package logs

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// flags are what was typed.
type flags struct {
	follow   bool
	previous bool
	raw      bool
	sources  []string
	since    time.Duration
	tail     int64
	level    string
	output   string
	storage  cli.StorageFlags
}

// levels are the words of --level, in order.
var levels = []string{"debug", "info", "warning", "error", "fatal"}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "logs [TYPE/]NAME [-f]",
		Short: "Show every log line about a backup or restore as one stream",
		Long: templates.LongDesc(`
			Show what the Jobs, the servers and the data movers of a backup or restore
			have logged about it, as one stream in the order of time. Of servers that
			work for many only the lines about this object are shown. Once it has ended,
			the log that its system keeps in the bucket is shown as well, as source
			"bucket"; no line comes twice.

			With -f the stream goes on across restarts and new pods, and ends by itself
			when the object is done, its data included.

			Exit status: 0 done, 2 the object failed (with -f), 4 something could not be
			read, 130 interrupted.`),
		Example: templates.Examples(`
			# Everything that was logged about a backup
			kubectl backup logs backup/demo -n tidb-test

			# Follow a backup until its data has arrived
			kubectl backup logs demo -f

			# The last quarter of an hour of what moves the data
			kubectl backup logs backup/nightly --source=node-agent,data-mover --since=15m

			# Only errors, of the operator alone
			kubectl backup logs demo --level=error --source=operator`),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	add := cmd.Flags()
	add.BoolVarP(&f.follow, "follow", "f", false, "Go on until the object is done, its data included.")
	add.BoolVarP(&f.previous, "previous", "p", false, "Of each container that restarted, the instance before the present one.")
	add.BoolVar(&f.raw, "raw", false, "Print each line as the program wrote it, control characters included, without time and source.")
	add.StringSliceVar(&f.sources, "source", nil, "Only these sources; without -f an unknown one lists what there is.")
	add.DurationVar(&f.since, "since", 0, "Only lines of this last time, such as 15m.")
	add.Int64Var(&f.tail, "tail", 0, "Only so many last lines about the object of each source; 0 is all.")
	add.StringVar(&f.level, "level", "", "Only lines at least as grave as: "+strings.Join(levels, ", ")+". Lines without a level count as info.")
	add.StringVarP(&f.output, "output", "o", "", "Output format: json, one object a line.")
	f.storage.AddFlags(add)
	f.storage.AddBucket(add)
	f.storage.AddViaServer(add)
	return cmd
}

// options checks what was typed and joins it with what it runs on.
func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	switch {
	case f.output != "" && f.output != "json":
		return nil, &cli.UsageError{Text: fmt.Sprintf("output format %q is not json", f.output)}
	case f.level != "" && !slices.Contains(levels, f.level):
		return nil, &cli.UsageError{Text: fmt.Sprintf("--level=%s is not one of %s", f.level, strings.Join(levels, ", "))}
	case f.previous && f.follow:
		return nil, &cli.UsageError{Text: "--previous shows instances that have ended; leave -f away"}
	case f.follow && f.storage.Bucket != "":
		return nil, &cli.UsageError{Text: "a bucket alone does not tell when a backup ends; leave -f away"}
	case f.tail < 0 || f.since < 0:
		return nil, &cli.UsageError{Text: "--tail and --since take no negative value"}
	}
	targets, err := cli.Targets(args)
	if err != nil {
		return nil, err
	}
	if len(targets) != 1 {
		return nil, &cli.UsageError{Text: "name one object at a time"}
	}
	scope, err := g.Scope()
	if err != nil {
		return nil, err
	}
	storage, err := f.storage.Options()
	if err != nil {
		return nil, err
	}
	o := &options{Globals: g, flags: f, target: targets[0], scope: scope}
	if f.storage.Bucket != "" {
		o.collector, _, err = g.CollectorFor(&f.storage, storage)
		return o, err
	}
	if o.collector, o.api, err = g.Collector(storage); err != nil {
		return nil, err
	}
	return o, g.SignWith(&f.storage, o.collector)
}
