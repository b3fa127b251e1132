package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// fakeNode is a fake of a cluster with pods of one container whose logs grow.
// As a kubelet does, it keeps the log of the instance before, begins at whole
// seconds, and ends a followed log with its container.
type fakeNode struct {
	cluster.Reader
	mu   sync.Mutex
	pods map[string]*fakePod
	// cutAfter ends a followed log after so many lines, as a lost connection does.
	cutAfter int
	denied   error
	// broken is how many requests for a followed log fail first.
	broken int
	// tails are how many last lines each request asked for.
	tails []int64
}

type fakePod struct {
	restarts          int64
	previous, current []fakeLine
	ended, final      bool
}

type fakeLine struct {
	at   time.Time
	text string
}

func (n *fakeNode) change(pod string, do func(*fakePod)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pods == nil {
		n.pods = map[string]*fakePod{}
	}
	if n.pods[pod] == nil {
		n.pods[pod] = &fakePod{}
	}
	do(n.pods[pod])
}

func (n *fakeNode) write(pod string, at time.Time, text string) {
	n.change(pod, func(p *fakePod) { p.current = append(p.current, fakeLine{at, text}) })
}

func (n *fakeNode) restart(pod string) {
	n.change(pod, func(p *fakePod) {
		p.restarts++
		p.previous, p.current = p.current, nil
	})
}

func (n *fakeNode) object(name string) map[string]any {
	p := n.pods[name]
	state := map[string]any{"running": map[string]any{}}
	if p.ended {
		state = map[string]any{"terminated": map[string]any{"reason": "Completed"}}
	}
	phase := "Running"
	if p.final {
		phase = "Succeeded"
	}
	return map[string]any{
		"metadata": map[string]any{"namespace": "ns", "name": name, "uid": "uid-" + name},
		"spec":     map[string]any{"containers": []any{map[string]any{"name": "main"}}},
		"status": map[string]any{"phase": phase, "containerStatuses": []any{
			map[string]any{"name": "main", "restartCount": p.restarts, "state": state},
		}},
	}
}

func (n *fakeNode) Get(_ context.Context, served backup.Served, _, name string) (map[string]any, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.pods[name] == nil {
		return nil, apierrors.NewNotFound(schema.GroupResource{Resource: served.Resource}, name)
	}
	return n.object(name), nil
}

func (n *fakeNode) List(_ context.Context, _ backup.Served, _ string, _ cluster.ListOptions, each func(map[string]any) error) error {
	n.mu.Lock()
	var all []map[string]any
	for _, name := range slices.Sorted(maps.Keys(n.pods)) {
		all = append(all, n.object(name))
	}
	err := n.denied
	n.mu.Unlock()
	for _, pod := range all {
		if err := each(pod); err != nil {
			return err
		}
	}
	return err
}

func (n *fakeNode) Logs(ctx context.Context, _, pod, container string, opts cluster.LogOptions) (io.ReadCloser, error) {
	if container != "main" || !opts.Timestamps {
		return nil, fmt.Errorf("unexpected request for container %q", container)
	}
	n.mu.Lock()
	n.tails = append(n.tails, opts.Tail)
	if opts.Follow && n.broken > 0 {
		n.broken--
		n.mu.Unlock()
		return nil, errors.New("no answer")
	}
	p := n.pods[pod]
	instance := p.restarts
	if opts.Previous {
		instance--
	}
	n.mu.Unlock()
	reader, writer := io.Pipe()
	go func() {
		writer.CloseWithError(n.stream(ctx, writer, p, instance, opts))
	}()
	return reader, nil
}

// stream writes the lines of one instance; followed, it goes on until that ends.
func (n *fakeNode) stream(ctx context.Context, w io.Writer, p *fakePod, instance int64, opts cluster.LogOptions) error {
	since := opts.Since.Truncate(time.Second)
	for sent := 0; ctx.Err() == nil; {
		n.mu.Lock()
		lines := p.current
		over := p.restarts != instance || p.ended
		if p.restarts == instance+1 {
			lines = p.previous
		}
		n.mu.Unlock()
		for ; sent < len(lines); sent++ {
			if n.cutAfter > 0 && opts.Follow && sent > 0 && sent%n.cutAfter == 0 && lines[sent].at.After(opts.Since) {
				return nil
			}
			if line := lines[sent]; !line.at.Before(since) {
				if _, err := io.WriteString(w, line.at.Format(time.RFC3339Nano)+" "+line.text+"\n"); err != nil {
					return err
				}
			}
		}
		if !opts.Follow || over {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return ctx.Err()
}

func texts(entries []backup.LogEntry) string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Pod.Name+":"+e.Text)
	}
	return strings.Join(out, " ")
}
