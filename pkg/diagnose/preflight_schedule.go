package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

func preflightScheduleEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-B601", Title: "the schedule makes a backup at once",
			Explain: "It does not wait for its next time: a run is due already, or its system begins with one.",
			Why:     "The schedule was paused when a time of its came, and what is missed is made up for once. e-backup, and Velero up to 1.6, make the first backup as soon as the schedule is there.",
			Fix:     "With Velero --skip-immediately leaves the run out.",
			Danger:  "none: it is one more backup, which needs time and space",
			Source:  "velero@v1.18.3 pkg/controller/schedule_controller.go getNextRunTime; velero@v1.6.3 the same",
		}, judgeAtOnce},
		{Code{
			Code: "BK-B602", Title: "the schedule would make no backup all the same",
			Explain: "Something keeps the schedule from making backups, so that it stays without effect to set it to work.",
			Why:     "Its last backup does not come to an end, and its system makes no other one before.",
			Fix:     "Bring the last backup to an end, or delete it.",
			Danger:  "Until then there are no new backups.",
			Source:  "the checks of the profile; pingcap/tidb-operator@v1.6.1 pkg/backup/backupschedule",
		}, judgeHeld},
	}
}

func judgeAtOnce(ev *backup.Evidence) []backup.Finding {
	if ev.Preflight == nil {
		return nil
	}
	var found []backup.Finding
	for _, t := range ev.Preflight.Timetables {
		switch {
		case t.Paused || t.Skips || t.AtOnce == "" && t.Due == nil:
			continue
		case t.AtOnce != "":
			found = append(found, problem("BK-B601", backup.SeverityWarning, t.Schedule, t.AtOnce))
		default:
			f := problem("BK-B601", backup.SeverityWarning, t.Schedule, t.Schedule.Human()+" makes a backup at once, for a run is due already")
			f.Proof = []backup.Proof{{Source: "cron expression and last run", Text: t.Cron, At: t.Due}}
			found = append(found, f)
		}
	}
	return found
}

// judgeHeld warns of what a diagnosis of the schedule would call a cause. That its
// last run is not known to have ended is no reason to leave it paused.
func judgeHeld(ev *backup.Evidence) []backup.Finding {
	if ev.Preflight == nil {
		return nil
	}
	var found []backup.Finding
	for _, c := range ev.Checked {
		if c.Severity != backup.SeverityCause {
			continue
		}
		if len(c.Hits) == 0 {
			found = append(found, notChecked(ev, backup.Checked{CheckRule: backup.CheckRule{Code: "BK-B602"}, Unreadable: c.Unreadable}, "something keeps the schedule from making backups"))
			continue
		}
		f := checked(ev, c)
		f.Code, f.Severity = "BK-B602", backup.SeverityWarning
		found = append(found, f)
	}
	return found
}
