// Package plugin is the command tree of `kubectl backup`: each verb turns flags
// into options, runs them, and prints the result. It decides nothing itself.
package plugin

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/cli-runtime/pkg/printers"
	"k8s.io/client-go/rest"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cancel"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/check"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/completion"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/create"
	deleteverb "github.com/kubectl-backup/kubectl-backup/pkg/plugin/delete"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/describe"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/download"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/drill"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/explain"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/get"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/journal"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/pause"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/setdefault"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/systems"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/unstick"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/verify"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/version"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/wait"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// Main runs the command and returns its exit code. SIGINT and SIGTERM end it in
// an orderly way.
func Main(args []string, streams genericiooptions.IOStreams) int {
	if os.Getenv("GOGC") == "" {
		// A list leaves much garbage and lives for a second: less memory is worth some
		// collecting. Of 10,000 objects, 60 takes 1 MiB more and hardly less CPU; 30 takes
		// 2 MiB less and 20 % more. No memory limit: a list that holds more than it would
		// be collected all the time.
		debug.SetGCPercent(45)
	}
	render.KeepNoWidths()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return RunAs(ctx, args[0], args[1:], streams)
}

// Run runs the command with the arguments that follow its name.
func Run(ctx context.Context, args []string, streams genericiooptions.IOStreams) int {
	return RunAs(ctx, cli.Program, args, streams)
}

// RunAs runs the command under the name of the file that was started: it calls
// itself by that name, and as kubectl_complete-backup it completes for kubectl.
func RunAs(ctx context.Context, file string, args []string, streams genericiooptions.IOStreams) int {
	program, completes := programOf(file)
	if completes {
		args = append([]string{cobra.ShellCompRequestCmd}, args...)
	}
	if name := typed(program); name != cli.Name {
		streams.Out, streams.ErrOut = renamer{streams.Out, name}, renamer{streams.ErrOut, name}
	}
	if isCompletion(args) {
		streams.ErrOut = silence()
	}
	g := cli.NewGlobals(streams, "kubectl-backup/"+version.Version)
	g.Program = program
	cmd := NewCommand(g)
	cmd.SetArgs(args)
	cmd.SetIn(streams.In)
	cmd.SetOut(streams.Out)
	cmd.SetErr(streams.ErrOut)
	called, err := cmd.ExecuteContextC(ctx)
	if ctx.Err() != nil && err != nil {
		err = ctx.Err()
	}
	report(streams.ErrOut, g, called, err)
	return exitCode(err)
}

// NewCommand makes the command tree.
func NewCommand(g *cli.Globals) *cobra.Command {
	root := &cobra.Command{
		Use:   g.Program,
		Short: "One command for every backup system in the cluster",
		Long: templates.LongDesc(`
			Lists, describes and explains the backups of every backup system in the
			cluster, and frees those whose deletion hangs, after looking whether the
			backup's place in storage holds any data.`),
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: cli.Name},
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			rest.SetDefaultWarningHandler(rest.NewWarningWriter(g.ErrOut, rest.WarningWriterOptions{
				Deduplicate: true, Color: printers.AllowsColorOutput(g.ErrOut),
			}))
			return g.Validate()
		},
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.DisableDefaultCmd = true
	g.AddFlags(root.PersistentFlags())
	groups := templates.CommandGroups{
		{Message: "Look:", Commands: []*cobra.Command{get.NewCommand(g), describe.NewCommand(g), logs.NewCommand(g), download.NewCommand(g), wait.NewCommand(g)}},
		{Message: "Understand:", Commands: []*cobra.Command{verify.NewCommand(g), drill.NewCommand(g), check.NewCommand(g), diagnose.NewCommand(g), explain.NewCommand(g)}},
		{Message: "Make:", Commands: []*cobra.Command{create.NewCommand(g), create.NewTrigger(g), pause.NewPause(g), pause.NewResume(g), setdefault.NewCommand(g)}},
		{Message: "Act:", Commands: []*cobra.Command{cancel.NewCommand(g), deleteverb.NewCommand(g), unstick.NewCommand(g), journal.NewCommand(g)}},
	}
	groups.Add(root)
	usageTexts{groups}.speakFor(root)
	root.AddCommand(systems.NewCommand(g), completion.NewCommand(g), version.NewCommand(g), newOptions())
	root.SetHelpCommand(newHelp(root))
	explainArguments(root)
	completion.Attach(root, g)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &cli.HintedError{Err: err, Hint: "see '" + cmd.CommandPath() + " --help' for its flags"}
	})
	return root
}
