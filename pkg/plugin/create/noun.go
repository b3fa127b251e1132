package create

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// noun is one kind of thing that can be made.
type noun struct {
	role                 backup.Role
	short, long, example string
	// What a noun does beside the others, if it does: with its flags, once the kind is
	// known, once the manifest is, and after the object was made.
	flags                  func(*pflag.FlagSet, *flags)
	located, drafted, made func(context.Context, *options) error
}

// flags are what was typed.
type flags struct {
	act.Flags
	system  string
	set     []string
	skip    []string
	wait    bool
	timeout time.Duration
	storage cli.StorageFlags
	values  map[string]*values // by the flag's name
}

// options are what the verb runs on.
type options struct {
	*act.Act
	flags     *flags
	noun      noun
	name      string
	scope     collect.Scope
	collector *collect.Collector

	kind *system.Kind
	ref  backup.Ref
	// object is the manifest that is sent.
	object map[string]any
	// before are the steps that come before it is made.
	before []backup.Step
}

// reserved are the nouns of the command line, which are no names.
var reserved = []string{"backup", "backups", "schedule", "schedules", "restore", "restores", "location", "locations"}

func newNoun(g *cli.Globals, n noun) *cobra.Command {
	f := &flags{values: map[string]*values{}}
	cmd := &cobra.Command{
		Use: string(n.role) + " NAME", Short: n.short, Long: n.long, Example: n.example,
		RunE: func(cmd *cobra.Command, args []string) error {
			o, err := f.options(g, n, args)
			if err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	add := cmd.Flags()
	add.StringVar(&f.system, "system", "", "The backup system, where the cluster has several.")
	add.StringArrayVar(&f.set, "set", nil, "Set any other field, as in spec.ttl=24h0m0s; the value is YAML.")
	if n.role == backup.RoleBackup || n.role == backup.RoleRestore {
		add.BoolVar(&f.wait, "wait", false, "Wait until it is done, its data included.")
		add.DurationVar(&f.timeout, "timeout", -1, "How long to wait with --wait. Negative waits for a week.")
	}
	add.StringSliceVar(&f.skip, "skip-preflight", nil, "Leave out these checks: "+preflightWords()+".")
	add.StringVarP(&f.Output, "output", "o", "", "Output format: name, json, yaml or jsonpath=…; prints the object.")
	f.AddFlags(add)
	f.storage.AddFlags(add)
	for _, field := range compose.Fields(n.role) {
		f.add(add, field)
	}
	if n.flags != nil {
		n.flags(add, f)
	}
	return cmd
}

func (f *flags) options(g *cli.Globals, n noun, args []string) (*options, error) {
	if err := f.Validate("name"); err != nil {
		return nil, err
	}
	if err := f.checkSkips(); err != nil {
		return nil, err
	}
	name, err := nameOf(args)
	if err != nil {
		return nil, err
	}
	scope, err := g.Scope()
	if err != nil {
		return nil, err
	}
	storage, err := f.storage.Options()
	if err != nil {
		return nil, err
	}
	collector, live, err := g.Collector(storage)
	if err != nil {
		return nil, err
	}
	o := &options{flags: f, noun: n, name: name, scope: scope, collector: collector}
	if o.Act, err = act.New(g, &f.Flags, live, f.timeout); err != nil {
		return nil, err
	}
	o.Judge, o.Hushed = o.judge, true
	return o, nil
}

// nameOf takes the one name. A noun in its place is a command that went wrong.
func nameOf(args []string) (string, error) {
	switch {
	case len(args) == 0:
		return "", &cli.UsageError{Text: "name what is to be made"}
	case slices.Contains(reserved, args[0]):
		return "", &cli.UsageError{Text: fmt.Sprintf("%q is a noun of the command line and no name", args[0])}
	case len(args) > 1:
		return "", &cli.UsageError{Text: fmt.Sprintf("one is made at a time; %q is one too many", args[1])}
	}
	return args[0], nil
}
