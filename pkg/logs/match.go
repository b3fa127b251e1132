package logs

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// keeps tells whether a line counts.
func keeps(matches []backup.LogMatch, line Line, text string) bool {
	if len(matches) == 0 {
		return true
	}
	for _, m := range matches {
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
