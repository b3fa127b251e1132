//go:build e2e

package e2e

import (
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// watch: `watch CODE STEPS PROGRAM ARGS…` runs a program that does not end by
// itself, follows the file STEPS, then presses Ctrl-C and wants this exit code.
// A step is a REGEXP that the program's stdout has to match before the next one
// begins, or `$ COMMAND`, which runs meanwhile.
func (l *lab) watch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: watch CODE STEPS PROGRAM ARGS…")
	}
	env := environment(ts)
	cmd := command(ts, env, args[2:])
	var stdout, stderr transcript
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ts.Check(cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for step := range strings.Lines(os.Expand(ts.ReadFile(args[1]), ts.Getenv)) {
		step = strings.TrimSpace(step)
		if other, ok := strings.CutPrefix(step, "$ "); ok {
			elsewhere(ts, env, strings.Fields(other))
			continue
		}
		pattern, err := regexp.Compile(step)
		ts.Check(err)
		for deadline := time.Now().Add(patience); !pattern.MatchString(stdout.text()); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				_ = cmd.Process.Kill() // it did not print what the script waits for
				ts.Fatalf("after %s nothing matches %s:\n%s%s", patience, step, stdout.text(), stderr.text())
			}
		}
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	l.ended(ts, args[0], <-done, stdout.text(), stderr.text())
}
