//go:build e2e

package e2e

import (
	"os"
	"os/exec"

	"github.com/rogpeppe/go-internal/testscript"
)

// ebackup: `ebackup` gives the cluster the definitions and objects of e-backup
// until the script ends. It is for the scripts that run one by one.
func (l *lab) ebackup(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: ebackup")
	}
	ts.Defer(func() {
		if err := l.scenario("ebackup-gone"); err != nil {
			ts.Logf("%v", err)
		}
	})
	ts.Check(l.scenario("ebackup"))
}

// scenario has the lab set up a named situation.
func (l *lab) scenario(name string) error {
	cmd := exec.Command(l.program, "scenario", name)
	cmd.Dir = l.state // where the lab runs
	cmd.Stderr = os.Stderr
	return cmd.Run()
}
