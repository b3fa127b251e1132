//go:build e2e

package e2e

import (
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// within: `within DURATION CODE PROGRAM ARGS…` is exits, and wants the program
// to end in that time.
func (l *lab) within(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: within DURATION CODE PROGRAM ARGS…")
	}
	limit, err := time.ParseDuration(args[0])
	ts.Check(err)
	begun := time.Now()
	exits(newCanaries(l))(ts, neg, args[1:])
	if took := time.Since(begun); took > limit {
		ts.Fatalf("it took %s, more than %s", took, limit)
	}
}
