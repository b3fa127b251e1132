package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// TooLargeError is an object that is longer than the reader wanted to take.
type TooLargeError struct {
	Key      string
	MaxBytes int64
}

// Error names the object and the limit in bytes.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("object %q is larger than %d bytes", e.Key, e.MaxBytes)
}

// List calls each for every object of the place, page by page. It stops with
// the first error of each, which is returned as it is; other errors are a
// *Fault. Keys are the server's own text and may hold anything.
func (p *Place) List(ctx context.Context, each func(backup.StoredObject) error) error {
	if p.prefix != "" {
		self, err := p.Stat(ctx, SelfKey)
		switch {
		case err == nil:
			if err := each(self); err != nil {
				return err
			}
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	if p.object {
		return nil
	}
	return p.walk(ctx, p.folder(), pageSize, func(key string, object backup.StoredObject) error {
		relative, inside := p.relative(key)
		if !inside {
			return nil
		}
		object.Key = relative
		return each(object)
	})
}

// walk lists all objects whose key in the bucket starts with a prefix.
func (p *Place) walk(ctx context.Context, prefix string, keys int32, each func(key string, object backup.StoredObject) error) error {
	var stopped error
	_, err := p.store.list(ctx, query{prefix: prefix, keys: keys, all: true}, func(object backup.StoredObject) error {
		stopped = each(object.Key, object)
		return stopped
	})
	if err == nil || stopped != nil {
		return stopped
	}
	return p.fault(err)
}

// errEnough ends a walk that found what it looked for.
var errEnough = errors.New("enough")

// Stat finds one object by listing it: unlike a HEAD request that tells a
// missing object from a denied one. The error is fs.ErrNotExist for a missing
// one, else a *Fault or that of a key that would leave the place.
func (p *Place) Stat(ctx context.Context, key string) (backup.StoredObject, error) {
	full, err := p.full(key)
	if err != nil {
		return backup.StoredObject{}, err
	}
	var found *backup.StoredObject
	// The key itself is the first of all that start with it.
	err = p.walk(ctx, full, 1, func(first string, object backup.StoredObject) error {
		if first == full {
			object.Key = key
			found = &object
		}
		return errEnough
	})
	switch {
	case err != nil && !errors.Is(err, errEnough):
		return backup.StoredObject{}, err
	case found == nil:
		return backup.StoredObject{}, fmt.Errorf("object %q: %w", key, fs.ErrNotExist)
	}
	return *found, nil
}

// Read returns a whole object of at most maxBytes bytes; a longer one is a
// *TooLargeError, a missing one fs.ErrNotExist.
func (p *Place) Read(ctx context.Context, key string, maxBytes int64) ([]byte, error) {
	full, err := p.full(key)
	if err != nil {
		return nil, err
	}
	object, err := p.store.open(ctx, full)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("object %q: %w", key, fs.ErrNotExist)
	case err != nil:
		return nil, p.fault(err)
	}
	defer func() { _ = object.Close() }()
	data, err := io.ReadAll(io.LimitReader(object, maxBytes+1))
	if err != nil {
		return nil, p.fault(err)
	}
	if int64(len(data)) > maxBytes {
		return nil, &TooLargeError{Key: key, MaxBytes: maxBytes}
	}
	return data, nil
}
