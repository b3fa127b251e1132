package render

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// fewMessages are how many errors, and how many warnings, are shown at first.
const fewMessages = 10

// messages lists the errors of the run and then its warnings, each with the line
// of the log that it is from.
func (p *page) messages(a *backup.Archive, detail Detail) {
	for _, part := range []struct {
		title    string
		severity backup.Severity
	}{{"Errors", backup.SeverityCause}, {"Warnings", backup.SeverityWarning}} {
		var of []backup.ArchiveMessage
		for _, m := range a.Messages {
			if m.Severity == part.severity {
				of = append(of, m)
			}
		}
		if len(of) == 0 {
			p.uncounted(part.title, recorded(a.Record, part.severity))
			continue
		}
		p.section(fmt.Sprintf("%s (%d):", part.title, len(of)))
		shown := of[:detail.most(fewMessages, len(of))]
		for _, m := range shown {
			p.message(m, detail)
		}
		p.more(len(of) - len(shown))
	}
	p.unassigned(a, detail)
}

// recorded is how many errors or warnings the object counts.
func recorded(r *backup.ArchiveRecord, severity backup.Severity) int64 {
	switch {
	case r == nil:
		return 0
	case severity == backup.SeverityCause:
		return r.Errors
	}
	return r.Warnings
}

// uncounted says that there are some of which nothing could be read.
func (p *page) uncounted(title string, n int64) {
	if n > 0 {
		p.section(fmt.Sprintf("%s: %d, of which nothing more could be read", title, n))
	}
}

func (p *page) message(m backup.ArchiveMessage, detail Detail) {
	text := messageWords(m)
	if detail != Whole {
		text = abridge(text)
	}
	p.item(2, mark(backup.StatusProblem, m.Severity), span{m.Scope, strong}, say("  "+text))
	if m.Line != nil {
		p.text(4, faint("log: "+p.lineWords(*m.Line, m.Text)))
	}
}

// messageWords is the message, or where its line is known what that says of which object.
func messageWords(m backup.ArchiveMessage) string {
	if m.Line == nil {
		return oneLine(m.Text)
	}
	about := joinWords(m.Line.Fields["resource"], m.Line.Fields["name"])
	return joinWith(": ", about, oneLine(m.Line.Message), oneLine(errorOf(*m.Line)))
}

// errorOf is the error of a line, under the names that logrus has for it.
func errorOf(line backup.LogEntry) string {
	if text := line.Fields["error"]; text != "" {
		return text
	}
	return line.Fields["error.message"]
}

// unassigned shows the errors in the log that are in no message: those of hooks
// and plugins often are not.
func (p *page) unassigned(a *backup.Archive, detail Detail) {
	if a.Log == nil {
		return
	}
	var lines []backup.LogEntry
	for _, line := range a.Log.Notable {
		said := slices.ContainsFunc(a.Messages, func(m backup.ArchiveMessage) bool {
			return m.Line != nil && m.Line.Message == line.Message && m.Line.At.Equal(line.At)
		})
		if line.Level == "error" && !said {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return
	}
	p.section(fmt.Sprintf("Other errors in the log (%d):", len(lines)))
	shown := lines[:detail.most(fewMessages, len(lines))]
	for _, line := range shown {
		p.item(2, mark(backup.StatusProblem, ""), say(joinWith(": ", oneLine(line.Message), oneLine(errorOf(line)))))
		p.text(4, faint("log: "+p.lineWords(line, line.Message+errorOf(line))))
	}
	p.more(len(lines) - len(shown))
}

// lineWords is when and where a line was written, and those of its fields that the
// text above it does not say.
func (p *page) lineWords(line backup.LogEntry, said string) string {
	words := []string{p.style.Time(line.At)}
	if !strings.Contains(said, line.Message) {
		words = append(words, oneLine(line.Message))
	}
	for _, key := range slices.Sorted(maps.Keys(line.Fields)) {
		value := line.Fields[key]
		switch {
		case key == "logSource", key == "error.file":
			value = sourceFile(value)
		case value == "" || key == "backup" || key == "restore" || key == "error.function" || strings.Contains(said, value):
			continue
		}
		words = append(words, key+"="+oneLine(value))
	}
	return strings.Join(words, "  ")
}

// sourceFile is a file below its module: "pkg/backup/backup.go:625".
func sourceFile(source string) string {
	if _, behind, ok := strings.Cut(source, "@"); ok {
		if _, file, ok := strings.Cut(behind, "/"); ok {
			return file
		}
	}
	return source
}
