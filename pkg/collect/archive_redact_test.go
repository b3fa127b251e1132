package collect

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// A message and the line that it is from are the same value, of which either may be shown.
func TestHooksAndLinesAreRedacted(t *testing.T) {
	line := backup.LogEntry{Message: "dump failed: password=hunter2", Fields: map[string]string{"error": "--token hunter2", "name": "db-0", "secretKey": "secret_key=hunter2"}}
	a := backup.Archive{
		Log:      &backup.ArchiveLog{Notable: []backup.LogEntry{line}},
		Hooks:    []backup.Hook{{Command: []string{"dump", "--password", "hunter2", "--host=db", "--api-key=hunter2"}, Error: "password: hunter2"}},
		Messages: []backup.ArchiveMessage{{Text: "password=hunter2"}},
	}
	a.Messages[0].Line = &a.Log.Notable[0]
	redactArchive(&a)
	hook, seen := a.Hooks[0], *a.Messages[0].Line
	for _, text := range append(slices.Clone(hook.Command), hook.Error, seen.Message, seen.Fields["secretKey"], a.Messages[0].Text) {
		if strings.Contains(text, "hunter2") {
			t.Errorf("%q is shown", text)
		}
	}
	if hook.Command[0] != "dump" || hook.Command[3] != "--host=db" || seen.Fields["name"] != "db-0" {
		t.Errorf("too much is masked: %q, %q", hook.Command, seen.Fields)
	}
}
