package logs

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
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
	mask     mask

	keeper *keeper
	// mu guards what follows; the keeper may grow while lines are read.
	mu sync.Mutex
	// inCopy tells that lines of another container are being repeated.
	inCopy bool
	// passed are the last lines that did not count, for the case that they will.
	passed []passed
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
	if !at.IsZero() && (at.Before(since) || !c.during(at)) { // the server cut since to a whole second
		return nil
	}
	hidden := c.mask.hides(own)
	kept, copied := c.counts(passed{at, own}, hidden)
	if !kept {
		return nil
	}
	if hidden {
		own = redact.Mask
	}
	return each(c.entry(at, own, copied))
}

// entry is a line without secrets, taken apart.
func (c *container) entry(at time.Time, text string, copied bool) backup.LogEntry {
	text = redact.Text(text)
	line := Parse(text)
	if at.IsZero() {
		at = line.At
	}
	return backup.LogEntry{
		Source: c.source.Name, Pod: c.pod, Container: c.name, At: at, Copied: copied,
		Level: string(line.Level), Message: line.Message, Fields: line.Fields, Text: text,
	}
}

// during tells whether a time is within the bounds of the source.
func (c *container) during(at time.Time) bool {
	from, until := c.source.From, c.source.Until
	return !at.Before(from) && (until.IsZero() || !at.After(until))
}

// passed is a line as it came.
type passed struct {
	at   time.Time
	text string
}

// counts tells whether a line speaks of the object, or is repeated for it. One
// that does not is remembered for a while, unless it may not be shown at all.
func (c *container) counts(line passed, hidden bool) (kept, copied bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept = c.keeper.keeps(line.text)
	if marks := c.source.Copied; marks != nil {
		switch {
		case c.inCopy && strings.Contains(line.text, marks.End):
			c.inCopy = false
		case c.inCopy:
			return true, true
		case kept && strings.Contains(line.text, marks.Begin):
			c.inCopy = true
		}
	}
	if !kept && !hidden {
		c.passed = append(c.passed, line)
		if len(c.passed) > 2*maxPassed {
			c.passed = slices.Clone(c.passed[len(c.passed)-maxPassed:])
		}
	}
	return kept, false
}

// maxPassed is how many lines that did not count are remembered at least. A data
// mover is named within seconds of its first line.
const maxPassed = 1000

// reconsider hands on lines that did not count before and do now.
func (c *container) reconsider(each func(backup.LogEntry) error) error {
	c.mu.Lock()
	var kept, others []passed
	for _, line := range c.passed {
		if c.keeper.keeps(line.text) {
			kept = append(kept, line)
		} else {
			others = append(others, line)
		}
	}
	c.passed = others
	c.mu.Unlock()
	for _, line := range kept {
		if err := each(c.entry(line.at, line.text, false)); err != nil {
			return err
		}
	}
	return nil
}
