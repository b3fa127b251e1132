package plugin

import (
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/kubectl/pkg/cmd/util/sanity"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// kubectl lints its own commands with these checks.
func TestCommandsPassKubectlsSanityChecks(t *testing.T) {
	root := NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test"))
	for _, err := range sanity.RunCmdChecks(root, sanity.AllCmdChecks, []string{"kubectl-backup options"}) {
		t.Error(err)
	}
}

// What is shown to people is spelled as they type it.
func TestHelpNamesTheCommandAsItIsTyped(t *testing.T) {
	typed := regexp.MustCompile(`kubectl-backup[ \n]`)
	var visit func(*cobra.Command)
	visit = func(cmd *cobra.Command) {
		var out strings.Builder
		cmd.SetOut(&out)
		if err := cmd.Help(); err != nil {
			t.Error(err)
		}
		if at := typed.FindString(out.String()); at != "" {
			t.Errorf("the help of %q says %q", cmd.CommandPath(), at)
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(NewCommand(cli.NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test")))
}
