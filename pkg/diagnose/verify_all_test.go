package diagnose

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestVerifyAll(t *testing.T) {
	yes := backup.Verification{Status: backup.StatusOK, Restorable: backup.Yes}
	warned := backup.Verification{Status: backup.StatusProblem, Restorable: backup.Yes}
	no := backup.Verification{Status: backup.StatusProblem, Restorable: backup.No}
	open := backup.Verification{Status: backup.StatusUnknown}
	denied := []backup.Gap{{What: "backups", Lookup: backup.Denied}}
	for name, c := range map[string]struct {
		items   []backup.Verification
		gaps    []backup.Gap
		status  backup.Status
		verdict string
	}{
		"fine":              {[]backup.Verification{yes, yes}, nil, backup.StatusOK, "nothing speaks against restoring 2 backups"},
		"a warning":         {[]backup.Verification{warned}, nil, backup.StatusProblem, "nothing speaks against restoring 1 backup"},
		"one is lost":       {[]backup.Verification{yes, no}, nil, backup.StatusProblem, "1 of 2 backups cannot be restored in full"},
		"one is not known":  {[]backup.Verification{yes, open}, nil, backup.StatusUnknown, "1 of 2 backups cannot be judged"},
		"both":              {[]backup.Verification{open, no, open}, nil, backup.StatusProblem, "1 of 3 backups cannot be restored in full, 2 cannot be judged"},
		"not all seen":      {[]backup.Verification{yes}, denied, backup.StatusUnknown, "nothing speaks against restoring 1 backup, and not all could be looked at"},
		"nothing seen":      {nil, denied, backup.StatusUnknown, "no backup could be looked at"},
		"nothing there":     {nil, nil, backup.StatusSkipped, "there is no backup"},
		"lost and not seen": {[]backup.Verification{no}, denied, backup.StatusProblem, "1 of 1 backup cannot be restored in full, and not all could be looked at"},
	} {
		t.Run(name, func(t *testing.T) {
			got := VerifyAll(clock("09:00:00"), backup.ClusterInfo{}, c.items, c.gaps)
			if got.Status != c.status || got.Verdict != c.verdict {
				t.Errorf("%s: %q, want %s: %q", got.Status, got.Verdict, c.status, c.verdict)
			}
		})
	}
}
