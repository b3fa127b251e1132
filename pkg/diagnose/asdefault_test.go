package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestAsDefault(t *testing.T) {
	t.Parallel()
	ev := reached()
	if !OnlyDefault(*ev) {
		t.Error("it is the only default")
	}
	other := ref("velero.io", "backupstoragelocations", "BackupStorageLocation", "b")
	ev.Location.Defaults, ev.Location.Server.ReadOnly, ev.Object.Phase = append(ev.Location.Defaults, other), true, backup.PhaseUnavailable
	var states []string
	for _, row := range AsDefault(*ev) {
		states = append(states, row.Condition+" "+string(row.State))
	}
	if got := strings.Join(states, ", "); got != "available warning, writable warning, instead-of shown" || OnlyDefault(*ev) {
		t.Error(got)
	}
	if rows := AsDefault(*reached()); len(rows) != 2 || rows[1].Because != "no other location is the default" {
		t.Errorf("%+v", rows)
	}
	if rows := AsDefault(backup.Evidence{}); len(rows) != 1 {
		t.Errorf("%+v", rows)
	}
}
