package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// commandDir is the folder of the command pages below docs/.
const commandDir = "cmd"

// commandPages makes one page for each visible command. The flags that every
// command takes are on the page of `options` alone.
func commandPages() map[string]string {
	pages := map[string]string{}
	root := plugin.NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), ""))
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		if cmd.IsAvailableCommand() && cmd != root {
			pages[filepath.Join(commandDir, pageName(root, cmd))] = commandPage(cmd)
		}
		for _, child := range cmd.Commands() {
			walk(child)
		}
	}
	walk(root)
	return pages
}

// pageName is the path of the command below the root: "journal_show.md".
func pageName(root, cmd *cobra.Command) string {
	path := strings.TrimPrefix(cmd.CommandPath(), root.CommandPath())
	return strings.ReplaceAll(strings.TrimSpace(path), " ", "_") + ".md"
}

func commandPage(cmd *cobra.Command) string {
	var page strings.Builder
	fmt.Fprintf(&page, "# %s\n\n%s.\n", cmd.CommandPath(), strings.TrimSuffix(cmd.Short, "."))
	if long := strings.TrimSpace(cmd.Long); long != "" && long != cmd.Short {
		fmt.Fprintf(&page, "\n%s\n", trimLines(long, " "))
	}
	block(&page, "Usage", cmd.UseLine())
	block(&page, "Examples", trimLines(cmd.Example, "  "))
	flags := cmd.NonInheritedFlags()
	if cmd.Name() == "options" {
		flags = cmd.Root().PersistentFlags()
	}
	block(&page, "Flags", flagUsages(flags))
	return page.String()
}

func block(page *strings.Builder, title, text string) {
	if strings.TrimSpace(text) != "" {
		fmt.Fprintf(page, "\n## %s\n\n```\n%s\n```\n", title, strings.Trim(text, "\n"))
	}
}

// flagUsages lists the visible flags one to a line, defaults included unless
// they depend on the machine.
func flagUsages(flags *pflag.FlagSet) string {
	flags.VisitAll(func(flag *pflag.Flag) {
		if strings.HasPrefix(flag.DefValue, "/") {
			flag.DefValue = ""
		}
	})
	return flags.FlagUsages()
}

// trimLines takes the indent of help texts off each line.
func trimLines(text, indent string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.TrimPrefix(line, indent), " ")
	}
	return strings.Join(lines, "\n")
}
