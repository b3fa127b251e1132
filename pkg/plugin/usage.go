package plugin

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/kubectl/pkg/util/templates"
	"k8s.io/kubectl/pkg/util/term"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// usageTexts writes help and usage as kubectl does. kubectl's own writer runs
// text/template, which finds methods by their names at run time: a program with
// it in it holds every exported method of every type, which is 18 MB.
type usageTexts struct{ groups templates.CommandGroups }

// speakFor sets the texts of a command and of all below it.
func (u usageTexts) speakFor(root *cobra.Command) {
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := io.WriteString(term.NewResponsiveWriter(cmd.OutOrStderr()), "\n\n"+u.usage(cmd))
		return err
	})
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		long := cmd.Long
		if long == "" {
			long = cmd.Short
		}
		text := strings.TrimSpace(long) + "\n\n" + strings.TrimLeft(cmd.UsageString(), "\n")
		if _, err := io.WriteString(term.NewResponsiveWriter(cmd.OutOrStdout()), text); err != nil {
			cmd.PrintErrln(err)
		}
	})
}

// usage is everything behind the description of a command.
func (u usageTexts) usage(cmd *cobra.Command) string {
	var sections strings.Builder
	section := func(shown bool, title, body string) {
		if shown {
			sections.WriteString(title + body + "\n\n")
		}
	}
	flags := ownFlags(cmd)
	section(len(cmd.Aliases) > 0, "Aliases:\n", cmd.NameAndAliases())
	section(cmd.HasExample(), "Examples:\n", trimRight(cmd.Example))
	section(cmd.HasAvailableSubCommands(), "", u.commands(cmd))
	section(flags.HasFlags(), "Options:\n", trimRight(flagTexts(flags)))
	section(cmd.Runnable() && cmd.UseLine() != cli.Name, "Usage:\n  ", usageLine(cmd))
	if cmd.HasSubCommands() {
		fmt.Fprintf(&sections, "Use \"%s <command> --help\" for more information about a given command.\n", cmd.CommandPath())
	}
	if cmd.Runnable() {
		fmt.Fprintf(&sections, "Use \"%s options\" for a list of global command-line options (applies to all commands).\n", cli.Name)
	}
	return sections.String()
}

// commands lists those below a command: the root's by their groups.
func (u usageTexts) commands(cmd *cobra.Command) string {
	below := slices.DeleteFunc(slices.Clone(cmd.Commands()), func(sub *cobra.Command) bool { return !sub.IsAvailableCommand() || sub.Name() == "options" })
	groups := templates.CommandGroups{{Message: "Available Commands:", Commands: below}}
	if !cmd.HasParent() {
		groups = templates.AddAdditionalCommands(u.groups, "Other Commands:", below)
	}
	var blocks []string
	for _, group := range groups {
		lines := []string{group.Message}
		for _, sub := range group.Commands {
			lines = append(lines, fmt.Sprintf("  %-*s   %s", sub.NamePadding(), sub.Name(), sub.Short))
		}
		blocks = append(blocks, strings.Join(lines, "\n"))
	}
	return strings.Join(blocks, "\n\n")
}

// ownFlags are those of the command alone, without --help.
func ownFlags(cmd *cobra.Command) *pflag.FlagSet {
	own := pflag.NewFlagSet(cmd.Name(), pflag.ContinueOnError)
	cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		if flag.Name != "help" && cmd.PersistentFlags().Lookup(flag.Name) == nil {
			own.AddFlag(flag)
		}
	})
	return own
}

// flagTexts describes flags as kubectl does.
func flagTexts(flags *pflag.FlagSet) string {
	width, err := term.GetWordWrapperLimit()
	if err != nil {
		width = 0 // no terminal: nothing is wrapped
	}
	var text strings.Builder
	printer := templates.NewHelpFlagPrinter(&text, width)
	flags.VisitAll(func(flag *pflag.Flag) {
		if !flag.Hidden {
			printer.PrintHelpFlag(flag)
		}
	})
	return text.String()
}

func usageLine(cmd *cobra.Command) string {
	line := cmd.UseLine()
	if cmd.HasFlags() && !strings.Contains(line, "[options]") {
		line += " [options]"
	}
	return line
}

func trimRight(text string) string { return strings.TrimRightFunc(text, unicode.IsSpace) }
