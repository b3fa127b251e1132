package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"gocloud.dev/blob"

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

// walk lists all objects whose key in the bucket starts with a prefix. The
// driver of gocloud.dev rewrites unusual characters in prefixes and keys, so
// both are taken from the request and the answer themselves.
func (p *Place) walk(ctx context.Context, prefix string, keys int32, each func(key string, object backup.StoredObject) error) error {
	objects := p.bucket.List(&blob.ListOptions{BeforeList: func(as func(any) bool) error {
		var in *s3.ListObjectsV2Input
		if !as(&in) {
			return errors.New("the bucket does not list by ListObjectsV2")
		}
		in.MaxKeys = aws.Int32(keys)
		if prefix != "" {
			in.Prefix = aws.String(prefix)
		}
		return nil
	}})
	for {
		item, err := objects.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return p.fault(err)
		}
		var object types.Object
		if !item.As(&object) {
			return p.fault(&AnswerError{"the listing holds folders"})
		}
		if err := each(*object.Key, backup.StoredObject{Bytes: item.Size, Modified: item.ModTime}); err != nil {
			return err
		}
	}
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
	object, err := p.bucket.NewRangeReader(ctx, full, 0, -1, &blob.ReaderOptions{BeforeRead: func(as func(any) bool) error {
		var in *s3.GetObjectInput
		if !as(&in) {
			return errors.New("the bucket does not read by GetObject")
		}
		in.Key = aws.String(full)
		return nil
	}})
	if err != nil {
		return nil, p.readError(key, err)
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

func (p *Place) readError(key string, err error) error {
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return fmt.Errorf("object %q: %w", key, fs.ErrNotExist)
	}
	return p.fault(err)
}
