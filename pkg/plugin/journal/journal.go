// Package journal is the `journal` verb: what was carried out, and on what it
// was decided.
package journal

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

type flags struct {
	dir    string
	output string
}

// NewCommand makes the verb with its two parts.
func NewCommand(g *cli.Globals) *cobra.Command {
	f := &flags{}
	cmd := &cobra.Command{
		Use:   "journal",
		Short: "List and show what was carried out on this machine",
		Long: templates.LongDesc(`
			List and show what unstick carried out: each plan, the evidence that it was
			decided on, the object as it was, and how each step ended. The journal is a
			folder on this machine; no cluster is contacted.`),
		Example: templates.Examples(`
			# List the entries, the latest first
			kubectl backup journal list

			# Show one of them
			kubectl backup journal show 20261121T090712.482Z-3f9a0c`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.PersistentFlags().StringVar(&f.dir, "journal-dir", "", cli.JournalDirUsage)
	cmd.PersistentFlags().StringVarP(&f.output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	cmd.AddCommand(&cobra.Command{
		Use: "list", Short: "List the entries, the latest first", Long: "List the entries of the journal, the latest first.",
		Example: "  # List what was carried out\n  kubectl backup journal list",
		Args:    cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return list(g, f) },
	}, &cobra.Command{
		Use: "show ID", Short: "Show one entry", Long: "Show one entry of the journal: its plan, how each step ended, and the manifest for re-creation.",
		Example: "  # Show an entry\n  kubectl backup journal show 20261121T090712.482Z-3f9a0c",
		Args:    cobra.ExactArgs(1), RunE: func(_ *cobra.Command, args []string) error { return show(g, f, args[0]) },
	})
	return cmd
}

func list(g *cli.Globals, f *flags) error {
	format := cli.Output(f.output)
	if err := format.Validate(); err != nil {
		return err
	}
	entries, err := g.Journal(f.dir).List()
	if err != nil {
		return err
	}
	if format.IsStructured() {
		return format.Print(g.Out, cli.NewList("JournalEntryList", entries))
	}
	if len(entries) == 0 {
		_, err := fmt.Fprintln(g.ErrOut, "The journal is empty.")
		return err
	}
	table := render.NewTable("ID", "STATE", "WAY", "NAMESPACE", "OBJECT")
	for _, e := range entries {
		table.Add(e.ID, e.State, e.Way, e.Target.Namespace, strings.TrimSuffix(e.Target.String(), "/")) // a plan for several objects names none
	}
	return table.Print(g.Out, g.Style(g.Out))
}

func show(g *cli.Globals, f *flags, id string) error {
	format := cli.Output(f.output)
	if err := format.Validate(); err != nil {
		return err
	}
	record, err := g.Journal(f.dir).Show(id)
	if errors.Is(err, finalizer.ErrNoEntry) {
		return &cli.HintedError{Err: err, Hint: "'kubectl backup journal list' names the entries"}
	}
	if err != nil {
		return err
	}
	if format.IsStructured() {
		return format.Print(g.Out, record)
	}
	return printRecord(g, record)
}

func printRecord(g *cli.Globals, record finalizer.Record) error {
	style := g.Style(g.Out)
	recreate, err := yaml.Marshal(record.Recreate)
	if err != nil {
		return err
	}
	steps := make([]string, 0, len(record.Outcomes))
	for _, o := range record.Outcomes {
		steps = append(steps, outcome(record.Plan, o, style))
	}
	return render.Document{
		Title: record.ID,
		Fields: []render.Field{
			{Name: "Object", Value: record.Target.Human()}, {Name: "UID", Value: record.Target.UID},
			{Name: "Context", Value: record.Plan.Cluster.Context}, {Name: "Server", Value: record.Plan.Cluster.Server},
			{Name: "Way", Value: record.Way}, {Name: "Finalizer", Value: record.Plan.Finalizer},
			{Name: "Digest", Value: record.Plan.Digest}, {Name: "Ended", Value: record.State},
		},
		Sections: []render.Section{
			{Title: "Steps", Items: steps},
			{Title: "Unreadable", Items: record.Unreadable},
			{Title: "To create it again", Text: record.Note + "\n\n" + string(recreate)},
		},
	}.Print(g.Out, style)
}

func outcome(plan backup.Plan, o backup.Outcome, style render.Style) string {
	text := style.Time(o.At) + "  " + o.State
	if o.Step >= 0 && o.Step < len(plan.Steps) {
		text += ": " + plan.Steps[o.Step].Does
	}
	if o.Text != "" {
		text += " (" + o.Text + ")"
	}
	return text
}
