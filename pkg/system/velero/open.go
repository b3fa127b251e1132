package velero

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Limits bound what is read of a file, in bytes after decompression. They are
// there for files that somebody made to be endless; real ones are far below.
type Limits struct {
	Object   int64 // velero-backup.json; an object of Kubernetes has 1.5 MiB at most
	List     int64 // each of the compressed JSON files
	Contents int64 // the tarball
	Item     int64 // one object in the tarball that is looked into
	Log      int64 // the log
}

// DefaultLimits are those of a zero value.
func DefaultLimits() Limits {
	return Limits{Object: 8 << 20, List: 512 << 20, Contents: 256 << 30, Item: 8 << 20, Log: 64 << 30}
}

func (l Limits) orDefault() Limits {
	if l == (Limits{}) {
		return DefaultLimits()
	}
	return l
}

// openGzip streams what a compressed file holds. Whoever reads to the end has its
// checksum compared, too.
func openGzip(ctx context.Context, bucket Bucket, key string, limit int64) (io.ReadCloser, error) {
	object, err := bucket.Open(ctx, key)
	if err != nil {
		return nil, &SourceError{Key: key, Err: err}
	}
	source := &sourceReader{key: key, from: object}
	buffer := bufio.NewReaderSize(source, 64<<10)
	switch magic, err := buffer.Peek(2); {
	case len(magic) == 0 && errors.Is(err, io.EOF):
		return nil, errors.Join(&DamageError{Key: key, State: backup.FileEmpty, Err: errNoBytes}, object.Close())
	case err == nil && string(magic) != "\x1f\x8b": // RFC 1952
		return nil, errors.Join(&DamageError{Key: key, State: backup.FileCorrupt, Err: errPlain}, object.Close())
	}
	unzipped, err := gzip.NewReader(buffer)
	if err != nil {
		return nil, errors.Join(source.blame(err), object.Close())
	}
	return &gzipFile{limitReader: limitReader{key: key, from: unzipped, left: limit}, source: source, object: object}, nil
}

// gzipFile is a compressed file that is open.
type gzipFile struct {
	limitReader
	source *sourceReader
	object io.Closer
}

// Read gives errors their meaning: the storage's own, or damage of the file.
func (f *gzipFile) Read(p []byte) (int, error) {
	n, err := f.limitReader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = f.source.blame(err)
	}
	return n, err
}

// Close lets go of the object.
func (f *gzipFile) Close() error {
	if err := f.object.Close(); err != nil {
		return fmt.Errorf("close %q: %w", f.key, err)
	}
	return nil
}

// sourceReader remembers an error of the storage: behind a decompressor it would
// look like the end of a file that is cut off.
type sourceReader struct {
	key  string
	from io.Reader
	err  error
}

// Read reads from the storage.
func (r *sourceReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = &SourceError{Key: r.key, Err: err}
		return n, r.err
	}
	return n, err
}

// blame is the error of the storage if there was one, else damage.
func (r *sourceReader) blame(err error) error {
	if r.err != nil {
		return r.err
	}
	return damaged(r.key, err)
}

// limitReader ends with an error where io.LimitReader would pretend an end.
type limitReader struct {
	key  string
	from io.Reader
	left int64
}

// Read reads until the limit is crossed.
func (r *limitReader) Read(p []byte) (int, error) {
	if int64(len(p)) > r.left+1 {
		p = p[:r.left+1]
	}
	n, err := r.from.Read(p)
	if r.left -= int64(n); r.left < 0 {
		return 0, &DamageError{Key: r.key, State: backup.FileTooLarge, Err: errTooLarge}
	}
	return n, err
}

// readPlain reads a whole file that is not compressed.
func readPlain(ctx context.Context, bucket Bucket, key string, limit int64) ([]byte, error) {
	object, err := bucket.Open(ctx, key)
	if err != nil {
		return nil, &SourceError{Key: key, Err: err}
	}
	defer func() { _ = object.Close() }()
	data, err := io.ReadAll(&limitReader{key: key, from: &sourceReader{key: key, from: object}, left: limit})
	if err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, &DamageError{Key: key, State: backup.FileEmpty, Err: errNoBytes}
	}
	return data, nil
}
