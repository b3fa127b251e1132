package logs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// lookInterval is the pause between two looks at the object.
const lookInterval = 2 * time.Second

// patience is how many looks in a row may find that works could not be read before
// the end counts as unknown.
const patience = 15

// watcher looks at the object while its logs are followed: it shows the
// progress, follows works that start late, and ends the stream.
type watcher struct {
	*options
	hit    collect.Hit
	reader *logs.Reader
	done   chan struct{}

	mu    sync.Mutex
	last  *backup.Object
	gone  bool
	blind int // looks in a row
}

// watch looks until the object is done or gone.
func (w *watcher) watch(ctx context.Context) {
	defer close(w.done)
	ticks := time.NewTicker(lookInterval)
	defer ticks.Stop()
	for {
		if w.look(ctx) {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// look reads the object once and tells whether it will change no more. An error
// of the server changes nothing: the next look may succeed.
func (w *watcher) look(ctx context.Context) bool {
	ev, err := w.collector.Works(ctx, w.hit)
	if cluster.IsAbsent(err) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.gone = true
		return true
	}
	if err != nil {
		return false
	}
	for _, s := range w.collector.LogSources(w.hit, ev) {
		if w.asked(s.Name) {
			w.reader.Add(s)
		}
	}
	w.now.set(ev)
	w.progress.Show(ev.Object, w.Now())
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = &ev.Object
	return w.finished(ev)
}

// finished tells whether the object will change no more. A mover that no profile knows
// never says that it is done; one that could not be read may say so at the next look.
func (w *watcher) finished(ev backup.Evidence) bool {
	switch {
	case !ev.Object.Phase.Terminal() || ev.Object.Deleting():
		return false
	case ev.Object.Done() == backup.Unknown && collect.Passing(ev.Gaps):
		w.blind++
		return w.blind >= patience
	}
	w.blind = 0
	return ev.Object.Done() != backup.No
}

// result is how the object ended, as an exit code.
func (w *watcher) result() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.gone:
		_, _ = fmt.Fprintf(w.ErrOut, "%s is gone\n", w.hit.Ref().Human())
		return nil
	case w.last == nil:
		return nil
	case w.last.Sound() == backup.No:
		_, _ = fmt.Fprintf(w.ErrOut, "%s ended: %s\n", w.last.Ref.Human(), w.last.Phase)
		return cli.Code(cli.CodeProblems)
	case w.last.Sound() == backup.Unknown:
		_, _ = fmt.Fprintf(w.ErrOut, "%s is %s; whether all of its data has arrived cannot be said%s\n", w.last.Ref.Human(), w.last.Phase, because(w.last.DataWhy))
		return cli.Code(cli.CodeUnknown)
	}
	_, _ = fmt.Fprintf(w.ErrOut, "%s is %s, its data included\n", w.last.Ref.Human(), w.last.Phase)
	return nil
}

// because follows a sentence with its reason, where there is one.
func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + render.Escape(why)
}
