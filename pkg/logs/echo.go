package logs

import (
	"hash/maphash"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// echoes tells lines that come twice: once from the container that wrote them, and
// once from a copy, such as the file in the bucket. Whichever comes first stays.
type echoes struct {
	seed  maphash.Seed
	known map[uint64]origin
}

// origin says from where a line is known.
type origin uint8

const (
	firstHand origin = 1 << iota
	copied
)

func newEchoes() *echoes {
	return &echoes{seed: maphash.MakeSeed(), known: map[uint64]origin{}}
}

// repeats notes a line and tells whether the other origin has brought it before.
// Equal lines of one origin are all shown: a program may say a thing twice.
func (e *echoes) repeats(entry backup.LogEntry) bool {
	from := firstHand
	if entry.Copied {
		from = copied
	}
	key := maphash.String(e.seed, entry.Text)
	before := e.known[key]
	e.known[key] = before | from
	return before&^from != 0
}

// without hands on what is not an echo. Where nothing can be copied, nothing is noted.
func (r *Reader) withoutEchoes(emit func(backup.LogEntry) error) func(backup.LogEntry) error {
	if r.echoes == nil {
		return emit
	}
	return func(e backup.LogEntry) error {
		if r.echoes.repeats(e) {
			return nil
		}
		return emit(e)
	}
}
