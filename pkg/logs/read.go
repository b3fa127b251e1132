package logs

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// API is what logs are read from.
type API interface {
	cluster.Reader
	cluster.LogSource
}

// Options narrow what is read. The zero value is everything that is still there.
type Options struct {
	Since time.Time
	// Tail is the number of last lines of each source, of those that are handed on;
	// zero is all.
	Tail int64
	// Previous reads the instance before the present one instead of it.
	Previous bool
	// Files are what was kept of the logs elsewhere. Lines that come from a
	// container as well are handed on once.
	Files []File
	// Level and graver is what is handed on; empty is everything. A line without a
	// level counts as info.
	Level Level
	// Trouble is told of what could not be read, by one goroutine at a time.
	Trouble func(Trouble)
}

// Trouble is something that could not be read: a gap in what was shown.
type Trouble struct {
	What string // "pod velero/node-agent-x container node-agent", "pods of node-agent"
	Err  error
	// Passing tells that it is tried again from where it was.
	Passing bool
}

// Reader reads and follows the logs of sources. It serves one command.
type Reader struct {
	api     API
	opts    Options
	files   []File  // that were not read yet
	echoes  *echoes // nil where nothing is copied
	mu      sync.Mutex
	given   []backup.LogSource    // those from the start
	sources []backup.LogSource    // all
	keepers map[string]*keeper    // by the name of their source
	known   map[string]*container // by source, pod uid and container
	order   []*container
	added   chan backup.LogSource
	live    func(backup.LogEntry) error // where lines go that count only later
}

// NewReader makes a reader; nothing is contacted yet.
func NewReader(api API, sources []backup.LogSource, opts Options) *Reader {
	r := &Reader{
		api: api, opts: opts, files: opts.Files, keepers: map[string]*keeper{}, known: map[string]*container{},
		added: make(chan backup.LogSource, 64),
	}
	copies := len(opts.Files) > 0
	for _, s := range sources {
		r.keep(s)
		r.given = joined(r.given, s)
		copies = copies || s.Copied != nil
	}
	r.sources = slices.Clone(r.given)
	if copies {
		r.echoes = newEchoes()
	}
	return r
}

// keep notes what counts of a source, and tells whether any of it is new. Sources
// of one name share what counts: a line speaks of the object wherever it stands.
func (r *Reader) keep(s backup.LogSource) bool {
	if k := r.keepers[s.Name]; k != nil {
		return k.add(s.Keep)
	}
	r.keepers[s.Name] = newKeeper(s.Keep)
	return false
}

// has tells whether the containers of a source are known as one already.
func (r *Reader) has(s backup.LogSource) bool {
	return slices.ContainsFunc(r.sources, func(known backup.LogSource) bool { return sameContainers(known, s) })
}

func sameContainers(a, b backup.LogSource) bool {
	return a.Name == b.Name && a.Namespace == b.Namespace && a.Selector == b.Selector && a.Pod == b.Pod && a.Container == b.Container
}

// joined adds a source; of one that is there already the times become wider.
func joined(all []backup.LogSource, s backup.LogSource) []backup.LogSource {
	i := slices.IndexFunc(all, func(known backup.LogSource) bool { return sameContainers(known, s) })
	if i < 0 {
		return append(all, s)
	}
	if s.From.Before(all[i].From) {
		all[i].From = s.From
	}
	if s.Until.IsZero() || !all[i].Until.IsZero() && s.Until.After(all[i].Until) {
		all[i].Until = s.Until
	}
	if all[i].Copied == nil {
		all[i].Copied = s.Copied
	}
	return all
}

// Add follows a further source, as when a data mover is started late. Of one that
// is known already further lines count, also some of those that passed by.
func (r *Reader) Add(s backup.LogSource) {
	r.mu.Lock()
	grew, live := r.keep(s), r.live
	speaking := slices.DeleteFunc(slices.Clone(r.order), func(c *container) bool { return c.source.Name != s.Name })
	if !r.has(s) {
		select {
		case r.added <- s:
			r.sources = append(r.sources, s)
		default: // so many at once are offered again at the next look
		}
	}
	r.mu.Unlock()
	if !grew || live == nil {
		return // lines that passed by are looked at when the stream begins
	}
	for _, c := range speaking {
		_ = c.reconsider(live) // its error is that the reader ends
	}
}

