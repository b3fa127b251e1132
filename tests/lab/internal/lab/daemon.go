package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/process"
)

const (
	startLimit = 90 * time.Second
	stopGrace  = 10 * time.Second
)

// daemon is one process of the lab.
type daemon struct {
	name    string
	port    string
	program string
	args    []string
	env     []string
	// ready reports nil once the daemon does its work.
	ready func(ctx context.Context) error
}

// memory makes programs of Go collect their garbage less often, as long as it is little:
// a fifth of an API server's time goes there otherwise.
var memory = []string{"GOGC=400", "GOMEMLIMIT=1GiB"}

func (l *Lab) command(d daemon) process.Command {
	return process.Command{Executable: l.state.Built[d.program], Args: d.args, Env: slices.Concat(d.env, memory), Log: l.logFile(d.name)}
}

func (l *Lab) logFile(name string) string {
	return l.Workspace.State("logs", name+".log")
}

// start makes the daemon run with its present command; one that runs so already is kept.
func (l *Lab) start(ctx context.Context, d daemon) error {
	command := l.command(d)
	if record := l.state.Processes[d.name]; record.Alive() {
		if record.Runs(command) && d.ready(ctx) == nil {
			return nil
		}
		if err := record.Stop(ctx, stopGrace); err != nil {
			return err
		}
	}
	record, err := process.Start(command)
	if err != nil {
		return err
	}
	l.state.Processes[d.name] = record
	if err := l.state.save(); err != nil {
		// A process that nobody remembers could never be ended.
		return errors.Join(err, record.Stop(ctx, stopGrace))
	}
	return nil
}

// await waits until the daemons are ready, and fails as soon as one of them has ended.
func (l *Lab) await(ctx context.Context, daemons ...daemon) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for _, d := range daemons {
		if err := l.awaitOne(ctx, d); err != nil {
			return fmt.Errorf("%s is not ready: %w\n%s", d.name, err, lastLines(l.logFile(d.name), 15))
		}
	}
	return nil
}

func (l *Lab) awaitOne(ctx context.Context, d daemon) error {
	for {
		err := d.ready(ctx)
		if err == nil {
			return nil
		}
		if !l.state.Processes[d.name].Alive() {
			return errors.New("it has ended")
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func lastLines(file string, count int) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimRight(string(content), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-count):], "\n")
}
