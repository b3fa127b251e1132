package plugin

import (
	"io"

	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
)

// isCompletion tells whether a shell or kubectl asks for candidates.
func isCompletion(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// silence is stderr while candidates are asked for: kubectl passes it on to the
// screen, into the line that is being typed.
func silence() io.Writer {
	klog.SetLogger(klog.Logger{}) // the empty one drops what it gets
	return io.Discard
}
