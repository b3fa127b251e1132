//go:build e2e

package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tally counts what a follower printed of what the pods wrote.
type tally struct {
	seen   map[string]int // by pod and number of the line
	delays []time.Duration
	cpu    time.Duration
	peak   int64 // bytes of memory
}

var spoken = regexp.MustCompile(`backup=` + namespace + `/` + followed + ` pod=(speaker-\d+) written=(\d+) line=(\d+)`)

// read counts lines as they come.
func (t *tally) read(r io.Reader) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		found := spoken.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		t.seen[found[1]+"/"+found[3]]++
		if written, err := strconv.ParseInt(found[2], 10, 64); err == nil {
			t.delays = append(t.delays, time.Since(time.Unix(0, written)))
		}
	}
}

// result is how many lines never came, how many came again, and the median delay.
func (t *tally) result() (lost, repeated int, delay time.Duration) {
	for pod := range speakers {
		for line := range instances * linesOf(pod) {
			count := t.seen[speakerName(pod)+"/"+strconv.Itoa(line)]
			lost += max(1-count, 0)
			repeated += max(count-1, 0)
		}
	}
	if slices.Sort(t.delays); len(t.delays) > 0 {
		delay = t.delays[len(t.delays)/2]
	}
	return lost, repeated, delay
}

// follower is a program that follows the logs.
type follower struct {
	name  string
	args  []string
	cmd   *exec.Cmd
	tally tally
	read  chan struct{}
}

func (f *follower) start(ctx context.Context) error {
	f.tally.seen, f.read = map[string]int{}, make(chan struct{})
	f.cmd = exec.CommandContext(ctx, f.args[0], f.args[1:]...)
	f.cmd.Stderr = nil // progress, of which only the end counts: the exit code
	out, err := f.cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("following with %s: %w", f.name, err)
	}
	go func() {
		defer close(f.read)
		f.tally.read(out)
	}()
	return f.cmd.Start()
}

// end waits until the program ends, or ends one that does not by itself.
func (f *follower) end(patience time.Duration) error {
	interrupt := time.AfterFunc(patience, func() { _ = f.cmd.Process.Signal(os.Interrupt) }) // an error is that it has ended
	defer interrupt.Stop()
	<-f.read
	err := f.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("following with %s: %w", f.name, err)
	}
	f.tally.cpu = f.cmd.ProcessState.UserTime() + f.cmd.ProcessState.SystemTime()
	if usage, ok := f.cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		f.tally.peak = usage.Maxrss * 1024
	}
	return nil
}

// follow measures `logs -f` beside stern: both follow the same pods at the same time.
func (r report) follow(ctx context.Context, l lab, self string, o options) (err error) {
	s, err := l.connect(ctx)
	if err != nil {
		return err
	}
	if err := s.removePlay(ctx); err != nil {
		return err
	}
	defer func() { err = firstOf(err, s.removePlay(context.WithoutCancel(ctx))) }()
	ours := &follower{name: "kubectl backup logs -f", args: []string{
		o.plugin, "--kubeconfig", l.kubeconfig, "-n", namespace, "logs", "backups.velero.io/" + followed, "-f", "--source=node-agent", "--raw",
	}}
	followers := []*follower{ours}
	if o.stern != "" {
		stern := &follower{name: "stern", args: []string{
			o.stern, "--kubeconfig", l.kubeconfig, "-n", namespace, "-l", "name=node-agent", "--output=raw",
			"--include=backup=" + namespace + "/" + followed + " ", "--max-log-requests=" + strconv.Itoa(2*speakers),
		}}
		followers = []*follower{stern, ours}
	}
	if err := playTo(ctx, self, followers); err != nil {
		return err
	}
	return r.followed(followers)
}

// playTo has the pods speak in a process of its own, and starts the followers with
// it. The last of them is ours.
func playTo(ctx context.Context, self string, followers []*follower) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	play := exec.CommandContext(ctx, self, "speak")
	play.Stderr = os.Stderr
	out, err := play.StdoutPipe()
	if err != nil {
		return fmt.Errorf("starting the pods: %w", err)
	}
	if err := play.Start(); err != nil {
		return fmt.Errorf("starting the pods: %w", err)
	}
	said := bufio.NewScanner(out)
	if !said.Scan() {
		return fmt.Errorf("the pods did not speak: %w", play.Wait())
	}
	for _, f := range followers {
		if err := f.start(ctx); err != nil {
			return err
		}
	}
	if !said.Scan() {
		return fmt.Errorf("the pods went silent too early: %w", play.Wait())
	}
	failed := followers[len(followers)-1].end(endsWithin) // ours ends by itself
	for _, f := range followers[:len(followers)-1] {
		failed = firstOf(failed, f.end(time.Second))
	}
	stop()
	_ = play.Wait() // it was killed
	return failed
}

// endsWithin is how long a follower may go on after the backup is done.
const endsWithin = 20 * time.Second

// followed prints a row for each, and fails if ours lost or repeated anything.
func (r report) followed(followers []*follower) error {
	lines := 0
	for pod := range speakers {
		lines += instances * linesOf(pod)
	}
	r.title(fmt.Sprintf("logs -f: %d lines of %d pods, each restarted %d times (budget: none lost, none repeated)", lines, speakers, instances-1))
	base := followers[0].tally
	var failed error
	for _, f := range followers {
		lost, repeated, delay := f.tally.result()
		fmt.Fprintf(r.out, "  %-24s lost %5d  repeated %5d  %6s late  CPU %6s %5.2f×  %6.1f MiB %5.2f×\n", f.name, lost, repeated,
			delay.Round(time.Millisecond), f.tally.cpu.Round(10*time.Millisecond), float64(f.tally.cpu)/float64(cmp.Or(base.cpu, 1)),
			mebibytes(f.tally.peak), float64(f.tally.peak)/float64(cmp.Or(base.peak, 1)))
		if strings.HasPrefix(f.name, "kubectl") && lost+repeated > 0 {
			failed = fmt.Errorf("%s lost %d lines and repeated %d", f.name, lost, repeated)
		}
	}
	return failed
}

// removePlay leaves the lab without the pods, their node and the backup.
func (s *server) removePlay(ctx context.Context) error {
	for _, path := range []string{pods + "?labelSelector=bench%3Dspeaker&gracePeriodSeconds=0", veleroAPI + "/backups/" + followed, nodes + "/" + nodeName} {
		code, err := s.call(ctx, http.MethodDelete, path, nil, nil)
		if err == nil && code != http.StatusOK && code != http.StatusNotFound {
			err = fmt.Errorf("deleting %s: HTTP %d", path, code)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