// Read hands on the lines of all sources by the container runtime's time. The
// error is that of emit or of the context; what could not be read is trouble.
func (r *Reader) Read(ctx context.Context, emit func(backup.LogEntry) error) error {
	for _, s := range r.given {
		r.discover(ctx, s)
	}
	if r.opts.Tail == 0 {
		return r.drain(ctx, r.chosen(emit), r.soFar)
	}
	last := newLastLines(r.opts.Tail)
	if err := r.drain(ctx, r.chosen(last.add), r.soFar); err != nil {
		return err
	}
	return last.handOn(emit)
}

// discover finds the containers of a source that have a log.
func (r *Reader) discover(ctx context.Context, s backup.LogSource) []*container {
	var found []*container
	err := podsOf(ctx, r.api, s, func(pod map[string]any) error {
		for _, c := range containersOf(s, pod) {
			state := statusOf(pod, c.name)
			if !state.started && state.restarts == 0 {
				continue
			}
			if c = r.learn(c, state); c != nil {
				found = append(found, c)
			}
		}
		return nil
	})
	if err != nil && ctx.Err() == nil {
		r.trouble("pods of "+s.Name, err)
	}
	return found
}

// learn notes a container; nil is one that is known already.
func (r *Reader) learn(c *container, state status) *container {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known[c.key()] != nil {
		return nil
	}
	c.restarts, c.keeper = state.restarts, r.keepers[c.source.Name]
	r.known[c.key()] = c
	r.order = append(r.order, c)
	return c
}

// drain reads the files, and every known container in the given way, merged by time.
func (r *Reader) drain(ctx context.Context, emit func(backup.LogEntry) error, read func(context.Context, *container, func(backup.LogEntry) error)) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	var streams []<-chan backup.LogEntry
	start := func(read func(each func(backup.LogEntry) error)) {
		stream := make(chan backup.LogEntry, 64)
		streams = append(streams, stream)
		go func() {
			defer close(stream)
			read(sendTo(inner, stream))
		}()
	}
	for i := range r.files { // first: of equal times the file is the one that is shown
		start(func(each func(backup.LogEntry) error) { r.readFile(inner, &r.files[i], each) })
	}
	for _, c := range r.order {
		start(func(each func(backup.LogEntry) error) { read(inner, c, each) })
	}
	if err := merge(streams, emit); err != nil {
		return err
	}
	return ctx.Err()
}

// soFar reads what a container has written until now. Unless only that was asked
// for, the instance before the present one comes first.
func (r *Reader) soFar(ctx context.Context, c *container, each func(backup.LogEntry) error) {
	opts := cluster.LogOptions{Since: r.opts.Since}
	if r.cutByServer(c) {
		opts.Tail = r.opts.Tail
	}
	instances := []bool{r.opts.Previous}
	if c.restarts > 0 && !r.opts.Previous {
		instances = []bool{true, false}
	}
	for _, opts.Previous = range instances {
		err := c.read(ctx, r.api, opts, each)
		// The instance before may be gone from the node, which is no trouble.
		if err != nil && ctx.Err() == nil && (!opts.Previous || r.opts.Previous) {
			r.trouble(c.human(), err)
		}
	}
}

func (r *Reader) trouble(what string, err error) { r.tell(Trouble{What: what, Err: err}) }

func (r *Reader) tell(t Trouble) {
	if r.opts.Trouble == nil || errors.Is(t.Err, context.Canceled) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opts.Trouble(t)
}

// What can come between two looks at a container.
var (
	errRestarted = errors.New("it restarted more than once since it was last read; the logs between are gone")
	errChanged   = errors.New("a pod changed")
)

func (c *container) key() string { return c.source.Name + "/" + c.pod.UID + "/" + c.name }

func (c *container) human() string {
	return "log of pod " + c.pod.Namespace + "/" + c.pod.Name + " container " + c.name
}

// sendTo hands entries to a channel until the context ends.
func sendTo(ctx context.Context, stream chan<- backup.LogEntry) func(backup.LogEntry) error {
	return func(e backup.LogEntry) error {
		select {
		case stream <- e:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
