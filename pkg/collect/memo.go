package collect

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// memoLimit is the longest list that is remembered. A longer one is read again
// by everyone who asks: to hold ten thousand objects costs more than that.
const memoLimit = 2000

// memo answers a read that was made before from memory, so that what many
// targets have in common (nodes, namespaces, events, the owner's Deployment) is
// asked for once. It is for looking only: what is about to be written is read anew.
type memo struct {
	cluster.Reader
	mu      sync.Mutex
	answers map[memoKey]*memoAnswer
	tails   map[memoKey]*memoTail
}

// memoTail is the end of one log.
type memoTail struct {
	mu   sync.Mutex
	tail *backup.LogTail
}

// memoKey tells reads apart; a read of one object has a name.
type memoKey struct {
	group, version, resource, namespace, name, labels, fields string
	metadata                                                  bool
}

// memoAnswer is what one read gave. Those who ask for the same wait for the first.
type memoAnswer struct {
	mu    sync.Mutex
	known bool
	long  bool // the list is longer than what is remembered
	items []map[string]any
	err   error
}

// Shared makes a collector over the same sources that makes no read twice. The
// objects that it reads are shared and must not be changed.
func (c *Collector) Shared() *Collector {
	sources := c.Sources
	sources.Cluster = &memo{Reader: c.Cluster, answers: map[memoKey]*memoAnswer{}, tails: map[memoKey]*memoTail{}}
	return New(sources)
}

func (m *memo) answer(key memoKey) *memoAnswer {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.answers[key] == nil {
		m.answers[key] = &memoAnswer{}
	}
	return m.answers[key]
}

// Get reads an object once.
func (m *memo) Get(ctx context.Context, s backup.Served, namespace, name string) (map[string]any, error) {
	answer := m.answer(memoKey{group: s.Group, version: s.Version, resource: s.Resource, namespace: namespace, name: name})
	answer.mu.Lock()
	defer answer.mu.Unlock()
	if !answer.known {
		object, err := m.Reader.Get(ctx, s, namespace, name)
		if ctx.Err() != nil { // the caller gave up; the next one may not
			return object, err
		}
		answer.known, answer.items, answer.err = true, []map[string]any{object}, err
	}
	return answer.items[0], answer.err
}

// List reads a list once, unless it is a long one or a page of it.
func (m *memo) List(ctx context.Context, s backup.Served, namespace string, opts cluster.ListOptions, each func(map[string]any) error) error {
	if opts.Limit > 0 || opts.Version != nil || opts.Writers {
		return m.Reader.List(ctx, s, namespace, opts, each)
	}
	answer := m.answer(memoKey{
		group: s.Group, version: s.Version, resource: s.Resource, namespace: namespace,
		labels: opts.LabelSelector, fields: opts.FieldSelector, metadata: opts.Metadata,
	})
	if answer.fill(ctx, func(each func(map[string]any) error) error { return m.Reader.List(ctx, s, namespace, opts, each) }) {
		return m.Reader.List(ctx, s, namespace, opts, each)
	}
	for _, item := range answer.items {
		if err := each(item); err != nil {
			return err
		}
	}
	return answer.err
}

// errLong ends the reading of a list that will not be remembered.
var errLong = errors.New("the list is longer than what is remembered")

// fill reads the list if nobody did before, and tells whether it has to be read
// by the caller itself: it is long, or the reading was given up.
func (a *memoAnswer) fill(ctx context.Context, list func(each func(map[string]any) error) error) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known {
		return a.long
	}
	var items []map[string]any
	err := list(func(item map[string]any) error {
		if len(items) == memoLimit {
			return errLong
		}
		items = append(items, item)
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return true
	case errors.Is(err, errLong):
		a.known, a.long = true, true
		return true
	}
	a.known, a.items, a.err = true, items, err
	return false
}

// tail reads the end of a log once: an operator has one log for all its objects.
func (m *memo) tail(ctx context.Context, pod backup.Ref, container string, read func() backup.LogTail) *backup.LogTail {
	key := memoKey{namespace: pod.Namespace, name: pod.Name, fields: container}
	m.mu.Lock()
	if m.tails[key] == nil {
		m.tails[key] = &memoTail{}
	}
	known := m.tails[key]
	m.mu.Unlock()
	known.mu.Lock()
	defer known.mu.Unlock()
	if known.tail != nil {
		return known.tail
	}
	tail := read()
	if ctx.Err() == nil {
		known.tail = &tail
	}
	return &tail
}

// The other abilities of a source are handed through; one that the source lacks
// is an error, so that it stays unknown.
var (
	errNoLogs    = errors.New("this source holds no logs")
	errNoSecrets = errors.New("this source holds no Secrets")
	errNoReviews = errors.New("this source answers no access reviews")
)

// Logs opens the log of one container.
func (m *memo) Logs(ctx context.Context, namespace, pod, container string, opts cluster.LogOptions) (io.ReadCloser, error) {
	if source, ok := m.Reader.(cluster.LogSource); ok {
		return source.Logs(ctx, namespace, pod, container, opts)
	}
	return nil, errNoLogs
}

// Secret reads the data of a Secret, each time anew: no value is remembered.
func (m *memo) Secret(ctx context.Context, namespace, name string) (map[string][]byte, error) {
	if source, ok := m.Reader.(cluster.SecretReader); ok {
		return source.Secret(ctx, namespace, name)
	}
	return nil, errNoSecrets
}

// MayI asks what this identity may do.
func (m *memo) MayI(ctx context.Context, verb string, ref backup.Ref, subresource string) (backup.Answer, string, error) {
	if source, ok := m.Reader.(cluster.AccessReviewer); ok {
		return source.MayI(ctx, verb, ref, subresource)
	}
	return backup.Unknown, "", errNoReviews
}

// MayUser asks what another user may do.
func (m *memo) MayUser(ctx context.Context, user, verb string, ref backup.Ref) (backup.Answer, string, error) {
	if source, ok := m.Reader.(cluster.SubjectReviewer); ok {
		return source.MayUser(ctx, user, verb, ref)
	}
	return backup.Unknown, "", errNoReviews
}
