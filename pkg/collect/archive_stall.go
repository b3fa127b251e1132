package collect

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// stallTime is how long the storage may send nothing of a file that is being
// read. How long a whole file takes is up to its size.
const stallTime = 30 * time.Second

var errStalled = errors.New("the storage stopped sending")

// impatient is a bucket whose files end with an error when nothing comes any more.
type impatient struct {
	velero.Bucket
	patience time.Duration
}

// Open streams one object, for as long as something comes.
func (b impatient) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	return whileItComes(ctx, b.patience, func(ctx context.Context) (io.ReadCloser, error) { return b.Bucket.Open(ctx, key) })
}

// whileItComes streams what is opened, for as long as something comes.
func whileItComes(ctx context.Context, patience time.Duration, open func(context.Context) (io.ReadCloser, error)) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	object, err := open(ctx)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	stalled := func() bool { return errors.Is(context.Cause(ctx), errStalled) }
	return &impatientFile{ReadCloser: object, cancel: cancel, stalled: stalled, patience: patience}, nil
}

// impatientFile is an object that is being read.
type impatientFile struct {
	io.ReadCloser
	cancel   context.CancelCauseFunc
	stalled  func() bool
	patience time.Duration
}

// Read gives up when nothing comes for too long.
func (f *impatientFile) Read(p []byte) (int, error) {
	timer := time.AfterFunc(f.patience, func() { f.cancel(errStalled) })
	n, err := f.ReadCloser.Read(p)
	timer.Stop()
	if err != nil && f.stalled() {
		err = errStalled
	}
	return n, err
}

// Close lets go of the object.
func (f *impatientFile) Close() error {
	defer f.cancel(nil)
	return f.ReadCloser.Close()
}

// impatientPlace is a place whose small files have to come at once.
type impatientPlace struct{ *storage.Place }

// Read returns a whole object of at most maxBytes bytes.
func (p impatientPlace) Read(ctx context.Context, key string, maxBytes int64) ([]byte, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, stallTime, errStalled)
	defer cancel()
	return p.Place.Read(ctx, key, maxBytes)
}
