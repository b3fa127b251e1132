package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes every character visible that could move the cursor, recolour,
// reorder, hide or forge text on a terminal: control characters, bytes that are
// no UTF-8, bidirectional and invisible formatting. ESC becomes "^[" and CR
// "\r" as kubectl prints them, line breaks become "\n" and the others their Go
// escapes; a tab is a space. The result is one line of valid UTF-8.
func Escape(text string) string {
	if clean(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, `\x%02x`, text[i])
		} else {
			b.WriteString(escapeRune(r))
		}
		i += size
	}
	return b.String()
}

// Block is [Escape] for text of several lines, such as the message of a
// condition: it keeps the line breaks and escapes each line.
func Block(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = Escape(line)
	}
	return strings.Join(lines, "\n")
}

func clean(text string) bool {
	for i, r := range text {
		if hidden(r) {
			return false
		}
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return false
			}
		}
	}
	return true
}

// hidden tells whether a terminal acts on the rune instead of showing it. The
// format characters hold the bidirectional and zero-width ones; the default
// ignorable ones are letters that show nothing.
func hidden(r rune) bool {
	if r < utf8.RuneSelf {
		return r < ' ' || r == 0x7f
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point)
}

func escapeRune(r rune) string {
	switch {
	case !hidden(r):
		return string(r)
	case r == '\x1b':
		return "^["
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return " "
	case r <= 0xff:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}
