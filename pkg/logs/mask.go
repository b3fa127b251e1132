package logs

import "strings"

// mask follows private keys through a log: they have many lines, of which only
// the first and the last look like one.
type mask struct {
	inKey bool
}

// hides tells whether a line is in the middle or at the end of a private key. Lines
// are given in their order; what else is secret in them is not looked at.
func (m *mask) hides(line string) bool {
	begins, ends := strings.Contains(line, "PRIVATE KEY-----"), strings.Contains(line, "-----END ")
	inKey := m.inKey
	switch {
	case begins && !ends:
		m.inKey = true
	case begins && ends:
		m.inKey = false
	}
	return inKey && !begins
}
