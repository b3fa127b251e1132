// Package explain is the `explain` verb: the page of a finding, offline.
package explain

import (
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// NewCommand makes the verb. It contacts nothing.
func NewCommand(g *cli.Globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "explain [CODE]",
		Short: "Print the page of a finding, such as BK-F101",
		Long: templates.LongDesc(`
			Print what a finding means, how it comes about and what helps. Without a
			code all findings are listed. Nothing is contacted.`),
		Example: templates.Examples(`
			# Explain a finding
			kubectl backup explain BK-F101

			# List all findings
			kubectl backup explain`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			format := cli.Output(output)
			if err := format.Validate(); err != nil {
				return err
			}
			if len(args) == 0 {
				return list(g, format)
			}
			return page(g, format, args[0])
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	return cmd
}

func list(g *cli.Globals, format cli.Output) error {
	if format.IsStructured() {
		return format.Print(g.Out, cli.NewList("FindingCodeList", diagnose.Codes()))
	}
	table := render.NewTable("CODE", "TOPIC", "FINDING")
	for _, code := range diagnose.Codes() {
		table.Add(code.Code, code.Topic, code.Title)
	}
	return table.Print(g.Out, g.Style(g.Out))
}

func page(g *cli.Globals, format cli.Output, name string) error {
	code, ok := diagnose.Lookup(name)
	if !ok {
		return &cli.HintedError{Err: fmt.Errorf("no finding has the code %q", name), Hint: "'kubectl backup explain' lists all codes"}
	}
	if format.IsStructured() {
		return format.Print(g.Out, code)
	}
	return render.Document{Title: code.Code + "  " + code.Title, Sections: []render.Section{
		{Title: "Meaning", Text: code.Explain}, {Title: "How it comes about", Text: code.Why},
		{Title: "What helps", Text: code.Fix}, {Title: "Danger", Text: code.Danger}, {Title: "Source", Text: code.Source},
	}}.Print(g.Out, g.Style(g.Out))
}
