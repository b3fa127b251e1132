package logs

import "strings"

// parseBracket reads the log format of TiDB, BR and TiKV, each part in brackets:
// [time] [LEVEL] [file:line] ["message"] [key=value] [error="…"]
// (pingcap/log@v1.1.0 zap_text_encoder.go).
func parseBracket(s string) (Line, bool) {
	parts, ok := brackets(s)
	if !ok || len(parts) < 3 {
		return Line{}, false
	}
	at, ok := anyTime(parts[0])
	level := levelOf(parts[1])
	if !ok || level == "" {
		return Line{}, false
	}
	line := Line{At: at, Level: level, Fields: map[string]string{"caller": parts[2]}}
	for i, part := range parts[3:] {
		if i == 0 {
			line.Message = unquoted(part)
			continue
		}
		if key, value, found := cutField(part); found {
			line.add([]pair{{key, value}})
		}
	}
	return line, true
}

// cutField splits key=value, each of which may be quoted.
func cutField(s string) (key, value string, found bool) {
	if quoted, rest, ok := cutQuoted(s); ok && strings.HasPrefix(rest, "=") {
		return quoted, unquoted(rest[1:]), true
	}
	key, value, found = strings.Cut(s, "=")
	return key, unquoted(value), found
}

func unquoted(s string) string {
	if value, rest, ok := cutQuoted(s); ok && rest == "" {
		return value
	}
	return s
}

// brackets splits "[a] [b] [c]"; brackets inside of quotes do not count.
func brackets(s string) ([]string, bool) {
	var out []string
	for s != "" {
		if s[0] != '[' {
			return nil, false
		}
		end := closing(s)
		if end < 0 {
			return nil, false
		}
		out = append(out, s[1:end])
		s = strings.TrimLeft(s[end+1:], " ")
	}
	return out, true
}

// closing is the index of the bracket that closes the first, or -1.
func closing(s string) int {
	quoted := false
	for i := 1; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ']' && !quoted:
			return i
		}
	}
	return -1
}
