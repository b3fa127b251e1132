//go:build e2e

package e2e

import (
	"context"
	"os"

	"github.com/rogpeppe/go-internal/testscript"
)

// expand: `expand FILE…` replaces $NAMES in files of the script.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: expand FILE…")
	}
	for _, file := range args {
		text := os.Expand(ts.ReadFile(file), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
	}
}

// applyGlobal: `apply-global FILE…` applies manifests of what is in no
// namespace, and deletes it when the script ends.
func (l *lab) applyGlobal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: apply-global FILE…")
	}
	for _, file := range args {
		manifest := os.Expand(ts.ReadFile(file), ts.Getenv)
		ts.Defer(func() { _ = l.cluster.drop(context.Background(), manifest) }) // the script may have deleted them
		ts.Check(l.cluster.apply(context.Background(), manifest, ""))
	}
}
