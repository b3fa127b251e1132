package cluster

import "github.com/go-json-experiment/json/jsontext"

// Strings up to this many bytes are shared, and so many of them at most.
const (
	wordLength = 40
	wordCount  = 4096
)

// words are the strings of a list that come again and again: the names of
// fields, phases, namespaces. Each is kept once instead of once an object,
// which is most of what reading a big list allocates.
type words map[string]string

// unquote reads a JSON string.
func (w words) unquote(quoted []byte) (string, error) {
	if !plain(quoted) {
		text, err := jsontext.AppendUnquote(nil, quoted)
		return string(text), err
	}
	text := quoted[1 : len(quoted)-1]
	if shared, ok := w[string(text)]; ok {
		return shared, nil
	}
	own := string(text)
	if len(own) <= wordLength && len(w) < wordCount {
		w[own] = own
	}
	return own, nil
}

// plain tells whether a JSON string says what its bytes say: ASCII, no escape.
func plain(quoted []byte) bool {
	if len(quoted) < 2 || quoted[0] != '"' {
		return false
	}
	for _, b := range quoted[1 : len(quoted)-1] {
		if b >= 0x80 || b == '\\' {
			return false
		}
	}
	return true
}
