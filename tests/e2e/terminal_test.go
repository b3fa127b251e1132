//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// ctrlC is what a keyboard sends for Ctrl-C; the terminal makes a SIGINT of it.
const ctrlC = "\x03"

// terminal: `terminal CODE ANSWERS PROGRAM ARGS…` runs a program on a terminal,
// types a line of the file ANSWERS whenever it asks, and wants this exit code.
// The line ^C presses Ctrl-C, and a line `$ COMMAND` is what somebody else runs
// elsewhere before the next answer is typed. The screen is in stdout.
func (l *lab) terminal(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: terminal CODE ANSWERS PROGRAM ARGS…")
	}
	answers := strings.Split(strings.TrimRight(os.Expand(ts.ReadFile(args[1]), ts.Getenv), "\n"), "\n")
	env := environment(ts)
	outer, inner, err := openTerminal()
	ts.Check(err)
	defer func() { _ = outer.Close() }() // the last to use it is this command
	cmd := command(ts, env, args[2:])
	cmd.Stdin, cmd.Stdout, cmd.Stderr = inner, inner, inner
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	ts.Check(cmd.Start())
	ts.Check(inner.Close())
	screen := &transcript{}
	read := make(chan struct{})
	go func() {
		_ = screen.readFrom(outer) // it ends with an error when the program has closed the terminal
		close(read)
	}()
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()

	asked := 0
	for _, line := range answers {
		if other, ok := strings.CutPrefix(line, "$ "); ok {
			screen.awaits(ts, asked+1)
			elsewhere(ts, env, strings.Fields(other))
			continue
		}
		asked++
		screen.awaits(ts, asked)
		if line == "^C" {
			line = ctrlC
		} else {
			line += "\n"
		}
		_, err := outer.WriteString(line)
		ts.Check(err)
	}
	err = <-done
	<-read
	l.ended(ts, args[0], err, screen.text(), "")
}

// elsewhere runs a command that has to succeed, as from another window.
func elsewhere(ts *testscript.TestScript, env, words []string) {
	if out, err := command(ts, env, words).CombinedOutput(); err != nil {
		ts.Fatalf("%s: %v: %s", strings.Join(words, " "), err, out)
	}
}

// awaits waits until the program has asked its nth question, which ends in ": ".
func (t *transcript) awaits(ts *testscript.TestScript, n int) {
	deadline := time.Now().Add(patience)
	for {
		text := t.text()
		if strings.Count(text, "Type ") >= n && strings.HasSuffix(text, ": ") {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("after %s question %d is not asked:\n%s", patience, n, text)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// openTerminal makes a pseudo-terminal: outer is the person's side, inner the program's.
func openTerminal() (outer, inner *os.File, err error) {
	outer, err = os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	number := 0
	err = unix.IoctlSetPointerInt(int(outer.Fd()), unix.TIOCSPTLCK, 0)
	if err == nil {
		number, err = unix.IoctlGetInt(int(outer.Fd()), unix.TIOCGPTN)
	}
	if err == nil {
		inner, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	if err != nil {
		_ = outer.Close() // the first error is the one to tell
		return nil, nil, err
	}
	return outer, inner, nil
}

// command is a program with the environment of the script.
func command(ts *testscript.TestScript, env, words []string) *exec.Cmd {
	program := words[0]
	if program == "kubectl" { // looked up in the script's PATH, not in that of the test
		program = ts.MkAbs(".bin/kubectl")
	}
	cmd := exec.Command(program, words[1:]...)
	cmd.Env, cmd.Dir = env, ts.MkAbs(".")
	return cmd
}

// environmentKey is under which setup leaves the environment of a script.
type environmentKey struct{}

// environment is that of the script, as it was when it began.
func environment(ts *testscript.TestScript) []string {
	vars, ok := ts.Value(environmentKey{}).([]string)
	if !ok {
		ts.Fatalf("the script has no environment")
	}
	return vars
}
