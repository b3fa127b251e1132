package logs

import "regexp"

// klogHeader is "E1121 09:06:31.123456       1 file.go:123] ".
var klogHeader = regexp.MustCompile(`^([IWEFD])(\d{4}) (\d\d:\d\d:\d\d\.\d{6})\s+(\d+) ([^\s\]]+:\d+)\] ?(.*)$`)

// parseKlog reads klog's text, also with a quoted message and key="value" after it.
func parseKlog(s string) (Line, bool) {
	m := klogHeader.FindStringSubmatch(s)
	if m == nil {
		return Line{}, false
	}
	// TiDB's backup manager repeats each line of BR in one of its own, always at
	// level info (pingcap/tidb-operator@v1.6.1 cmd/backup-manager/app/backup/backup.go).
	if inner, ok := parseBracket(m[6]); ok {
		return inner, true
	}
	line := Line{Level: levelOf(m[1]), Message: m[6], Fields: map[string]string{"caller": m[5]}}
	if message, rest, ok := cutQuoted(m[6]); ok {
		if fields, ok := pairs(rest); ok {
			line.Message = message
			line.add(fields)
		}
	}
	return line, true
}

// add keeps the fields that are not there yet.
func (l *Line) add(fields []pair) {
	for _, f := range fields {
		if l.Fields == nil {
			l.Fields = map[string]string{}
		}
		if _, there := l.Fields[f.key]; !there {
			l.Fields[f.key] = f.value
		}
	}
}
