package collect

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// dripping is a bucket whose file gives one byte at once and the next one never.
type dripping struct{}

func (dripping) List(context.Context, string, func(backup.StoredObject) error) error { return nil }
func (dripping) Stat(context.Context, string) (backup.StoredObject, error) {
	return backup.StoredObject{}, nil
}
func (dripping) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if key == "missing" {
		return nil, io.ErrUnexpectedEOF
	}
	return io.NopCloser(&drip{wait: func() error { <-ctx.Done(); return ctx.Err() }}), nil
}

type drip struct {
	wait func() error
	sent bool
}

func (d *drip) Read(p []byte) (int, error) {
	if !d.sent {
		d.sent = true
		return copy(p, "x"), nil
	}
	return 0, d.wait()
}

func TestAFileThatStopsComingIsGivenUp(t *testing.T) {
	bucket := impatient{dripping{}, 20 * time.Millisecond}
	file, err := bucket.Open(context.Background(), "file")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if string(data) != "x" || !errors.Is(err, errStalled) {
		t.Errorf("read %q, error %v; want the first byte and then a stall", data, err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}

func TestAnInterruptedFileIsNoStall(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	file, err := impatient{dripping{}, time.Minute}.Open(ctx, "file")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	cancel()
	if _, err := io.ReadAll(file); !errors.Is(err, context.Canceled) || errors.Is(err, errStalled) {
		t.Errorf("error %v, want that of the caller", err)
	}
	if _, err := (impatient{dripping{}, time.Minute}).Open(context.Background(), "missing"); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("error %v, want that of the bucket", err)
	}
}
