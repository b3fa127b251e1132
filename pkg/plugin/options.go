package plugin

import (
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"
	"k8s.io/kubectl/pkg/util/term"
)

// newOptions is the `options` verb, which prints the flags that every verb has.
// Each verb's own help leaves them out.
func newOptions() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "options",
		Short: "List the flags that every command takes",
		Long:  templates.LongDesc("List the flags that every command takes."),
		Example: templates.Examples(`
			# List the flags that every command takes
			kubectl backup options`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Usage() },
	}
	cmd.SetUsageFunc(func(cmd *cobra.Command) error {
		_, err := fmt.Fprintf(term.NewResponsiveWriter(cmd.OutOrStderr()), "The following options can be passed to any command:\n\n%s", flagTexts(cmd.InheritedFlags()))
		return err
	})
	return cmd
}
