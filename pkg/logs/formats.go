package logs

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"
)

// The keys of the formats for the three parts of a line.
var (
	timeKeys    = map[string]bool{"time": true, "ts": true, "timestamp": true, "@timestamp": true, "t": true}
	levelKeys   = map[string]bool{"level": true, "lvl": true, "severity": true}
	messageKeys = map[string]bool{"msg": true, "message": true}
)

// parseLogfmt reads key=value pairs, as logrus writes them. A level or a message
// has to be among them: other lines may look alike.
func parseLogfmt(s string) (Line, bool) {
	fields, ok := pairs(s)
	if !ok || len(fields) == 0 {
		return Line{}, false
	}
	line := Line{}
	for _, f := range fields {
		line.take(f.key, f.value)
	}
	return line, line.Level != "" || line.Message != ""
}

// parseJSON reads one JSON object.
func parseJSON(s string) (Line, bool) {
	if !strings.HasPrefix(s, "{") {
		return Line{}, false
	}
	var fields map[string]any
	decoder := json.NewDecoder(strings.NewReader(s))
	decoder.UseNumber()
	if err := decoder.Decode(&fields); err != nil || decoder.More() {
		return Line{}, false
	}
	line := Line{}
	for key, value := range fields {
		line.take(key, plainText(value))
	}
	return line, line.Level != "" || line.Message != ""
}

// plainText is a JSON value as a person writes it: a string without quotes.
func plainText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(data)
}

// take puts one field of a structured line into its place.
func (l *Line) take(key, value string) {
	switch name := strings.ToLower(key); {
	case timeKeys[name] && l.At.IsZero():
		if at, ok := anyTime(value); ok {
			l.At = at
			return
		}
	case levelKeys[name] && levelOf(value) != "":
		l.Level = levelOf(value)
		return
	case messageKeys[name]:
		l.Message = value
		return
	}
	l.add([]pair{{key, value}})
}

// times are the layouts of time fields.
var times = []string{time.RFC3339Nano, "2006/01/02 15:04:05.000 -07:00", "2006-01-02T15:04:05.000Z0700", "2006-01-02 15:04:05.000"}

// anyTime reads a time in one of the layouts, or as seconds since 1970.
func anyTime(s string) (time.Time, bool) {
	for _, layout := range times {
		if at, err := time.Parse(layout, s); err == nil {
			return at, true
		}
	}
	seconds, err := json.Number(s).Float64()
	if err != nil || seconds < 1e9 || seconds > 1e11 {
		return time.Time{}, false
	}
	whole, part := math.Modf(seconds)
	return time.Unix(int64(whole), int64(part*1e9)).UTC(), true
}

// parseConsole reads zap's console form: time, level, then names, caller, message
// and a JSON object of fields, with tabs between them.
func parseConsole(s string) (Line, bool) {
	parts := strings.Split(s, "\t")
	if len(parts) < 3 {
		return Line{}, false
	}
	at, ok := anyTime(parts[0])
	level := levelOf(parts[1])
	if !ok || level == "" {
		return Line{}, false
	}
	line := Line{At: at, Level: level}
	parts = parts[2:]
	if last := parts[len(parts)-1]; len(parts) > 1 && strings.HasPrefix(last, "{") {
		var fields map[string]any
		if err := json.Unmarshal([]byte(last), &fields); err == nil {
			for key, value := range fields {
				line.add([]pair{{key, plainText(value)}})
			}
			parts = parts[:len(parts)-1]
		}
	}
	line.Message = parts[len(parts)-1]
	return line, true
}
