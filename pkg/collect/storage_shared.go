package collect

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// sharedStorage opens each bucket once for all objects that lie in it: one
// reading of the Secret, one set of connections, one port-forward for each of these.
type sharedStorage struct {
	StorageSource
	mu     sync.Mutex
	opened map[string]*openedBucket
}

// openedBucket is a bucket, or why it could not be opened.
type openedBucket struct {
	once  sync.Once
	place *storage.Place
	err   error
}

func shareStorage(source StorageSource) *sharedStorage {
	return &sharedStorage{StorageSource: source, opened: map[string]*openedBucket{}}
}

// Open opens a place in a bucket, which stays open until the end.
func (s *sharedStorage) Open(ctx context.Context, l backup.Location, namespace string) (*storage.Place, error) {
	b := s.bucket(bucketKey(l, namespace))
	b.once.Do(func() { b.place, b.err = s.StorageSource.Open(ctx, l, namespace) })
	if b.err != nil {
		return nil, b.err
	}
	return b.place.At(l)
}

func (s *sharedStorage) bucket(key string) *openedBucket {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened[key] == nil {
		s.opened[key] = &openedBucket{}
	}
	return s.opened[key]
}

// bucketKey is all of a location that matters for opening its bucket.
func bucketKey(l backup.Location, namespace string) string {
	return fmt.Sprintf("%q", []any{namespace, l.Provider, l.Bucket, l.Endpoint, l.Region, l.PathStyle, l.Insecure, l.CABundle, l.Credentials})
}

// Close lets go of all connections.
func (s *sharedStorage) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, b := range s.opened {
		if b.place != nil {
			errs = append(errs, b.place.Close())
		}
	}
	return errors.Join(errs...)
}

// over is the collector over another source of storage. What the cluster serves is known.
func (c *Collector) over(ctx context.Context, source StorageSource) *Collector {
	sources := c.Sources
	sources.Storage = source
	other := New(sources)
	other.discovered.Do(func() {
		other.kinds, other.gaps, other.failed = c.Kinds(ctx)
		other.served = c.served
	})
	return other
}
