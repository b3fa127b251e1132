package logs

import (
	"cmp"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// lastLines keeps the last entries of each source, in a ring for each, so that
// the end of a log of any length takes the same memory.
type lastLines struct {
	limit int
	count int
	rings map[string]*ring
}

// ring holds the last entries of one source; next is the place of the oldest.
type ring struct {
	entries []numbered
	next    int
}

// numbered is an entry with its place in the whole stream.
type numbered struct {
	backup.LogEntry
	number int
}

func newLastLines(limit int64) *lastLines {
	return &lastLines{limit: int(limit), rings: map[string]*ring{}}
}

func (l *lastLines) add(e backup.LogEntry) error {
	kept := l.rings[e.Source]
	if kept == nil {
		kept = &ring{}
		l.rings[e.Source] = kept
	}
	l.count++
	if entry := (numbered{e, l.count}); len(kept.entries) < l.limit {
		kept.entries = append(kept.entries, entry)
	} else {
		kept.entries[kept.next] = entry
		kept.next = (kept.next + 1) % l.limit
	}
	return nil
}

// handOn gives the kept entries in the order in which they came.
func (l *lastLines) handOn(emit func(backup.LogEntry) error) error {
	var all []numbered
	for _, r := range l.rings {
		all = append(all, r.entries...)
	}
	slices.SortFunc(all, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
	for _, e := range all {
		if err := emit(e.LogEntry); err != nil {
			return err
		}
	}
	return nil
}

// cutByServer tells whether the server may send the last lines of a container
// alone: each of them counts, and none is left out later.
func (r *Reader) cutByServer(c *container) bool {
	s := c.source
	return len(s.Keep) == 0 && s.Copied == nil && s.From.IsZero() && s.Until.IsZero() && r.echoes == nil && r.opts.Level == ""
}
