// Package version is the `version` verb and what the build says of itself.
package version

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
	"k8s.io/kubectl/pkg/util/templates"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// These are set by the linker; a plain `go build` has the words below.
var (
	Version = "v0.0.0-dev"
	Commit  = "unknown"
	Date    = "unknown"
)

// Info is what `version -o json` prints.
type Info struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Date     string `json:"date"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// NewCommand makes the verb. It contacts nothing.
func NewCommand(g *cli.Globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version of the plugin",
		Long:  "Print the version of the plugin, its commit and the platform. No cluster and no network is contacted.",
		Example: templates.Examples(`
			# Print the version
			kubectl backup version

			# Print it for a program
			kubectl backup version -o json`),
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			format := cli.Output(output)
			if err := format.Validate(); err != nil {
				return err
			}
			info := Info{Version, Commit, Date, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			if format.IsStructured() {
				return format.Print(g.Out, info)
			}
			_, err := fmt.Fprintf(g.Out, "%s %s (commit %s of %s, %s, %s)\n", cli.Name, info.Version, info.Commit, info.Date, info.Go, info.Platform)
			return err
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "Output format: json, yaml or jsonpath=….")
	return cmd
}
