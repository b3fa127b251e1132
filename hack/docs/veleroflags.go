package main

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

//go:embed velero-flags.yaml
var veleroFlags []byte

// veleroCommands are the flags of Velero's own commands that make something, with
// what is to be said of those that are not taken over as they are.
type veleroCommands struct {
	Commands []veleroCommand   `json:"commands"`
	Instead  map[string]string `json:"instead"`
	Differs  map[string]string `json:"differs"`
}

type veleroCommand struct {
	Velero string   `json:"velero"`
	Ours   string   `json:"ours"`
	Flags  []string `json:"flags"`
}

// veleroPage compares each flag of Velero's commands with ours. A flag that has
// neither a place nor a reason for having none is an error.
func veleroPage() (string, error) {
	var all veleroCommands
	if err := yaml.UnmarshalStrict(veleroFlags, &all); err != nil {
		return "", fmt.Errorf("velero-flags.yaml: %w", err)
	}
	var page strings.Builder
	page.WriteString("# Velero's flags\n\nWhere each flag of Velero's own commands (1.18) is here. Fields without a flag are set with `--set PATH=VALUE`.\n")
	root := plugin.NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), ""))
	for _, command := range all.Commands {
		ours, _, err := root.Find(strings.Fields(command.Ours))
		if err != nil {
			return "", err
		}
		if !strings.HasSuffix(ours.CommandPath(), command.Ours) {
			continue // there is no such command yet
		}
		fmt.Fprintf(&page, "\n## velero %s\n\n| velero %s | kubectl backup %s | field | |\n|---|---|---|---|\n", command.Velero, command.Velero, command.Ours)
		for _, flag := range command.Flags {
			row, err := all.row(command.Velero, ours, flag)
			if err != nil {
				return "", fmt.Errorf("velero %s: %w", command.Velero, err)
			}
			page.WriteString(row)
		}
	}
	return page.String(), nil
}

func (all veleroCommands) row(velero string, ours *cobra.Command, flag string) (string, error) {
	if instead := all.Instead[flag]; instead != "" {
		return fmt.Sprintf("| `--%s` | | | %s |\n", flag, instead), nil
	}
	if ours.Flags().Lookup(flag) == nil {
		return "", fmt.Errorf("--%s has no place here: give it one, or a reason in velero-flags.yaml", flag)
	}
	path := ""
	if field, known := compose.Find(flag, compose.Velero, backup.Role(ours.Name())); known {
		path = "`" + field.Path + "`"
	}
	differs := all.Differs[velero+" --"+flag]
	if differs == "" {
		differs = all.Differs[flag]
	}
	return fmt.Sprintf("| `--%s` | `--%s` | %s | %s |\n", flag, flag, path, differs), nil
}
