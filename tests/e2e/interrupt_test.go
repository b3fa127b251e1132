//go:build e2e

package e2e

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// interrupt: `interrupt CODE REGEXP PROGRAM ARGS…` sends SIGINT to a program as
// soon as its stderr matches, and wants this exit code.
func (l *lab) interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupt CODE REGEXP PROGRAM ARGS…")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	cmd := command(ts, environment(ts), args[2:])
	var stdout, stderr transcript
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ts.Check(cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for deadline := time.Now().Add(patience); ; {
		if pattern.MatchString(stderr.text()) {
			ts.Check(cmd.Process.Signal(os.Interrupt))
			break
		}
		select {
		case err := <-done:
			ts.Fatalf("it ended before it could be interrupted: %v\n%s%s", err, stdout.text(), stderr.text())
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill() // it did not do what the script waits for
			ts.Fatalf("after %s stderr is still:\n%s", patience, stderr.text())
		}
	}
	l.ended(ts, args[0], <-done, stdout.text(), stderr.text())
}

// ended takes over what a program printed and compares its exit code; it holds
// the same rule as exits, that no secret of the lab is shown.
func (l *lab) ended(ts *testscript.TestScript, code string, err error, stdout, stderr string) {
	_, failed := io.WriteString(ts.Stdout(), strings.ReplaceAll(stdout, "\r\n", "\n"))
	ts.Check(failed)
	_, failed = io.WriteString(ts.Stderr(), stderr)
	ts.Check(failed)
	want, failed := strconv.Atoi(code)
	ts.Check(failed)
	got := 0
	if err != nil {
		var exited *exec.ExitError
		if !errors.As(err, &exited) {
			ts.Fatalf("%v", err)
		}
		got = exited.ExitCode()
	}
	for _, canary := range newCanaries(l) {
		if strings.Contains(stdout+stderr, canary) {
			ts.Fatalf("the output shows a secret value")
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// transcript is output that is read while the program still writes it.
type transcript struct {
	mu   sync.Mutex
	data strings.Builder
}

// Write takes what the program wrote.
func (t *transcript) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.data.Write(data)
}

func (t *transcript) readFrom(r io.Reader) error {
	_, err := io.Copy(t, r)
	return err
}

func (t *transcript) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.data.String()
}
