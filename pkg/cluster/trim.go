package cluster

import "io"

// Where the metadata of an item lies in a list: {"items":[{"metadata":{…}}]}.
const (
	itemDepth     = 3
	metadataDepth = 4
)

// trimmer reads a list and leaves out what is in the managedFields of its items.
// They are often more than half of an answer, and to decode them is most of the
// work of a list, while only who looks at one object asks who set what.
type trimmer struct {
	source io.Reader

	depth      int
	inString   bool
	escaped    bool
	key        []byte // the latest string at one of the two depths
	inMetadata bool
	armed      bool // the value that comes next is managedFields
	skipping   bool
}

func newTrimmer(source io.Reader) *trimmer {
	return &trimmer{source: source, key: make([]byte, 0, 32)}
}

// Read reads on and keeps what is kept in its place.
func (t *trimmer) Read(p []byte) (int, error) {
	for {
		n, err := t.source.Read(p)
		kept := 0
		for _, c := range p[:n] {
			if t.keeps(c) {
				p[kept] = c
				kept++
			}
		}
		if kept > 0 || err != nil || len(p) == 0 {
			return kept, err
		}
	}
}

// keeps takes one byte in and tells whether it is handed on. The brackets of
// the list that is left out are.
func (t *trimmer) keeps(c byte) bool {
	if t.inString {
		t.inside(c)
		return !t.skipping
	}
	switch c {
	case '"':
		t.inString, t.key = true, t.key[:0]
	case ':':
		t.name()
	case ',':
		t.armed = false
	case '{', '[':
		t.depth++
		if c == '[' && t.armed && !t.skipping {
			t.armed, t.skipping = false, true
			return true
		}
	case '}', ']':
		t.depth--
		if t.skipping && t.depth == metadataDepth {
			t.skipping = false
		}
	}
	return !t.skipping
}

// inside takes in one byte of a string.
func (t *trimmer) inside(c byte) {
	switch {
	case t.escaped:
		t.escaped = false
	case c == '\\':
		t.escaped = true
	case c == '"':
		t.inString = false
		return
	}
	if len(t.key) < cap(t.key) && (t.depth == itemDepth || t.depth == metadataDepth) {
		t.key = append(t.key, c)
	}
}

// name notes which field the value that follows belongs to.
func (t *trimmer) name() {
	switch t.depth {
	case itemDepth:
		t.inMetadata = string(t.key) == "metadata"
	case metadataDepth:
		t.armed = t.inMetadata && !t.skipping && string(t.key) == "managedFields"
	}
}
