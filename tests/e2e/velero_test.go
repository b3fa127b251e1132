//go:build e2e

package e2e

import (
	"os"
	"os/exec"

	"github.com/rogpeppe/go-internal/testscript"
)

// velero: `velero` installs a Velero with its server into the script's namespace, whose storage is the folder of that
// name in the bucket velero, and points the command `velero` there. `velero ACTION` stops, starts, restarts or kills
// that server. Nothing of it is shared with other scripts.
func (l *lab) velero(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 1 {
		ts.Fatalf("usage: velero [stop|start|restart|kill]")
	}
	namespace := ts.Getenv("NS")
	if len(args) == 1 {
		ts.Check(l.run(args[0], namespace))
		return
	}
	ts.Defer(func() {
		if err := l.run("remove", namespace); err != nil {
			ts.Logf("%v", err)
		}
	})
	ts.Check(l.run("install", namespace))
	ts.Setenv("VELERO_NAMESPACE", namespace)
}

// run has the lab act on the Velero of a namespace.
func (l *lab) run(action, namespace string) error {
	cmd := exec.Command(l.program, "velero", action, namespace)
	cmd.Dir = l.state // where the lab runs
	cmd.Stderr = os.Stderr
	return cmd.Run()
}
