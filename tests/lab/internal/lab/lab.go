// Package lab runs a Kubernetes control plane, fake nodes, an S3 server and a TiDB operator as processes on
// loopback.
package lab

import (
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/workspace"
)

// ErrNotRunning says that a command needs a running lab.
var ErrNotRunning = errors.New("the lab does not run; start it with: lab up")

// Lab is one lab of one workspace.
type Lab struct {
	Workspace workspace.Workspace
	Out       io.Writer

	state *state
}

// Open reads what is known about the lab of the workspace; nothing needs to run.
func Open(ws workspace.Workspace, out io.Writer) (*Lab, error) {
	s, err := loadState(ws.State("state.json"))
	if err != nil {
		return nil, err
	}
	return &Lab{Workspace: ws, Out: out, state: s}, nil
}

// Lock keeps other commands from starting or ending processes until unlock is called.
func (l *Lab) Lock() (unlock func(), err error) {
	if err := os.MkdirAll(l.Workspace.State(), 0o700); err != nil {
		return nil, fmt.Errorf("create state folder: %w", err)
	}
	lock, err := os.OpenFile(l.Workspace.State("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		lock.Close()
		return nil, fmt.Errorf("lock the lab: %w", err)
	}
	// What another command wrote while this one waited for the lock counts.
	if l.state, err = loadState(l.state.file); err != nil {
		lock.Close()
		return nil, err
	}
	return func() { lock.Close() }, nil
}

func (l *Lab) address(port string) string {
	return fmt.Sprintf("127.0.0.1:%d", l.state.Ports[port])
}

func (l *Lab) url(scheme, port string) string {
	return scheme + "://" + l.address(port)
}

func (l *Lab) certificate(name string) string {
	return l.Workspace.State("pki", name)
}
