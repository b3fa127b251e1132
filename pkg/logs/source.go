package logs

import (
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Source is a set of containers of which some lines, or all, speak of one thing.
type Source struct {
	// Name is what a person calls it: "server", "node-agent", "run".
	Name      string
	Namespace string
	// Selector is a label selector of pods; with Pod set it is not used.
	Selector string
	Pod      string
	// Container is the only one that counts; empty is every container of the pod,
	// init containers first.
	Container string
	// Keep says which lines count; empty is every line.
	Keep []Match
}

// Match is one way in which a line speaks of something: a field of that value,
// or, without a field, a text that holds the value as a word of its own.
type Match struct{ Field, Value string }

// Entry is one line of one container.
type Entry struct {
	Source    string
	Pod       backup.Ref
	Container string
	// At is the container runtime's time, to the nanosecond.
	At time.Time
	// Text is the line as the program wrote it.
	Text string
	Line Line
}

// keeps tells whether a line counts.
func (s Source) keeps(line Line, text string) bool {
	if len(s.Keep) == 0 {
		return true
	}
	for _, m := range s.Keep {
		if m.Field == "" && hasWord(text, m.Value) || m.Field != "" && line.Fields[m.Field] == m.Value {
			return true
		}
	}
	return false
}

// hasWord tells whether a text holds a value that is not a part of a longer name.
func hasWord(text, value string) bool {
	for rest := text; value != ""; {
		i := strings.Index(rest, value)
		if i < 0 {
			return false
		}
		end := i + len(value)
		if (i == 0 || !namePart(rest[i-1])) && (end == len(rest) || !namePart(rest[end])) {
			return true
		}
		rest = rest[i+1:]
	}
	return false
}

// namePart tells whether a byte can be a part of an object's name. A dot can
// too, but more often it ends a sentence.
func namePart(b byte) bool {
	return b == '-' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
