package kubelet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/velero/internal/crilog"
)

const (
	stopGrace  = 10 * time.Second
	maxBackOff = 10 * time.Second
	retryMount = time.Second

	// exitKilled is how a container runtime reports a program that the kernel killed.
	exitKilled = 128 + int(syscall.SIGKILL)
)

// playServer runs Velero's server in the place of its container, again and again as restartPolicy Always wants it.
func (k *Kubelet) playServer(ctx context.Context, pod *corev1.Pod, p *play) {
	folder := filepath.Join(k.options.Pods, string(pod.UID))
	defer os.RemoveAll(folder)
	backOff, last := time.Second, (*corev1.ContainerStateTerminated)(nil)
	for restarts := int32(0); ctx.Err() == nil; restarts++ {
		command, log, err := k.prepareServer(ctx, pod, folder, restarts)
		if err != nil {
			k.complain(ctx, pod, err)
			return
		}
		last = k.runServer(ctx, pod, command, p, last, restarts)
		log.Close()
		if ctx.Err() != nil || last == nil {
			return
		}
		k.waiting(ctx, pod, last, restarts)
		k.pause(ctx, backOff)
		backOff = min(2*backOff, maxBackOff)
	}
}

// prepareServer waits for the volumes and builds the command of the container.
func (k *Kubelet) prepareServer(ctx context.Context, pod *corev1.Pod, folder string, restarts int32) (*exec.Cmd, *crilog.File, error) {
	for told := false; ; told = true {
		err := k.mount(ctx, pod, folder)
		if err == nil {
			break
		}
		if !told {
			k.events.Eventf(pod, corev1.EventTypeWarning, "FailedMount", "MountVolume.SetUp failed: %v", err)
		}
		if !k.pause(ctx, retryMount) {
			return nil, nil, err
		}
	}
	container := pod.Spec.Containers[0]
	// The server listens nowhere else, so that several servers have room on one machine.
	args := append(append([]string{}, container.Args...), "--namespace="+pod.Namespace, "--kubeconfig="+k.options.Kubeconfig,
		"--plugin-dir="+k.options.Plugins, "--metrics-address=127.0.0.1:0", "--profiler-address=127.0.0.1:0")
	command := exec.Command(k.options.Program, args...)
	command.Dir = folder
	command.Env = k.environment(pod, folder)
	// A server must not outlive this program, which would start it twice.
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	log, err := k.serveLogs(ctx, pod, restarts)
	if err != nil {
		return nil, nil, err
	}
	command.Stdout, command.Stderr = log, log
	return command, log, nil
}

// runServer runs the program until it ends, and returns how; nil when the pod went away.
func (k *Kubelet) runServer(ctx context.Context, pod *corev1.Pod, command *exec.Cmd, p *play,
	last *corev1.ContainerStateTerminated, restarts int32,
) *corev1.ContainerStateTerminated {
	started := metav1.Now()
	if err := command.Start(); err != nil {
		k.complain(ctx, pod, err)
		return nil
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	k.started(ctx, pod, last, restarts, started)
	killed := false
	for {
		select {
		case err := <-ended:
			return terminated(started, err, killed)
		case <-p.kill:
			killed = true
			_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
		case <-ctx.Done():
			stop(command, ended)
			return nil
		}
	}
}

// stop asks the program to end; its plugins are in its process group and go with it.
func stop(command *exec.Cmd, ended <-chan error) {
	_ = command.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended: //nolint:errcheck // how it ended tells nothing after a signal
	case <-time.After(stopGrace):
	}
	_ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL)
}

func terminated(started metav1.Time, err error, killed bool) *corev1.ContainerStateTerminated {
	state := &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: started, FinishedAt: metav1.Now()}
	var exit *exec.ExitError
	switch {
	case killed:
		state.Reason, state.ExitCode = "OOMKilled", int32(exitKilled)
	case errors.As(err, &exit):
		state.Reason, state.ExitCode = "Error", int32(exit.ExitCode())
	case err != nil:
		state.Reason, state.ExitCode, state.Message = "Error", 1, err.Error()
	}
	return state
}

// complain leaves an event on a pod that cannot go on.
func (k *Kubelet) complain(ctx context.Context, pod *corev1.Pod, err error) {
	if ctx.Err() == nil {
		k.events.Event(pod, corev1.EventTypeWarning, "Failed", fmt.Sprintf("Error: %v", err))
	}
}

// pause reports false when the context ended meanwhile.
func (k *Kubelet) pause(ctx context.Context, duration time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(duration):
		return true
	}
}
