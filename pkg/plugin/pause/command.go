// Package pause is the verbs `pause` and `resume`: schedules make no backups for a
// while, and then again.
package pause

import (
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// The two verbs, which are also the ways of their plans.
const (
	verbPause  = "pause"
	verbResume = "resume"
)

type flags struct {
	act.Flags
	verb      string
	all, wide bool
	selector  string
	skip      bool
	entry     string // of the journal
}

// NewPause makes the verb `pause`.
func NewPause(g *cli.Globals) *cobra.Command {
	return newCommand(g, verbPause, cobra.Command{
		Use:   "pause ([schedule/]NAME… | -l SELECTOR | --all)",
		Short: "Let schedules make no backups for a while",
		Long: templates.LongDesc(`
			Let schedules make no backups until they are resumed. Backups that run go on.

			--all pauses every schedule that 'get schedules' lists and that is at work. The
			journal keeps which ones they were, so that 'resume --journal ID' brings back
			those and no others.`),
		Example: templates.Examples(`
			# Pause one schedule
			kubectl backup pause schedule/nightly

			# Pause all of them before an upgrade, in all namespaces
			kubectl backup pause --all -A`),
	})
}

// NewResume makes the verb `resume`.
func NewResume(g *cli.Globals) *cobra.Command {
	return newCommand(g, verbResume, cobra.Command{
		Use:   "resume ([schedule/]NAME… | -l SELECTOR | --all | --journal ID)",
		Short: "Let paused schedules make backups again",
		Long: templates.LongDesc(`
			Let paused schedules make backups again. A run whose time came while the
			schedule was paused is made up for at once, which is told before;
			--skip-immediately leaves it out.`),
		Example: templates.Examples(`
			# Resume one schedule
			kubectl backup resume schedule/nightly

			# Resume those that 'pause --all' paused
			kubectl backup resume --journal 20261121T090712.482Z-3f9a0c`),
	})
}

func newCommand(g *cli.Globals, verb string, cmd cobra.Command) *cobra.Command {
	f := &flags{verb: verb}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		o, err := f.options(g, args)
		if err != nil {
			return err
		}
		return o.run(cmd.Context())
	}
	add := cmd.Flags()
	add.BoolVar(&f.all, "all", false, "All schedules that 'get schedules' lists.")
	add.BoolVarP(&f.wide, "all-namespaces", "A", false, "With --all or -l: in all namespaces.")
	add.StringVarP(&f.selector, "selector", "l", "", "Those with these labels, as kubectl takes them.")
	if verb == verbResume {
		add.BoolVar(&f.skip, "skip-immediately", false, "Leave out a backup that is due already.")
		add.StringVar(&f.entry, "journal", "", "Those that this entry of the journal paused.")
	}
	add.StringVarP(&f.Output, "output", "o", "", "Output format: json, yaml or jsonpath=…; prints the plan, or the result.")
	f.AddFlags(add)
	return &cmd
}

func (f *flags) options(g *cli.Globals, args []string) (*options, error) {
	if err := f.Validate(); err != nil {
		return nil, err
	}
	o := &options{flags: f}
	if err := o.readTargets(args); err != nil {
		return nil, err
	}
	var err error
	if o.scope, err = g.Scope(); err != nil {
		return nil, err
	}
	collector, live, err := g.Collector(nil)
	if err != nil {
		return nil, err
	}
	o.collector = collector
	if o.Act, err = act.New(g, &f.Flags, live, 0); err != nil {
		return nil, err
	}
	o.Judge, o.Hushed = o.judge, true
	return o, nil
}

// readTargets takes names, a selection or an entry of the journal; one of them.
func (o *options) readTargets(args []string) error {
	var ways []string
	if len(args) > 0 {
		ways = append(ways, "names")
	}
	for _, one := range []struct {
		flag  string
		typed bool
	}{{"--all", o.flags.all}, {"-l", o.flags.selector != ""}, {"--journal", o.flags.entry != ""}} {
		if one.typed {
			ways = append(ways, one.flag)
		}
	}
	switch {
	case len(ways) == 0:
		return &cli.UsageError{Text: "name the schedules: NAME, schedule/NAME, -l SELECTOR or --all"}
	case len(ways) > 1 && strings.Join(ways, " ") != "--all -l":
		return &cli.UsageError{Text: strings.Join(ways, " and ") + " do not go together"}
	case o.flags.wide && !o.flags.all && o.flags.selector == "":
		return &cli.UsageError{Text: "-A goes with --all or -l"}
	case len(args) == 0:
		return nil
	}
	targets, err := cli.Targets(args)
	for _, target := range targets {
		if role, isRole := collect.RoleOf(target.Type); isRole && role != "schedule" {
			return &cli.UsageError{Text: target.String() + " is no schedule"}
		}
	}
	o.targets = targets
	return err
}
