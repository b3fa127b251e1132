package plugin

import (
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// completer is what kubectl calls to complete the arguments of a plugin: the
// plugin's file name with `_complete` behind kubectl's
// (k8s.io/kubectl@v0.37.2 pkg/cmd/plugin/plugin_completion.go).
const completer = "kubectl_complete-"

// programOf is the plugin's file name from that of the running program. A
// program that kubectl would not find, such as a test, has the default name.
func programOf(arg0 string) (program string, completes bool) {
	name := strings.TrimSuffix(filepath.Base(arg0), ".exe")
	if rest, ok := strings.CutPrefix(name, completer); ok && rest != "" {
		return "kubectl-" + rest, true
	}
	if strings.HasPrefix(name, "kubectl-") && name != "kubectl-" {
		return name, false
	}
	return cli.Program, false
}

// typed is how a person types the name of a program: kubectl reads a dash in a
// file name as a blank and an underscore as a dash.
func typed(program string) string {
	return strings.NewReplacer("-", " ", "_", "-").Replace(program)
}

// nameInText is the plugin's name where a text says it as it is typed.
var nameInText = regexp.MustCompile(regexp.QuoteMeta(cli.Name) + `\b`)

// renamer writes text for a plugin that is installed under another name. All
// texts say [cli.Name]; what a person copies has to work.
type renamer struct {
	to   io.Writer
	name string
}

// Write replaces the name. Texts are written in whole lines, so that no name is
// cut in two.
func (r renamer) Write(text []byte) (int, error) {
	if _, err := r.to.Write(nameInText.ReplaceAllLiteral(text, []byte(r.name))); err != nil {
		return 0, err
	}
	return len(text), nil
}

// Unwrap is the stream itself, which may be a terminal.
func (r renamer) Unwrap() io.Writer { return r.to }
