package logs

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

// container is one container of a source, and how far its log was read.
type container struct {
	source backup.LogSource
	pod    backup.Ref
	name   string
	// restarts is the number of the instance that is read.
	restarts int64
	position position
	// inKey tells that a private key was begun on a line and has not ended.
	inKey bool
}

// status is what the pod says of a container.
type status struct {
	restarts int64
	started  bool // the present instance has a log
	ended    bool // it has ended and its log will not grow
	final    bool // no further instance will come
}

// read reads one log of the container from the position on, and hands each new
// line on. The error is of the request or of the stream; at the end it is nil.
func (c *container) read(ctx context.Context, source cluster.LogSource, opts cluster.LogOptions, each func(backup.LogEntry) error) error {
	opts.Timestamps = true
	if c.position.at.After(opts.Since) {
		opts.Since, opts.Tail = c.position.at, 0
	}
	log, err := source.Logs(ctx, c.pod.Namespace, c.pod.Name, c.name, opts)
	if err != nil {
		return err
	}
	defer log.Close()
	resumed := resumed{before: c.position}
	for buffer := bufio.NewReader(log); ; {
		text, err := readLine(buffer)
		if text != "" || err == nil {
			if err := c.take(text, &resumed, opts.Since, each); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// take hands on a line that is new and counts.
func (c *container) take(text string, resumed *resumed, since time.Time, each func(backup.LogEntry) error) error {
	at, own := runtimeTime(text)
	if !resumed.isNew(at) {
		return nil
	}
	c.position.advance(at)
	if !at.IsZero() && at.Before(since) { // the server cut since to a whole second
		return nil
	}
	own = c.redacted(own)
	line := Parse(own)
	if !keeps(c.source.Keep, line, own) {
		return nil
	}
	if at.IsZero() {
		at = line.At
	}
	return each(backup.LogEntry{
		Source: c.source.Name, Pod: c.pod, Container: c.name, At: at,
		Level: string(line.Level), Message: line.Message, Fields: line.Fields, Text: own,
	})
}

// redacted takes secrets out of a line. A private key has many lines, of which
// only the first and the last look like one.
func (c *container) redacted(line string) string {
	begins, ends := strings.Contains(line, "PRIVATE KEY-----"), strings.Contains(line, "-----END ")
	inKey := c.inKey
	switch {
	case begins && !ends:
		c.inKey = true
	case begins && ends:
		c.inKey = false
	}
	if inKey && !begins {
		return redact.Mask
	}
	return redact.Text(line)
}
