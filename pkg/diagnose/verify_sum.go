package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

func archiveSumEntries() []entry {
	return []entry{{Code{
		Code: "BK-R100", Title: "the bucket holds what the backup says",
		Explain: "All that was looked at is there, whole, and agrees with what the backup records of itself.",
		Why:     "This is how a backup should be.",
		Fix:     "Nothing needs to be done. That the data inside of snapshots and repositories is what it was, only a restore shows: Velero stores no checksums of it.",
		Danger:  "none", Source: archiveSource,
	}, judgeSum}}
}

// judgeSum says that all is fine if nothing else says otherwise, and was looked at.
func judgeSum(ev *backup.Evidence) []backup.Finding {
	a := ev.Archive
	if a == nil || !a.Seen() || a.Role == backup.RoleRestore {
		return nil
	}
	for _, e := range archiveChecks() {
		for _, f := range e.judge(ev) {
			if f.Status == backup.StatusUnknown || f.Status == backup.StatusProblem && f.Severity != backup.SeverityInfo {
				return nil
			}
		}
	}
	if a.Run == nil && !a.Holds(backup.FileContents) {
		return one(skipped("BK-R100", archiveSubject(ev), "the tarball was not read"))
	}
	return one(fine("BK-R100", archiveSubject(ev), "the bucket holds what the backup says"+archiveSummary(a)))
}
