package render

import (
	"io"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// LogLines prints lines of logs, one below the other: time, source, and the line
// as the program wrote it. Each source has a colour of its own.
type LogLines struct {
	out   io.Writer
	style Style
	// raw prints the program's own line and nothing else.
	raw bool
	// pods are those seen of each source: with more than one, each line names its own.
	pods  map[string]map[string]bool
	tones map[string]string
	width int
}

// NewLogLines makes a printer. With raw, the bytes of each line go out as they are.
func NewLogLines(out io.Writer, style Style, raw bool) *LogLines {
	return &LogLines{out: out, style: style, raw: raw, pods: map[string]map[string]bool{}, tones: map[string]string{}}
}

// sourceColors tell sources apart; what they mean stands in the line itself.
var sourceColors = []string{"\x1b[36m", "\x1b[35m", "\x1b[34m", "\x1b[33m", "\x1b[32m", "\x1b[96m", "\x1b[95m", "\x1b[94m"}

// Print writes one line.
func (l *LogLines) Print(e backup.LogEntry) error {
	if l.raw {
		_, err := io.WriteString(l.out, e.Text+"\n")
		return err
	}
	at := strings.Repeat(" ", len(logTime))
	if !e.At.IsZero() {
		zone := l.style.Zone
		if zone == nil {
			zone = e.At.UTC().Location()
		}
		at = e.At.In(zone).Format(logTime)
	}
	label := l.label(e)
	l.width = max(l.width, widthOf(label))
	padded := label + strings.Repeat(" ", l.width-widthOf(label))
	_, err := io.WriteString(l.out, l.style.paint(faint(at))+"  "+l.painted(e.Source, padded)+"  "+l.style.paint(span{e.Text, levelTone(e.Level)})+"\n")
	return err
}

// logTime has no year: a log of a backup is of these days.
const logTime = "01-02 15:04:05.000"

// label is the source of a line, with the pod where there are several.
func (l *LogLines) label(e backup.LogEntry) string {
	if e.Pod.Name == "" {
		return e.Source
	}
	if l.pods[e.Source] == nil {
		l.pods[e.Source] = map[string]bool{}
	}
	l.pods[e.Source][e.Pod.Name+"/"+e.Container] = true
	if len(l.pods[e.Source]) == 1 {
		return e.Source
	}
	return e.Source + "/" + e.Pod.Name + "/" + e.Container
}

func (l *LogLines) painted(source, text string) string {
	text = Escape(text)
	if !l.style.Color {
		return text
	}
	if l.tones[source] == "" {
		l.tones[source] = sourceColors[len(l.tones)%len(sourceColors)]
	}
	return l.tones[source] + text + "\x1b[0m"
}

func levelTone(level string) tone {
	switch level {
	case "error", "fatal":
		return bad
	case "warning":
		return warn
	case "debug":
		return dim
	}
	return plain
}
