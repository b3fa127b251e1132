package logs

import (
	"strconv"
	"strings"
)

// pair is one key=value of a line.
type pair struct{ key, value string }

// pairs reads key=value and key="quoted value", separated by spaces. It is false
// unless the whole text is made of them. Keys but the first may hold spaces, which
// logrus does not quote.
func pairs(s string) ([]pair, bool) {
	var out []pair
	for s = strings.TrimLeft(s, " "); s != ""; s = strings.TrimLeft(s, " ") {
		key, rest, found := strings.Cut(s, "=")
		if !found || key == "" || strings.ContainsAny(key, "\"\t") || len(out) == 0 && strings.Contains(key, " ") {
			return nil, false
		}
		value, rest := cutValue(rest)
		out = append(out, pair{key, value})
		s = rest
	}
	return out, true
}

// cutValue takes a quoted value or a word off the front.
func cutValue(s string) (value, rest string) {
	if value, rest, ok := cutQuoted(s); ok {
		return value, rest
	}
	value, rest, _ = strings.Cut(s, " ")
	return value, rest
}

// cutQuoted takes a double-quoted string off the front and unquotes it.
func cutQuoted(s string) (value, rest string, ok bool) {
	quoted, err := strconv.QuotedPrefix(s)
	if err != nil || quoted[0] != '"' {
		return "", s, false
	}
	value, err = strconv.Unquote(quoted)
	if err != nil {
		return "", s, false
	}
	return value, s[len(quoted):], true
}
