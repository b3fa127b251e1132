package create

import (
	"context"
	"fmt"
	"slices"
	"strings"
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
	// system tells which one is meant where several could be; empty is not known.
	system func(context.Context, *options) (string, error)
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
	// What the manifest begins with; one of them at most.
	like, fromSchedule, file string
}

// options are what the verb runs on.
type options struct {
	*act.Act
	flags     *flags
	noun      noun
	name      string
	scope     collect.Scope
	collector *collect.Collector

	base base
	kind *system.Kind
	ref  backup.Ref
	// object is the manifest that is sent.
	object map[string]any
	// before are the steps that come before it is made.
	before []backup.Step
	// timetables are those of the schedule that is made.
	timetables []backup.Timetable
	// notes are what could not be found out about the manifest.
	notes []backup.GateResult

	// from is the backup that a restore is made from; look is what was looked at for it.
	from   collect.Hit
	look   *backup.RestoreLook
	looked time.Time
	tidb   tidbSources
}

// reserved are the nouns of the command line, which are no names.
var reserved = []string{"backup", "backups", "schedule", "schedules", "restore", "restores", "location", "locations"}

func newFlags() *flags { return &flags{values: map[string]*values{}} }

func newNoun(g *cli.Globals, n noun) *cobra.Command {
	f := newFlags()
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
	add.StringVar(&f.like, "like", "", "Begin with what another object was asked for, as in "+string(n.role)+"/OLD; flags and --set change it.")
	add.StringVarP(&f.file, "filename", "f", "", "Begin with the manifest in a file; '-' is stdin. Flags and --set change it.")
	if n.role == backup.RoleBackup {
		add.StringVar(&f.fromSchedule, "from-schedule", "", "Begin with what this schedule would make now; without NAME it gives the name too.")
	}
	f.addCommon(add, n)
	for _, field := range compose.Fields(n.role) {
		f.add(add, field)
	}
	if n.flags != nil {
		n.flags(add, f)
	}
	return cmd
}

// addCommon adds the flags that have nothing to do with what is in the manifest.
func (f *flags) addCommon(add *pflag.FlagSet, n noun) {
	if n.role == backup.RoleBackup || n.role == backup.RoleRestore {
		add.BoolVarP(&f.wait, "wait", "w", false, "Wait until it is done, its data included.")
		add.DurationVar(&f.timeout, "timeout", -1, "How long to wait with --wait. Negative waits for a week.")
	}
	if n.role == backup.RoleRestore {
		f.AddConfirm(add)
	}
	f.storage.AddFlags(add)
	add.StringSliceVar(&f.skip, "skip-preflight", nil, "Leave out these checks: "+preflightWords(n.role)+".")
	add.StringVarP(&f.Output, "output", "o", "", "Output format: name, json, yaml or jsonpath=…; prints the object.")
	f.AddFlags(add)
}

func (f *flags) options(g *cli.Globals, n noun, args []string) (*options, error) {
	if err := f.Validate("name"); err != nil {
		return nil, err
	}
	if err := f.checkSkips(n.role); err != nil {
		return nil, err
	}
	if err := f.checkSources(); err != nil {
		return nil, err
	}
	if n.role == backup.RoleRestore {
		args = f.nameRestore(args, g.Now())
	}
	name, err := f.nameOf(args)
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

// checkSources: a manifest begins with one thing.
func (f *flags) checkSources() error {
	var typed []string
	for _, one := range [][2]string{{"--like", f.like}, {"--from-schedule", f.fromSchedule}, {"-f", f.file}} {
		if one[1] != "" {
			typed = append(typed, one[0])
		}
	}
	if len(typed) > 1 {
		return &cli.UsageError{Text: strings.Join(typed, " and ") + " do not go together"}
	}
	return nil
}

// nameOf takes the one name, which a file or a schedule may give as well. A noun
// in its place is a command that went wrong.
func (f *flags) nameOf(args []string) (string, error) {
	switch {
	case len(args) == 0 && (f.file != "" || f.fromSchedule != ""):
		return "", nil
	case len(args) == 0:
		return "", &cli.UsageError{Text: "name what is to be made"}
	case slices.Contains(reserved, args[0]):
		return "", &cli.UsageError{Text: fmt.Sprintf("%q is a noun of the command line and no name", args[0])}
	case len(args) > 1:
		return "", &cli.UsageError{Text: fmt.Sprintf("one is made at a time; %q is one too many", args[1])}
	}
	return args[0], nil
}
