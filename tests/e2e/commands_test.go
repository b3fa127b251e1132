//go:build e2e

package e2e

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a script waits for the cluster to come to a state.
const patience = 60 * time.Second

// apply: `apply FILE…` applies manifests after $NAMES in them were replaced.
func (l *lab) apply(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: apply FILE…")
	}
	for _, file := range args {
		manifest := os.Expand(ts.ReadFile(file), ts.Getenv)
		ts.Check(l.cluster.apply(context.Background(), manifest, ts.Getenv("NS")))
	}
}

// eventually: `eventually REGEXP PROGRAM ARGS…` runs a program until its output
// matches; with ! until it does not.
func (l *lab) eventually(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: [!] eventually REGEXP PROGRAM ARGS…")
	}
	pattern, err := regexp.Compile(args[0])
	ts.Check(err)
	begun := time.Now()
	for {
		_ = ts.Exec(args[1], args[2:]...) // its output is what counts
		output := ts.ReadFile("stdout") + ts.ReadFile("stderr")
		if pattern.MatchString(output) != neg {
			return
		}
		waited := time.Since(begun)
		if waited > patience {
			ts.Fatalf("after %s the output is still:\n%s", patience, output)
		}
		// Each look starts a program: what takes long is looked at less often.
		time.Sleep(min(max(waited/3, 200*time.Millisecond), 2*time.Second))
	}
}

// exits: `exits CODE PROGRAM ARGS…` wants exactly this exit code, and that no
// secret of the lab shows in the output.
func exits(canaries []string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < 2 {
			ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
		}
		want, err := strconv.Atoi(args[0])
		ts.Check(err)
		got := 0
		if err := ts.Exec(args[1], args[2:]...); err != nil {
			var failed *exec.ExitError
			if !errors.As(err, &failed) {
				ts.Fatalf("%v", err)
			}
			got = failed.ExitCode()
		}
		output := ts.ReadFile("stdout") + ts.ReadFile("stderr")
		for _, canary := range canaries {
			if strings.Contains(output, canary) {
				ts.Fatalf("the output shows a secret value")
			}
		}
		if got != want {
			ts.Fatalf("exit code %d, want %d", got, want)
		}
	}
}

// newCanaries are the secret values that no output may hold, as they are and as
// the API server writes them.
func newCanaries(l *lab) []string {
	encode := base64.StdEncoding.EncodeToString
	return []string{l.secretKey, l.limitedSecret, encode([]byte(l.secretKey)), encode([]byte(l.limitedSecret)), "X-Amz-Signature"} // the last is in every signed URL
}

var digestPattern = regexp.MustCompile(`digest"?:?\s+"?([0-9a-f]{8,64})`)

// digest: `digest NAME` puts the digest that the last output shows into $NAME.
func digest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: digest NAME")
	}
	match := digestPattern.FindStringSubmatch(ts.ReadFile("stdout") + ts.ReadFile("stderr"))
	if match == nil {
		ts.Fatalf("the last output shows no digest")
	}
	ts.Setenv(args[0], match[1])
}

// present: `[!] present TYPE/NAME` looks whether an object of the script's
// namespace exists.
func (l *lab) present(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] present TYPE/NAME")
	}
	resource, name, _ := strings.Cut(args[0], "/")
	found, err := l.cluster.present(context.Background(), ts.Getenv("NS"), resource, name)
	ts.Check(err)
	if found == neg {
		ts.Fatalf("%s: present is %v", args[0], found)
	}
}
