package logs

import "time"

// position is how far a container's log was read. The API server begins a log at
// a whole second only, so reading on from there brings lines again; they are told
// by their time and, among lines of the same time, by their number.
type position struct {
	at   time.Time
	seen int // lines with exactly this time
}

// reader compares the lines of one request with the position before it.
type resumed struct {
	before position
	same   int // lines of the time of before that this request brought
}

// isNew tells whether a line of this time was not read by an earlier request. A
// line without a time of the runtime cannot be compared and counts as new.
func (r *resumed) isNew(at time.Time) bool {
	switch {
	case at.IsZero() || at.After(r.before.at):
		return true
	case at.Before(r.before.at):
		return false
	}
	r.same++
	return r.same > r.before.seen
}

// advance notes a line that was read. A time that goes back, as a clock that is
// set does, leaves the position where it is.
func (p *position) advance(at time.Time) {
	switch {
	case at.After(p.at):
		*p = position{at: at, seen: 1}
	case at.Equal(p.at):
		p.seen++
	}
}
