package logs

import (
	"regexp"
	"strings"
	"time"
)

// Line is one line of a log, taken apart.
type Line struct {
	// At is the container runtime's time where the line begins with it, else the
	// program's own; zero where neither says it. klog says no year, and so no time.
	At      time.Time
	Level   Level
	Message string
	Fields  map[string]string
}

// Level is how grave a line is; empty is not said.
type Level string

// The levels, as every format's own word is brought to them.
const (
	Debug   Level = "debug"
	Info    Level = "info"
	Warning Level = "warning"
	Error   Level = "error"
	Fatal   Level = "fatal"
)

// levels are the words of the formats, lower case.
var levels = map[string]Level{
	"trace": Debug, "debug": Debug, "dbg": Debug, "d": Debug,
	"info": Info, "information": Info, "notice": Info, "i": Info,
	"warn": Warning, "warning": Warning, "w": Warning,
	"error": Error, "err": Error, "e": Error,
	"dpanic": Fatal, "panic": Fatal, "fatal": Fatal, "critical": Fatal, "f": Fatal,
}

func levelOf(word string) Level { return levels[strings.ToLower(word)] }

// failure are the words by which a line without a level speaks of an error.
var failure = regexp.MustCompile(`(?i)\b(?:errors?|failed|failure|fatal|panic|denied|refused|cannot)\b`)

// Failed tells whether the line speaks of an error: by its level, or by its
// words where it has none.
func (l Line) Failed() bool {
	switch l.Level {
	case Error, Fatal:
		return true
	case "":
		return failure.MatchString(l.Message)
	}
	return false
}

// parsers are tried in order; each says whether the line has its format.
var parsers = []func(string) (Line, bool){parseJSON, parseKlog, parseBracket, parseConsole, parseLogfmt}

// Parse takes one line apart. It never fails: what has no known format is the message.
func Parse(s string) Line {
	s = strings.TrimRight(s, "\r\n")
	at, rest := runtimeTime(s)
	line, known := Line{Message: rest}, false
	for _, parse := range parsers {
		if line, known = parse(rest); known {
			break
		}
	}
	if !known {
		line = Line{Message: rest}
	}
	if !at.IsZero() {
		line.At = at
	}
	return line
}

// runtimeTime cuts off the time that the API puts before a line. The separator is
// one space; a program's own time is followed by a tab or a level.
func runtimeTime(s string) (time.Time, string) {
	word, rest, found := strings.Cut(s, " ")
	if !found || len(word) < len("2006-01-02T15:04:05Z") {
		return time.Time{}, s
	}
	at, err := time.Parse(time.RFC3339Nano, word)
	if err != nil {
		return time.Time{}, s
	}
	return at, rest
}
