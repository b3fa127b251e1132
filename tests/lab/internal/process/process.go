// Package process starts programs that outlive the lab command, and recognises them again later.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Command is a program to run in the background.
type Command struct {
	// Executable is an absolute path.
	Executable string
	Args       []string
	// Env is added to the environment of the lab command.
	Env []string
	// Log receives standard output and standard error, appended.
	Log string
}

// Record identifies a started process beyond its number, which the kernel may give away again.
type Record struct {
	PID        int      `json:"pid"`
	Executable string   `json:"executable"`
	Args       []string `json:"args"`
	// StartTime is in clock ticks since boot, field 22 of /proc/PID/stat.
	StartTime uint64 `json:"startTime"`
}

// Start runs the command in a session of its own, so that it survives the caller and its terminal.
func Start(command Command) (Record, error) {
	if err := os.MkdirAll(filepath.Dir(command.Log), 0o755); err != nil {
		return Record{}, fmt.Errorf("create log folder: %w", err)
	}
	log, err := os.OpenFile(command.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return Record{}, fmt.Errorf("open log: %w", err)
	}
	defer log.Close()

	child := exec.Command(command.Executable, command.Args...)
	child.Env = append(os.Environ(), command.Env...)
	child.Stdout, child.Stderr = log, log
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := child.Start(); err != nil {
		return Record{}, fmt.Errorf("start %s: %w", filepath.Base(command.Executable), err)
	}
	// Waiting reaps the child when it ends early; the kernel's init does it once the caller is gone.
	go func() { _ = child.Wait() }()

	started, err := startTime(child.Process.Pid)
	if err != nil {
		return Record{}, fmt.Errorf("%s ended at once, see %s: %w", filepath.Base(command.Executable), command.Log, err)
	}
	return Record{PID: child.Process.Pid, Executable: command.Executable, Args: command.Args, StartTime: started}, nil
}

// Alive reports whether the recorded process still runs, and not another one under its number.
func (r Record) Alive() bool {
	if r.PID <= 0 {
		return false
	}
	executable, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", r.PID))
	if err != nil || strings.TrimSuffix(executable, " (deleted)") != r.Executable {
		return false
	}
	started, err := startTime(r.PID)
	return err == nil && started == r.StartTime
}

// Runs reports whether the recorded process was started from this very command.
func (r Record) Runs(command Command) bool {
	return r.Executable == command.Executable && slices.Equal(r.Args, command.Args)
}

// Stop asks the process to end and waits for it; after the grace period it is killed. A process that is
// not ours any more is left alone.
func (r Record) Stop(ctx context.Context, grace time.Duration) error {
	if !r.Alive() {
		return nil
	}
	if err := syscall.Kill(r.PID, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("end process %d: %w", r.PID, err)
	}
	if r.waitGone(ctx, grace) {
		return nil
	}
	if err := syscall.Kill(r.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("kill process %d: %w", r.PID, err)
	}
	if !r.waitGone(ctx, grace) {
		return fmt.Errorf("process %d of %s does not end", r.PID, filepath.Base(r.Executable))
	}
	return nil
}

func (r Record) waitGone(ctx context.Context, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for r.Alive() {
		select {
		case <-ctx.Done():
			return false
		case <-time.After(20 * time.Millisecond):
		}
	}
	return true
}

func startTime(pid int) (uint64, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("read process state: %w", err)
	}
	// The name in parentheses may hold spaces; what follows the last parenthesis starts with field 3.
	_, rest, _ := cutLast(string(stat), ") ")
	fields := strings.Fields(rest)
	const fromThird = 22 - 3
	if len(fields) <= fromThird {
		return 0, fmt.Errorf("process %d has an unreadable state", pid)
	}
	return strconv.ParseUint(fields[fromThird], 10, 64)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
