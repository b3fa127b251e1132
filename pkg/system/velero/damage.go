package velero

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// DamageError is a file that was read and is not what it should be.
type DamageError struct {
	Key   string
	State backup.FileState // FileEmpty, FileTruncated, FileCorrupt or FileTooLarge
	Err   error
}

// Error names the file and what is wrong with it.
func (e *DamageError) Error() string { return fmt.Sprintf("file %q is %s: %v", e.Key, e.State, e.Err) }

// Unwrap is what the decoder said.
func (e *DamageError) Unwrap() error { return e.Err }

// SourceError is a file that the storage did not give, or not to its end.
type SourceError struct {
	Key string
	Err error
}

// Error names the file and why it could not be read.
func (e *SourceError) Error() string { return fmt.Sprintf("read %q: %v", e.Key, e.Err) }

// Unwrap is the error of the storage.
func (e *SourceError) Unwrap() error { return e.Err }

var (
	errCutOff   = errors.New("it ends in the middle")
	errPlain    = errors.New("it is not compressed")
	errNothing  = errors.New("nothing is compressed in it")
	errNoBytes  = errors.New("it has no bytes")
	errTooLarge = errors.New("it holds more than this tool reads")
	errMore     = errors.New("something follows its end")
	errNotList  = errors.New("it holds no list")
	errNotMap   = errors.New("it holds no object")
)

// state says what an error means for the file that was read.
func state(err error) (backup.FileState, string) {
	var damage *DamageError
	switch {
	case err == nil:
		return backup.FileSound, ""
	case errors.As(err, &damage):
		return damage.State, damage.Err.Error()
	case errors.Is(err, fs.ErrNotExist):
		return backup.FileMissing, ""
	}
	var source *SourceError
	if errors.As(err, &source) {
		return backup.FileUnread, source.Err.Error()
	}
	return backup.FileUnread, err.Error()
}

// damaged gives an error of a decoder its meaning. Errors of the storage and
// limits come through as they are.
func damaged(key string, err error) error {
	var (
		damage *DamageError
		source *SourceError
	)
	switch {
	case err == nil, errors.As(err, &damage), errors.As(err, &source):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &DamageError{Key: key, State: backup.FileTruncated, Err: errCutOff}
	case errors.Is(err, io.EOF):
		return &DamageError{Key: key, State: backup.FileEmpty, Err: errNothing}
	}
	return &DamageError{Key: key, State: backup.FileCorrupt, Err: err}
}
