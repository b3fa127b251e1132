package logs

import "bytes"

// scanned is how the scan of one line ended.
type scanned int

const (
	scanWhole   scanned = iota // to its end
	scanStopped                // the caller had enough
	scanStrange                // it has another form
)

// take is called for each field; the value is without its quotes, and escaped
// where a backslash is in it.
type take func(key, value []byte, escaped bool) bool

// scanPairs goes through key=value and key="quoted value". Keys but the first may
// hold spaces, which logrus does not quote: Velero has `gc backup=velero/shop`.
func scanPairs(line []byte, each take) scanned {
	first := true
	for line = bytes.TrimLeft(line, " "); len(line) > 0; line = bytes.TrimLeft(line, " ") {
		equals := bytes.IndexByte(line, '=')
		if equals <= 0 || first && bytes.IndexByte(line[:equals], ' ') >= 0 || bytes.IndexByte(line[:equals], '"') >= 0 {
			return scanStrange
		}
		first = false
		key, rest := line[:equals], line[equals+1:]
		var value []byte
		escaped := false
		if len(rest) > 0 && rest[0] == '"' {
			end := closingQuote(rest)
			if end < 0 {
				return scanStrange
			}
			value, line = rest[1:end], rest[end+1:]
			escaped = bytes.IndexByte(value, '\\') >= 0
		} else {
			end := bytes.IndexByte(rest, ' ')
			if end < 0 {
				end = len(rest)
			}
			value, line = rest[:end], rest[end:]
		}
		if !each(key, value, escaped) {
			return scanStopped
		}
	}
	return scanWhole
}

// closingQuote is the index of the quote that ends a string which begins with one, or -1.
func closingQuote(text []byte) int {
	for from := 1; from < len(text); {
		at := bytes.IndexByte(text[from:], '"')
		if at < 0 {
			return -1
		}
		at += from
		slashes := 0
		for at-1-slashes > 0 && text[at-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return at
		}
		from = at + 1
	}
	return -1
}

// scanObject goes through the fields of one JSON object; nested values are given
// as they are.
func scanObject(line []byte, each take) scanned {
	rest := bytes.TrimSpace(line)[1:]
	for {
		rest = bytes.TrimLeft(rest, " \t,")
		if len(rest) == 1 && rest[0] == '}' {
			return scanWhole
		}
		if len(rest) == 0 || rest[0] != '"' {
			return scanStrange
		}
		end := closingQuote(rest)
		if end < 0 {
			return scanStrange
		}
		key := rest[1:end]
		rest = bytes.TrimLeft(rest[end+1:], " \t")
		if len(rest) == 0 || rest[0] != ':' {
			return scanStrange
		}
		rest = bytes.TrimLeft(rest[1:], " \t")
		length, quoted := valueLength(rest)
		if length <= 0 {
			return scanStrange
		}
		value := rest[:length]
		if quoted {
			value = value[1 : length-1]
		}
		rest = rest[length:]
		if !each(key, value, quoted && bytes.IndexByte(value, '\\') >= 0) {
			return scanStopped
		}
	}
}

// valueLength is how long the JSON value at the start of a text is; -1 where it has no end.
func valueLength(text []byte) (length int, quoted bool) {
	if len(text) > 0 && text[0] == '"' {
		return closingQuote(text) + 1, true
	}
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			end := closingQuote(text[i:])
			if end < 0 {
				return -1, false
			}
			i += end
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i, false
			}
			depth--
		case ',':
			if depth == 0 {
				return i, false
			}
		}
	}
	return -1, false
}
