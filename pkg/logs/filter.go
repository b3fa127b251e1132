package logs

import (
	"bytes"
	"slices"
	"strconv"
	"time"
)

// Filter chooses lines of a log without taking them apart, for logs of many
// gigabytes. The zero value takes every line.
//
// A line that says neither level nor time is taken: it may continue the one before
// it. A line that lacks a wanted field is not.
type Filter struct {
	// Level is the least grave level that is taken; empty takes all.
	Level Level
	// Since and Until bound the program's own time; zero is unbounded.
	Since, Until time.Time
	// Fields are wanted all; each with one of its values.
	Fields []FieldFilter
}

// FieldFilter wants a field to have one of the values, such as backup=velero/a or,
// as other controllers write it, backup=a.
type FieldFilter struct {
	Name   string
	Values []string
}

// Match tells whether the filter takes a line, without its newline. Logrus's two
// forms, logfmt and JSON, are scanned as they are; others are parsed.
func (f *Filter) Match(line []byte) bool {
	if f.Level == "" && f.Since.IsZero() && f.Until.IsZero() && len(f.Fields) == 0 {
		return true
	}
	m := matching{filter: f}
	scan := scanPairs
	if bytes.HasPrefix(line, []byte("{")) {
		scan = scanObject
	}
	switch scan(line, m.take) {
	case scanStopped:
		return false
	case scanStrange:
		return f.matchParsed(Parse(string(line)))
	}
	return m.complete()
}

func (f *Filter) matchParsed(line Line) bool {
	if line.Level != "" && line.Level.rank() < f.Level.rank() {
		return false
	}
	if !line.At.IsZero() && !f.takesTime(line.At) {
		return false
	}
	for _, field := range f.Fields {
		if value, there := line.Fields[field.Name]; !there || !slices.Contains(field.Values, value) {
			return false
		}
	}
	return true
}

func (f *Filter) takesTime(at time.Time) bool {
	return (f.Since.IsZero() || !at.Before(f.Since)) && (f.Until.IsZero() || at.Before(f.Until))
}

// rank orders levels; what is not said is below all.
func (l Level) rank() int { return slices.Index([]Level{Debug, Info, Warning, Error, Fatal}, l) }

// matching is one line being scanned.
type matching struct {
	filter *Filter
	found  uint64 // a bit for each wanted field
}

// take looks at one field and tells whether the line can still be taken.
func (m *matching) take(key, value []byte, escaped bool) bool {
	switch {
	case m.filter.Level != "" && string(key) == "level":
		level := wordLevel(value)
		return level == "" || level.rank() >= m.filter.Level.rank()
	case string(key) == "time":
		return m.takeTime(value)
	}
	for i, field := range m.filter.Fields {
		if i < 64 && string(key) == field.Name && field.has(value, escaped) {
			m.found |= 1 << i
		}
	}
	return true
}

func (m *matching) takeTime(value []byte) bool {
	if m.filter.Since.IsZero() && m.filter.Until.IsZero() {
		return true
	}
	var at time.Time
	if err := at.UnmarshalText(value); err != nil {
		return true
	}
	return m.filter.takesTime(at)
}

func (m *matching) complete() bool {
	wanted := min(len(m.filter.Fields), 64)
	return m.found == 1<<wanted-1
}

func (f FieldFilter) has(value []byte, escaped bool) bool {
	return slices.Contains(f.Values, plain(value, escaped))
}

// plain is a value without its escapes.
func plain(value []byte, escaped bool) string {
	text := string(value)
	if escaped {
		if unquoted, err := strconv.Unquote(`"` + text + `"`); err == nil {
			return unquoted
		}
	}
	return text
}

// wordLevel knows the words of logrus without making a string of each.
func wordLevel(word []byte) Level {
	switch string(word) {
	case "debug", "trace":
		return Debug
	case "info":
		return Info
	case "warning", "warn":
		return Warning
	case "error":
		return Error
	case "fatal", "panic":
		return Fatal
	}
	return levelOf(string(word))
}
