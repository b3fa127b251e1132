package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

// File is a log that lies elsewhere than in the cluster: in the bucket, after the end.
type File struct {
	Source string // what a person calls it
	// Lines hands on each line without its newline, good until the call returns. The
	// error of a log that is not there is fs.ErrNotExist: it may come later.
	Lines func(ctx context.Context, each func(line []byte) error) error
}

// readFile hands on the lines of a file. One that was read is not read again.
func (r *Reader) readFile(ctx context.Context, file *File, each func(backup.LogEntry) error) {
	if file.Lines == nil || r.opts.Previous {
		return
	}
	filter := Filter{Level: r.opts.Level, Since: r.opts.Since}
	var at time.Time
	var secrets mask
	err := file.Lines(ctx, func(line []byte) error {
		if hidden := secrets.hides(string(line)); hidden || !filter.Match(line) {
			return nil
		}
		entry := fileEntry(file.Source, string(line))
		if entry.At.IsZero() {
			entry.At = at // it goes on from the line before
		}
		at = entry.At
		return each(entry)
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil && ctx.Err() == nil:
		r.trouble("log of "+file.Source, fmt.Errorf("%s", redact.Text(err.Error())))
	}
	file.Lines = nil
}

func fileEntry(source, text string) backup.LogEntry {
	text = redact.Text(text)
	line := Parse(text)
	return backup.LogEntry{
		Source: source, At: line.At, Level: string(line.Level), Message: line.Message, Fields: line.Fields, Text: text, Copied: true,
	}
}
