package logs

import (
	"context"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

const (
	// lookAgain is the pause before pods are listed again, or a container is read
	// again whose log ended although the container did not.
	lookAgain = time.Second
	// patience is how long a line waits for older lines of other containers.
	patience = 300 * time.Millisecond
)

// Follow hands on what was written so far and then each line as it comes, in
// order of time as far as lines arrive within a moment of each other. Pods that
// appear are followed too, and containers across their restarts: no line comes
// twice, and none is left out that the cluster still has. It ends when done is
// closed, after it has read what was written by then, or with the context.
func (r *Reader) Follow(ctx context.Context, done <-chan struct{}, emit func(backup.LogEntry) error) error {
	if err := r.Read(ctx, emit); err != nil {
		return err
	}
	emit = r.chosen(emit)
	if err := r.stream(ctx, done, emit); err != nil {
		return err
	}
	if r.opts.Tail > 0 {
		r.files = nil // the last lines are out
	}
	for _, s := range r.sources {
		for _, c := range r.discover(ctx, s) {
			c.restarts = max(c.restarts-1, 0)
		}
	}
	return r.drain(ctx, emit, r.rest)
}

// stream follows all containers, those of new pods included, until done.
func (r *Reader) stream(ctx context.Context, done <-chan struct{}, emit func(backup.LogEntry) error) error {
	following, stop := context.WithCancel(ctx)
	defer stop()
	lines := make(chan backup.LogEntry, 256)
	var wg sync.WaitGroup
	send := sendTo(following, lines)
	r.later(send)
	start := func(c *container) {
		wg.Go(func() {
			if c.reconsider(send) == nil {
				r.follow(following, c, send)
			}
		})
	}
	for _, c := range r.order {
		start(c)
	}
	for _, s := range r.given {
		wg.Go(func() { r.appearing(following, s, start) })
	}
	wg.Go(func() {
		for {
			select {
			case s := <-r.added:
				wg.Go(func() { r.appearing(following, s, start) })
			case <-following.Done():
				return
			}
		}
	})
	go func() {
		select {
		case <-done:
		case <-following.Done():
		}
		stop()
		wg.Wait()
		close(lines)
	}()
	err := settle(lines, patience, emit)
	stop()
	r.later(nil)
	for range lines { // the senders end before the channel is closed
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// later says where lines go that did not count at first.
func (r *Reader) later(each func(backup.LogEntry) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.live = each
}

// appearing starts to follow each container of the source that was not there yet.
func (r *Reader) appearing(ctx context.Context, s backup.LogSource, start func(*container)) {
	for ctx.Err() == nil {
		for _, c := range r.discover(ctx, s) {
			c.restarts = max(c.restarts-1, 0) // so that the instance before comes first
			start(c)
		}
		r.untilChange(ctx, s)
	}
}

// untilChange waits until a pod of the source changes, where that can be
// watched, and at least for a moment.
func (r *Reader) untilChange(ctx context.Context, s backup.LogSource) {
	pause(ctx, lookAgain)
	watcher, ok := r.api.(cluster.Watcher)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 10*lookAgain)
	defer cancel()
	opts := cluster.ListOptions{LabelSelector: s.Selector}
	if s.Pod != "" {
		opts = cluster.ListOptions{FieldSelector: "metadata.name=" + s.Pod}
	}
	// An error, that of the deadline included, only means to look again.
	_ = watcher.Watch(ctx, pods, s.Namespace, opts, func(_ string, pod map[string]any) error {
		if r.hasNew(s, pod) {
			return errChanged
		}
		return nil
	})
}

// hasNew tells whether a pod has a container with a log that is not known yet.
func (r *Reader) hasNew(s backup.LogSource, pod map[string]any) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range containersOf(s, pod) {
		state := statusOf(pod, c.name)
		if r.known[c.key()] == nil && (state.started || state.restarts > 0) {
			return true
		}
	}
	return false
}

// follow reads one container until it ends for good.
func (r *Reader) follow(ctx context.Context, c *container, each func(backup.LogEntry) error) {
	for failed := 0; ctx.Err() == nil; {
		state, there, err := r.state(ctx, c)
		switch {
		case err != nil: // the server is away: the position holds until it is back
		case !there:
			return
		case state.restarts > c.restarts:
			r.previous(ctx, c, state.restarts, each)
			continue
		case state.ended && state.final:
			r.once(ctx, c, cluster.LogOptions{}, each)
			return
		case !state.ended:
			err = c.read(ctx, r.api, cluster.LogOptions{Follow: true, Since: r.opts.Since}, each)
		}
		if failed++; err == nil || cluster.IsAbsent(err) {
			failed = 0
		}
		if failed > 1 && ctx.Err() == nil { // what heals at once, as a log that is about to begin, is no trouble
			r.tell(Trouble{What: c.human() + " (trying again)", Err: err, Passing: true})
		}
		pause(ctx, lookAgain)
	}
}

// rest reads what a container wrote since it was last read.
func (r *Reader) rest(ctx context.Context, c *container, each func(backup.LogEntry) error) {
	if c.reconsider(each) != nil {
		return
	}
	state, there, err := r.state(ctx, c)
	switch {
	case err != nil:
		r.trouble(c.human(), err)
	case there && state.restarts > c.restarts:
		r.previous(ctx, c, state.restarts, each)
	}
	if there {
		r.once(ctx, c, cluster.LogOptions{}, each)
	}
}

// previous reads the rest of an instance that ended. If more than one instance
// ended since, the logs of those between are gone, and that is said.
func (r *Reader) previous(ctx context.Context, c *container, restarts int64, each func(backup.LogEntry) error) {
	if restarts > c.restarts+1 {
		r.trouble(c.human(), errRestarted)
	}
	c.restarts = restarts
	r.once(ctx, c, cluster.LogOptions{Previous: true}, each)
}

// once reads what is there now.
func (r *Reader) once(ctx context.Context, c *container, opts cluster.LogOptions, each func(backup.LogEntry) error) {
	opts.Since = r.opts.Since
	if err := c.read(ctx, r.api, opts, each); err != nil && ctx.Err() == nil && !opts.Previous {
		r.trouble(c.human(), err)
	}
}

// state reads how a container is now. Another pod of the same name is not there.
func (r *Reader) state(ctx context.Context, c *container) (state status, there bool, err error) {
	pod, err := r.api.Get(ctx, pods, c.pod.Namespace, c.pod.Name)
	if cluster.IsAbsent(err) {
		return status{}, false, nil
	}
	if err != nil {
		return status{}, false, err
	}
	return statusOf(pod, c.name), text(pod, "metadata", "uid") == c.pod.UID, nil
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
