// Package systems is the `systems` verb: which backup systems are known, and
// what their profiles say.
package systems

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// NewCommand makes the verb with its two parts.
func NewCommand(g *cli.Globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "systems",
		Short: "List the backup systems that are known, and show their profiles",
		Long: templates.LongDesc(`
			List the backup systems that have a profile, built in or read from a file, and
			show what a profile says. The cluster is not contacted.`),
		Example: templates.Examples(`
			# List the known systems
			kubectl backup systems list

			# Show one of them
			kubectl backup systems show tidb-operator`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newList(g), newShow(g))
	return cmd
}

func newList(g *cli.Globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the backup systems that are known",
		Long:    "List the backup systems that are known. The cluster is not contacted.",
		Example: "  # List the known systems\n  kubectl backup systems list",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			format := cli.Output(output)
			if err := format.Validate(); err != nil {
				return err
			}
			registry, err := g.Registry()
			if err != nil {
				return err
			}
			if format.IsStructured() {
				return format.Print(g.Out, cli.NewList("SystemList", registry.Systems()))
			}
			table := render.NewTable("NAME", "ROLES", "SOURCE", "STATUS")
			for _, s := range registry.Systems() {
				table.Add(s.Name, roles(s), s.Source, s.Status)
			}
			return table.Print(g.Out, g.Style(g.Out))
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	return cmd
}

func roles(s system.System) string {
	words := make([]string, 0, len(s.Roles))
	for _, r := range s.Roles {
		words = append(words, string(r))
	}
	if len(words) == 0 {
		return "-"
	}
	return strings.Join(words, ",")
}

func newShow(g *cli.Globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:     "show NAME",
		Short:   "Show what the profile of a backup system says",
		Long:    "Show what the profile of a backup system says. The cluster is not contacted.",
		Example: "  # Show what is known of TiDB Operator\n  kubectl backup systems show tidb-operator",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			format := cli.Output(output)
			if err := format.Validate(); err != nil {
				return err
			}
			registry, err := g.Registry()
			if err != nil {
				return err
			}
			for _, s := range registry.Systems() {
				if s.Name != args[0] {
					continue
				}
				if format.IsStructured() {
					return format.Print(g.Out, s)
				}
				return document(s).Print(g.Out, g.Style(g.Out))
			}
			return &cli.HintedError{Err: fmt.Errorf("no backup system is named %q", args[0]), Hint: "'kubectl backup systems list' names them"}
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	return cmd
}

func document(s system.System) render.Document {
	kinds := render.NewTable("ROLE", "RESOURCE", "VERSIONS")
	for _, k := range s.Kinds {
		kinds.Add(string(k.Role), k.Resource+"."+k.Group, strings.Join(k.Versions, ","))
	}
	sections := []render.Section{{Title: "About", Text: s.Description}, {Title: "Finalizers", Items: s.Finalizers}}
	if len(s.Kinds) > 0 {
		sections = append([]render.Section{{Title: "Kinds", Table: kinds}}, sections...)
	}
	return render.Document{
		Title:  s.Name,
		Fields: []render.Field{{Name: "Source", Value: s.Source}, {Name: "Status", Value: s.Status}}, Sections: sections,
	}
}
