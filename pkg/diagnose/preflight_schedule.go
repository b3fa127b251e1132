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
