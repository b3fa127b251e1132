package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// ListPrefix calls each for the objects of the place whose relative key starts
// with a prefix, such as one folder and its slash. Errors are those of List.
func (p *Place) ListPrefix(ctx context.Context, prefix string, each func(backup.StoredObject) error) error {
	if p.object {
		return fmt.Errorf("prefix %q: the place is the single object %q", prefix, p.prefix)
	}
	if err := checkPath(prefix); err != nil {
		return fmt.Errorf("prefix %q: %w", prefix, err)
	}
	return p.walk(ctx, p.folder()+prefix, pageSize, func(key string, object backup.StoredObject) error {
		relative, inside := p.relative(key)
		if !inside {
			return nil
		}
		object.Key = relative
		return each(object)
	})
}

// Open streams an object, for those that are too large for Read. Reading has no
// deadline but that of the context. A missing object is fs.ErrNotExist; other errors, also
// those in the middle, are a *Fault.
func (p *Place) Open(ctx context.Context, key string) (io.ReadCloser, error) {
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
	return &stream{ReadCloser: object, fault: p.fault}, nil
}

// stream is an object that is being read.
type stream struct {
	io.ReadCloser
	fault func(error) *Fault
}

// Read makes a *Fault of what goes wrong.
func (s *stream) Read(data []byte) (int, error) {
	n, err := s.ReadCloser.Read(data)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, s.fault(err)
	}
	return n, err
}
