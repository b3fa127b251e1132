package render

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// tone is the colour of a span of text.
type tone int

const (
	plain tone = iota
	good
	bad
	warn
	dim
	strong
)

// ansi is the escape sequence that begins the tone.
func (t tone) ansi() string {
	return [...]string{plain: "", good: "\x1b[32m", bad: "\x1b[31m", warn: "\x1b[33m", dim: "\x1b[2m", strong: "\x1b[1m"}[t]
}

// reset is the escape sequence that ends every tone.
const reset = "\x1b[0m"

// span is text of one tone. It holds text as it came; only paint writes it.
type span struct {
	text string
	tone tone
}

func say(text string) span   { return span{text: text} }
func faint(text string) span { return span{text, dim} }

// paint is the only way of text into an output. Escaping comes before
// colouring, so that the only escape sequences are those of this package.
func (s Style) paint(p span) string {
	text := Escape(p.text)
	if !s.Color || p.tone == plain || text == "" {
		return text
	}
	return p.tone.ansi() + text + reset
}

// mark is the symbol of an answer: × problem, √ ok, ? unknown, – skipped.
// A problem that is no cause is "!".
func mark(status backup.Status, severity backup.Severity) span {
	switch status {
	case backup.StatusOK:
		return span{"\u221a", good}
	case backup.StatusProblem:
		if severity == backup.SeverityWarning || severity == backup.SeverityInfo {
			return span{"!", warn}
		}
		return span{"\u00d7", bad}
	case backup.StatusUnknown:
		return span{"?", warn}
	case backup.StatusSkipped:
		return span{"\u2013", dim}
	}
	return span{}
}

// phaseTone repeats in colour what the phase says.
func phaseTone(p backup.Phase) tone {
	switch p {
	case backup.PhaseCompleted, backup.PhaseActive, backup.PhaseAvailable:
		return good
	case backup.PhaseFailed, backup.PhaseInvalid, backup.PhaseUnavailable:
		return bad
	case backup.PhasePartiallyFailed, backup.PhaseDeleting, backup.PhaseUnknown:
		return warn
	}
	return plain
}
