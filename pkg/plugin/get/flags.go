// Package get is the `get` verb: one list over all backup systems.
package get

import (
	"strings"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// flags are what was typed.
type flags struct {
	all           bool
	selector      string
	fieldSelector string
	system        string
	stuck         bool
	phases        []string
	newest        bool
	since         time.Duration
	sortBy        string
	watch         bool
	output        string
	noHeaders     bool
	storage       cli.StorageFlags
}

// NewCommand makes the verb.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "get [backups|schedules|restores|locations|RESOURCE] [NAME…]",
		Short: "List backups, schedules, restores or locations of all systems",
		Long: templates.LongDesc(`
			List the backups, schedules, restores or locations of every backup system
			that the cluster serves, in one table with one set of words.

			Without -n and -A the current namespace and the systems' home namespaces are
			listed. A kind that you may not list is one warning line.

			With --bucket the backups of Velero that lie in a bucket are listed, without a
			cluster, and how to restore from them.`),
		Example: templates.Examples(`
			# List the backups of all systems in all namespaces
			kubectl backup get -A

			# List what hangs: in deletion, or in one phase for longer than usual
			kubectl backup get -A --stuck

			# List the schedules of one system
			kubectl backup get schedules -A --system=tidb-operator

			# List failed backups of the last day, the youngest last
			kubectl backup get -A --phase=Failed --since=24h --sort-by=age

			# List what a bucket holds after its cluster is lost
			kubectl backup get --bucket=s3://backups/prod --storage-region=eu-west-1 --storage-credentials=env`),
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	add := cmd.Flags()
	add.BoolVarP(&f.all, "all-namespaces", "A", false, "List in all namespaces.")
	add.StringVarP(&f.selector, "selector", "l", "", "Label selector, as kubectl takes it.")
	add.StringVar(&f.fieldSelector, "field-selector", "", "Field selector, as kubectl takes it.")
	add.StringVar(&f.system, "system", "", "Only this backup system; 'kubectl backup systems list' names them.")
	add.BoolVar(&f.stuck, "stuck", false, "Only what hangs: in deletion, or in one phase for longer than is usual for it.")
	add.StringSliceVar(&f.phases, "phase", nil, "Only these phases, such as Failed,Running.")
	add.BoolVar(&f.newest, "newest", false, "Only the newest of each schedule, and of each namespace for objects without a schedule.")
	add.DurationVar(&f.since, "since", 0, "Only what was created within this time, such as 24h.")
	add.StringVar(&f.sortBy, "sort-by", "name", "Sort by name, age, phase, size or system, or by a JSONPath over the result such as .finished.")
	add.BoolVarP(&f.watch, "watch", "w", false, "After the list, print each change as it comes.")
	add.StringVarP(&f.output, "output", "o", "", "Output format: wide, name, json, yaml, jsonpath=… or custom-columns=….")
	add.BoolVar(&f.noHeaders, "no-headers", false, "Print no column headers.")
	f.storage.AddBucket(add)
	f.storage.AddWay(add)
	return cmd
}

// options checks what was typed and joins it with what it runs on.
func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	output := cli.Output(f.output)
	if err := output.Validate("wide", "name", "custom-columns"); err != nil {
		return nil, err
	}
	if f.watch && output.IsStructured() {
		return nil, &cli.UsageError{Text: "--watch prints lines; leave -o away or use -o wide or -o name"}
	}
	if err := f.storage.OnlyWithBucket(); err != nil {
		return nil, err
	}
	if f.watch && f.storage.Bucket != "" {
		return nil, &cli.UsageError{Text: "--watch follows a cluster; a bucket tells nobody of changes"}
	}
	scope, err := g.Scope()
	if err != nil {
		return nil, err
	}
	phases, err := phaseWords(f.phases)
	if err != nil {
		return nil, err
	}
	less, err := sorter(f.sortBy)
	if err != nil {
		return nil, err
	}
	query := collect.Query{
		System: f.system, Namespace: scope.Namespace, All: f.all || f.storage.Bucket != "" && !scope.Explicit, Explicit: scope.Explicit,
		LabelSelector: f.selector, FieldSelector: f.fieldSelector,
	}
	if query.Type, query.Names, err = words(args); err != nil {
		return nil, err
	}
	collector, watcher, err := g.CollectorFor(&f.storage, nil)
	if err != nil {
		return nil, err
	}
	place, err := f.storage.BucketLocation()
	if err != nil {
		return nil, err
	}
	return &options{
		Globals: g, flags: f, place: place, output: output, query: query, mayBeName: len(args) > 0 && args[0] == query.Type,
		phases: phases, less: less, collector: collector, watcher: watcher,
	}, nil
}

// words reads [TYPE] [NAME…] or TYPE/NAME….
func words(args []string) (kind string, names []string, err error) {
	if len(args) == 0 {
		return "", nil, nil
	}
	if !strings.ContainsAny(args[0], "/,") {
		kind, args = args[0], args[1:]
	}
	if len(args) == 0 {
		return kind, nil, nil
	}
	targets, err := cli.Targets(args)
	if err != nil {
		return "", nil, err
	}
	for _, t := range targets {
		if t.Type != "" && kind != "" && t.Type != kind {
			return "", nil, &cli.UsageError{Text: "name objects of one type at a time"}
		}
		if t.Type != "" {
			kind = t.Type
		}
		names = append(names, t.Name)
	}
	return kind, names, nil
}
