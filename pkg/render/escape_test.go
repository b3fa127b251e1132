package render

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// dangerous are runes that must never reach a terminal.
const dangerous = "\x00\x07\x08\x1b\r\x7f\u0080\u009b\u009d\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\ufeff\U000e0041"

func TestEscape(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"plain text":        {"backup-test", "backup-test"},
		"chinese":           {"备份-一号", "备份-一号"},
		"escape":            {"\x1b[31mred", "^[[31mred"},
		"carriage return":   {"a\rb", `a\rb`},
		"line break":        {"a\nb", `a\nb`},
		"tab":               {"a\tb", "a b"},
		"bell":              {"\x07", `\x07`},
		"delete":            {"\x7f", `\x7f`},
		"c1 csi":            {"\u009b2J", `\x9b2J`},
		"raw c1 byte":       {"\x9b2J", `\x9b2J`},
		"invalid utf-8":     {"\xff\xfe", `\xff\xfe`},
		"bidi override":     {"a\u202eb", `a\u202eb`},
		"bidi isolate":      {"\u2066", `\u2066`},
		"arabic mark":       {"\u061c", `\u061c`},
		"zero width space":  {"a\u200bb", `a\u200bb`},
		"byte order mark":   {"\ufeff", `\ufeff`},
		"tag character":     {"\U000e0041", `\U000e0041`},
		"invisible letter":  {"\u3164", `\u3164`},
		"replacement rune":  {"\ufffd", "\ufffd"},
		"hyperlink of osc8": {"\x1b]8;;http://x\x1b\\", "^[]8;;http://x^[\\"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Escape(c.text); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestBlockKeepsLineBreaks(t *testing.T) {
	if got, want := Block("a\r\nb\x1b\n\tc"), "a\nb^[\n c"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzEscape(f *testing.F) {
	for _, seed := range []string{"", "backup-test", "备份", dangerous, "\xff", "a\nb\tc"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Escape(text)
		if !utf8.ValidString(got) {
			t.Fatalf("%q becomes invalid UTF-8: %q", text, got)
		}
		if i := strings.IndexFunc(got, forbidden); i >= 0 {
			t.Fatalf("%q keeps a hidden character at %d: %q", text, i, got)
		}
		if again := Escape(got); again != got {
			t.Fatalf("escaping %q twice differs: %q", got, again)
		}
		if lines := strings.Count(Block(text), "\n"); lines != strings.Count(text, "\n") {
			t.Fatalf("a block of %q has %d line breaks", text, lines)
		}
	})
}

// forbidden is an own list, so that the test does not believe the code under test.
func forbidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r <= 0x9f, r == 0xad, r == 0x061c, r == 0xfeff,
		r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}
