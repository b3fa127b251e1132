package velero

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
)

// maxNotable bounds how many errors, and how many warnings, are kept of a log.
const maxNotable = 200

// logReading is what one pass over a log keeps.
type logReading struct {
	counted  backup.ArchiveLog
	errors   int
	warnings int
	hooks    hookRuns
}

// see looks at one line. Only the few lines that are kept are taken apart.
func (l *logReading) see(line []byte) {
	before := l.counted
	count(line, &l.counted)
	kept := 0
	switch {
	case l.counted.Errors > before.Errors:
		l.errors++
		kept = l.errors
	case l.counted.Warnings > before.Warnings:
		l.warnings++
		kept = l.warnings
	}
	hook := bytes.Contains(line, []byte("hookSource"))
	if (kept == 0 || kept > maxNotable) && !hook {
		return
	}
	parsed := logs.Parse(string(line))
	if kept > 0 && kept <= maxNotable {
		l.counted.Notable = append(l.counted.Notable, backup.LogEntry{
			Source: "log", At: parsed.At, Level: string(parsed.Level), Message: parsed.Message, Fields: parsed.Fields,
		})
	}
	if parsed.Fields["hookSource"] != "" {
		l.hooks.see(parsed)
	}
}

// readLog reads the log to its end.
func (r *reading) readLog(ctx context.Context, key string) (logReading, error) {
	read := logReading{}
	err := ReadLog(ctx, r.bucket, key, r.Limits, func(line []byte) error {
		read.see(line)
		return nil
	})
	return read, err
}

// hooksAndLog says which hooks there are, reads the log where something in it has to be
// explained, and gives each message its line.
func (r *reading) hooksAndLog(ctx context.Context, fromPods []backup.Hook) {
	r.archive.Hooks = gathered(append(specHooks(r.object()), fromPods...))
	file := r.archive.File(backup.FileLog)
	if !r.Explain || !file.State.Seen() || !r.wantsLog() {
		return
	}
	read, err := r.readLog(ctx, file.Key)
	settle(file, err)
	if err != nil {
		return
	}
	r.archive.Log = &read.counted
	r.archive.Hooks = read.hooks.tally(r.archive.Hooks)
	assign(r.archive.Messages, read.counted.Notable)
}

// object is the Backup or Restore: as the storage keeps it, else as the cluster does.
func (r *reading) object() map[string]any {
	if r.archive.Record != nil {
		return r.archive.Record.Object
	}
	return r.Object
}

// wantsLog tells whether the log has something to say that no other file does:
// what a message is about, or which hooks ran. Before 1.13 nothing counts hooks.
func (r *reading) wantsLog() bool {
	if len(r.archive.Messages)+len(r.archive.Hooks) > 0 || r.CountLog || r.small(backup.FileLog) {
		return true
	}
	status, _ := r.object()["status"].(map[string]any)
	if status == nil {
		return true
	}
	_, counted := status["hookStatus"]
	return !counted || r.hooksRan() || some(status["errors"]) || some(status["warnings"])
}

// hooksRan tells whether the object counts hooks.
func (r *reading) hooksRan() bool {
	status, _ := r.object()["status"].(map[string]any)
	hooks, _ := status["hookStatus"].(map[string]any)
	return some(hooks["hooksAttempted"])
}

// some tells whether a number is there and not zero, of whichever type.
func some(number any) bool { return number != nil && fmt.Sprint(number) != "0" }

// assign gives each message the line that it was made of. Velero makes the messages
// of a backup from its log (velero@v1.18.3 pkg/util/logging/log_counter_hook.go);
// those of a restore may have a line that holds the same text.
func assign(messages []backup.ArchiveMessage, lines []backup.LogEntry) {
	byText := map[string]*backup.LogEntry{}
	for i := range lines {
		for _, text := range []string{messageOf(lines[i]), lines[i].Message, errorText(lines[i])} {
			if _, known := byText[text]; text != "" && !known {
				byText[text] = &lines[i]
			}
		}
	}
	for i := range messages {
		messages[i].Line = byText[strings.TrimSpace(messages[i].Text)]
	}
}

func errorText(line backup.LogEntry) string {
	return strings.TrimSpace(orElse(line.Fields["error"], line.Fields["error.message"]))
}

// messageOf writes a line as Velero writes it into the results.
func messageOf(line backup.LogEntry) string {
	var b strings.Builder
	for _, part := range []struct{ name, text string }{
		{"resource", line.Fields["resource"]}, {"name", line.Fields["name"]}, {"message", line.Message}, {"error", errorText(line)},
	} {
		if part.text != "" {
			b.WriteString(" " + part.name + ": /" + part.text)
		}
	}
	return strings.TrimSpace(b.String())
}
