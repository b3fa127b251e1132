package logs

import (
	"strings"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// keeper tells which lines of the containers of a source count. What to look for
// may grow while they are read: data movers are named late. It is safe for
// concurrent use.
type keeper struct {
	mu     sync.RWMutex
	all    bool
	fields []wanted
	words  map[string]bool
}

// wanted are the values of one field, or of all that differ from it by case alone.
type wanted struct {
	name   string
	values map[string]bool
}

func newKeeper(matches []backup.LogMatch) *keeper {
	k := &keeper{all: len(matches) == 0, words: map[string]bool{}}
	k.add(matches)
	return k
}

// add looks for more, and tells whether any of it is new.
func (k *keeper) add(matches []backup.LogMatch) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	grew := false
	for _, m := range matches {
		values := k.words
		if m.Field != "" {
			values = k.values(m.Field)
		}
		grew = grew || !values[m.Value]
		values[m.Value] = true
	}
	return grew
}

// values are those of a field that is named.
func (k *keeper) values(field string) map[string]bool {
	for _, f := range k.fields {
		if strings.EqualFold(f.name, field) {
			return f.values
		}
	}
	values := map[string]bool{}
	k.fields = append(k.fields, wanted{field, values})
	return values
}

// keeps tells whether a line counts. The two forms of logrus are scanned as they
// are; others are parsed.
func (k *keeper) keeps(text string) bool {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if k.all {
		return true
	}
	for word := range k.words {
		if hasWord(text, word) {
			return true
		}
	}
	return len(k.fields) > 0 && k.keepsField(text)
}

func (k *keeper) keepsField(text string) bool {
	scan := scanPairs
	if strings.HasPrefix(text, "{") {
		scan = scanObject
	}
	found := false
	ended := scan([]byte(text), func(key, value []byte, escaped bool) bool {
		found = found || k.hasValue(string(key), value, escaped)
		return !found
	})
	if ended != scanStrange {
		return found
	}
	for name, value := range Parse(text).Fields {
		if k.hasValue(name, []byte(value), false) {
			return true
		}
	}
	return false
}

func (k *keeper) hasValue(field string, value []byte, escaped bool) bool {
	for _, f := range k.fields {
		if strings.EqualFold(f.name, field) {
			return f.values[plain(value, escaped)]
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
