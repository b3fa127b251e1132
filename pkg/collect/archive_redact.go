package collect

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

// redactArchive takes secrets out of the texts that others wrote into files of
// the bucket: they are shown, and recorded with the evidence.
func redactArchive(a *backup.Archive) {
	a.Error, a.ServerError = redact.Text(a.Error), redact.Text(a.ServerError)
	for i := range a.Files {
		a.Files[i].Detail = redact.Text(a.Files[i].Detail)
	}
	if r := a.Record; r != nil {
		r.Failure, r.Object = redact.Text(r.Failure), redact.Object(r.Object)
	}
	for i := range a.Volumes {
		v := &a.Volumes[i]
		v.Why = redact.Text(v.Why)
		if v.Stored != nil {
			v.Stored.Error = redact.Text(v.Stored.Error)
		}
	}
	for i := range a.Operations {
		o := &a.Operations[i]
		o.Error, o.Note = redact.Text(o.Error), redact.Text(o.Note)
	}
	for i := range a.Messages {
		a.Messages[i].Text = redact.Text(a.Messages[i].Text)
	}
	for i := range a.Hooks {
		redactHook(&a.Hooks[i])
	}
	if a.Log != nil {
		for i := range a.Log.Notable {
			redactEntry(&a.Log.Notable[i])
		}
	}
	for i := range a.Repositories {
		a.Repositories[i].Error = redact.Text(a.Repositories[i].Error)
	}
	if a.Run != nil {
		for i := range a.Run.Unread {
			a.Run.Unread[i] = redact.Text(a.Run.Unread[i])
		}
	}
}

// redactHook takes secrets out of a command and of what it said. A flag's value
// may be the next argument, which only the whole list tells.
func redactHook(h *backup.Hook) {
	h.Error = redact.Text(h.Error)
	command := make([]any, len(h.Command))
	for i, argument := range h.Command {
		command[i] = argument
	}
	clean, _ := redact.Object(map[string]any{"command": command})["command"].([]any)
	for i := range clean {
		h.Command[i], _ = clean[i].(string)
	}
}

// redactEntry takes secrets out of one line of a log, which messages point to, too.
func redactEntry(e *backup.LogEntry) {
	e.Message, e.Text = redact.Text(e.Message), redact.Text(e.Text)
	for key, value := range e.Fields {
		e.Fields[key] = redact.Text(value)
	}
}
