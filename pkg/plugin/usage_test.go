package plugin

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// helpOf is the help of a command and of all below it, by their names.
func helpOf(t *testing.T, cmd *cobra.Command) map[string]string {
	t.Helper()
	texts := map[string]string{}
	var out strings.Builder
	cmd.SetOut(&out)
	if err := cmd.Help(); err != nil {
		t.Fatal(err)
	}
	texts[cmd.CommandPath()] = out.String()
	for _, sub := range cmd.Commands() {
		for path, text := range helpOf(t, sub) {
			texts[path] = text
		}
	}
	return texts
}

// TestHelpIsThatOfKubectl holds the help of every command against what
// kubectl's own templates make of it.
func TestHelpIsThatOfKubectl(t *testing.T) {
	ours := helpOf(t, NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test")))
	root := NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test"))
	templates.ActsAsRootCommand(root, []string{"options"})
	compared := 0
	for path, theirs := range helpOf(t, root) {
		// The root has groups here, and kubectl prints no help of options.
		if path == cli.Name || path == cli.Name+" options" {
			continue
		}
		compared++
		if want := strings.ReplaceAll(theirs, `Use "kubectl-backup `, `Use "`+cli.Name+" "); ours[path] != want {
			t.Errorf("%s: got\n%s\nwant\n%s", path, ours[path], want)
		}
	}
	if compared < 20 {
		t.Errorf("only %d commands", compared)
	}
}

// TestHelpOfARootWithGroups: the same for a root, and for what no verb has.
func TestHelpOfARootWithGroups(t *testing.T) {
	tree := func() (*cobra.Command, templates.CommandGroups) {
		run := func(*cobra.Command, []string) {}
		root := &cobra.Command{Use: "kubectl-backup", Short: "Back up", Run: run, Annotations: map[string]string{cobra.CommandDisplayNameAnnotation: cli.Name}}
		look := &cobra.Command{Use: "look NAME", Short: "Look at one", Aliases: []string{"see"}, Run: run, Example: "  # Look\n  look x\n"}
		look.Flags().StringP("output", "o", "", "The format.")
		look.Flags().Bool("all", false, "All of them.")
		look.Flags().Bool("secret", false, "Not shown.")
		if err := look.Flags().MarkHidden("secret"); err != nil {
			t.Fatal(err)
		}
		group := &cobra.Command{Use: "group", Short: "Hold others"}
		group.AddCommand(&cobra.Command{Use: "one", Short: "The first", Run: run})
		groups := templates.CommandGroups{{Message: "Look:", Commands: []*cobra.Command{look}}}
		groups.Add(root)
		root.AddCommand(group, &cobra.Command{Use: "hidden", Short: "Hide", Hidden: true, Run: run}, newOptions())
		return root, groups
	}
	root, groups := tree()
	usageTexts{groups}.speakFor(root)
	ours := helpOf(t, root)
	root, groups = tree()
	templates.ActsAsRootCommand(root, []string{"options"}, groups...)
	for path, theirs := range helpOf(t, root) {
		if want := strings.ReplaceAll(theirs, `Use "kubectl-backup `, `Use "`+cli.Name+" "); path != cli.Name+" options" && ours[path] != want {
			t.Errorf("%s: got\n%s\nwant\n%s", path, ours[path], want)
		}
	}
}

// TestOptionsExplainThemselves: kubectl's own are silent when they are asked for help.
func TestOptionsExplainThemselves(t *testing.T) {
	root := NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test"))
	text := helpOf(t, root)[cli.Name+" options"]
	for _, want := range []string{"List the flags that every command takes.\n\nThe following options", "--context=''"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

// TestNoFlagHidesOneOfKubectl: --cluster of a verb would take that of the kubeconfig away.
func TestNoFlagHidesOneOfKubectl(t *testing.T) {
	root := NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test"))
	var look func(*cobra.Command)
	look = func(cmd *cobra.Command) {
		cmd.LocalNonPersistentFlags().VisitAll(func(flag *pflag.Flag) {
			if flag.Name != "help" && root.PersistentFlags().Lookup(flag.Name) != nil {
				t.Errorf("%s --%s", cmd.CommandPath(), flag.Name)
			}
		})
		for _, sub := range cmd.Commands() {
			look(sub)
		}
	}
	for _, cmd := range root.Commands() {
		look(cmd)
	}
}
