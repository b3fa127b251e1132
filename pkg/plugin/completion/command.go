package completion

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// shells are what a script can be printed for.
func shells() map[string]func(root *cobra.Command, out io.Writer) error {
	return map[string]func(*cobra.Command, io.Writer) error{
		"bash":       func(root *cobra.Command, out io.Writer) error { return root.GenBashCompletionV2(out, true) },
		"zsh":        func(root *cobra.Command, out io.Writer) error { return root.GenZshCompletion(out) },
		"fish":       func(root *cobra.Command, out io.Writer) error { return root.GenFishCompletion(out, true) },
		"powershell": func(root *cobra.Command, out io.Writer) error { return root.GenPowerShellCompletionWithDesc(out) },
		"kubectl":    shim,
	}
}

// NewCommand makes the verb. It contacts nothing.
func NewCommand(g *cli.Globals) *cobra.Command {
	var install bool
	names := slices.Sorted(maps.Keys(shells()))
	cmd := &cobra.Command{
		Use:   "completion " + strings.Join(names, "|"),
		Short: "Print what completes the commands of the plugin in a shell",
		Long: templates.LongDesc(`
			Print what makes <Tab> complete verbs, flags, and the names of objects.

			"completion kubectl" is for the plugin as it is typed behind kubectl, in
			every shell for which kubectl's own completion is set up: kubectl asks a
			program named kubectl_complete-backup on PATH. With --install that program is
			put beside the plugin; it is a link to the plugin itself. Package managers
			such as krew cannot do that.

			The other words print a script for a shell, for the plugin under its
			file name.`),
		Example: templates.Examples(`
			# Complete the plugin behind kubectl, in every shell that completes kubectl itself
			kubectl backup completion kubectl --install

			# Print the script that does the same
			kubectl backup completion kubectl

			# Complete the file name of the plugin in this bash
			source <(kubectl backup completion bash)`),
		ValidArgs: names,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || !slices.Contains(names, args[0]) {
				return &cli.UsageError{Text: "name one of " + strings.Join(names, ", ")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if !install {
				return shells()[args[0]](cmd.Root(), g.Out)
			}
			if args[0] != "kubectl" {
				return &cli.UsageError{Text: "--install is for kubectl; the scripts of shells go where each shell looks for them"}
			}
			return runInstall(g)
		},
	}
	cmd.Flags().BoolVar(&install, "install", false, "Put the program that kubectl asks beside the plugin, and say where.")
	return cmd
}

// shim is a program for kubectl where a link to the plugin cannot be made.
func shim(_ *cobra.Command, out io.Writer) error {
	_, err := fmt.Fprintf(out, "#!/bin/sh\nexec %s %s \"$@\"\n", cli.Name, cobra.ShellCompRequestCmd)
	return err
}

func runInstall(g *cli.Globals) error {
	place, err := findPlace(g.Program, g.Getenv)
	if err != nil {
		return err
	}
	done, err := place.install()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(g.Out, done)
	return err
}
