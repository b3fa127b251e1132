// Package crilog writes container logs in the form of the container runtime interface, which kwok serves to
// kubectl logs.
package crilog

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// File is the log of one container: a time, the stream, F for a full line, and the text. It is safe for use by
// several goroutines.
type File struct {
	mutex   sync.Mutex
	file    *os.File
	pending bytes.Buffer
}

// Open opens a log for appending, and makes its folder.
func Open(name string) (*File, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("create log folder: %w", err)
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return &File{file: file}, nil
}

// Write takes text; a last line without its end waits for the next call or for Close.
func (f *File) Write(text []byte) (int, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.pending.Write(text)
	for {
		end := bytes.IndexByte(f.pending.Bytes(), '\n')
		if end < 0 {
			return len(text), nil
		}
		if err := f.line(f.pending.Next(end + 1)[:end]); err != nil {
			return 0, err
		}
	}
}

// Close writes what is left and closes the file.
func (f *File) Close() error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.pending.Len() > 0 {
		if err := f.line(f.pending.Bytes()); err != nil {
			return err
		}
	}
	return f.file.Close()
}

func (f *File) line(text []byte) error {
	const nanoseconds = "2006-01-02T15:04:05.000000000Z07:00"
	_, err := fmt.Fprintf(f.file, "%s stdout F %s\n", time.Now().UTC().Format(nanoseconds), text)
	return err
}
