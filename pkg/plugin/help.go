package plugin

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// newHelp is `help [COMMAND]`. Cobra's own prints the help of the root for a
// command that does not exist, and calls that a success.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Print the help of a command",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd, args[len(args)-len(rest):])
			}
			cmd.InitDefaultHelpFlag()
			return cmd.Help()
		},
	}
}

// explainArguments turns what a command says of its arguments into an error of
// usage, so that the person is shown where to look.
func explainArguments(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(c *cobra.Command, args []string) error {
			err := check(c, args)
			switch {
			case err == nil:
				return nil
			case c.HasSubCommands():
				return unknownCommand(c, args)
			case strings.HasPrefix(err.Error(), "unknown command"):
				return &cli.UsageError{Text: fmt.Sprintf("%q: '%s' takes no arguments", args[0], c.CommandPath())}
			}
			return &cli.UsageError{Text: err.Error()}
		}
	}
	for _, sub := range cmd.Commands() {
		explainArguments(sub)
	}
}

// unknownCommand suggests the commands whose names are near.
func unknownCommand(parent *cobra.Command, args []string) error {
	text := fmt.Sprintf("unknown command %q for %q", strings.Join(args, " "), parent.CommandPath())
	parent.SuggestionsMinimumDistance = 2
	near := parent.SuggestionsFor(args[0])
	hint := fmt.Sprintf("see '%s --help' for its commands", parent.CommandPath())
	if len(near) > 0 {
		hint = fmt.Sprintf("did you mean '%s %s'?", parent.CommandPath(), near[0])
	}
	return &cli.HintedError{Err: &cli.UsageError{Text: text}, Hint: hint}
}
