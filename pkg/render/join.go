package render

import "strings"

// joinWith joins the parts that are not empty.
func joinWith(separator string, parts ...string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, separator)
}

func joinComma(parts ...string) string { return joinWith(", ", parts...) }

func joinWords(parts ...string) string { return joinWith(" ", parts...) }

// oneLine folds the line breaks and blanks of a message that is shown in a
// sentence; other hidden characters are left for Escape to show.
func oneLine(text string) string { return strings.Join(strings.FieldsFunc(text, blank), " ") }

func blank(r rune) bool { return r == ' ' || r == '\n' || r == '\r' || r == '\t' }
