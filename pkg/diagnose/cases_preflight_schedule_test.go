package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// planned is a schedule that is set to work, and of which a run is due.
func planned() *backup.Evidence {
	schedule := ref("velero.io", "schedules", "Schedule", "nightly")
	return &backup.Evidence{
		At: clock("09:00:00"), Object: backup.Object{System: "velero", Role: backup.RoleSchedule, Ref: schedule},
		Preflight: &backup.Preflight{Timetables: []backup.Timetable{{Schedule: schedule, Cron: "0 1 * * *", Zone: "UTC", Due: at("01:00:00")}}},
	}
}

func onTimetable(change func(*backup.Timetable)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(&ev.Preflight.Timetables[0]) }
}

func preflightScheduleCases() []codeCase {
	eBackup := onTimetable(func(t *backup.Timetable) { t.Due, t.AtOnce = nil, "e-backup makes the first backup at once" })
	held := func(c backup.Checked) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			c.Code, c.Severity = "BK-T101", backup.SeverityCause
			ev.Checked = append(ev.Checked, c)
		}
	}
	late := func(ev *backup.Evidence) {
		hits("BK-T102", "last")(ev)
		ev.Checked[0].Severity = backup.SeverityWarning
	}
	return []codeCase{
		{code: "BK-B602", status: backup.StatusProblem, base: planned, raise: held(backup.Checked{Lookup: backup.Found, Hits: []backup.Blocker{{Because: "no further backup is made"}}}), clear: late},
		{code: "BK-B602", status: backup.StatusUnknown, base: planned, raise: held(backup.Checked{Lookup: backup.Denied, Unreadable: []string{"backups: forbidden"}}), clear: nil},
		{code: "BK-B601", status: backup.StatusProblem, base: planned, clear: onTimetable(func(t *backup.Timetable) { t.Due = nil })},
		{code: "BK-B601", status: backup.StatusProblem, base: planned, clear: onTimetable(func(t *backup.Timetable) { t.Skips = true })},
		{code: "BK-B601", status: backup.StatusProblem, base: planned, raise: eBackup, clear: onTimetable(func(t *backup.Timetable) { t.Paused = true })},
	}
}

func TestAPreflightWarnsOrIsSkipped(t *testing.T) {
	rows := Preflight(*planned(), nil)
	i := slices.IndexFunc(rows, func(r backup.GateResult) bool { return r.Condition == "schedule" })
	if i < 0 || rows[i].State != backup.GateWarning || !strings.HasSuffix(rows[i].Because, "(BK-B601)") || rows[i].Finding == nil {
		t.Fatalf("rows %+v; want a warning of the check schedule", rows)
	}
	rows = Preflight(*planned(), []backup.PreflightCheck{"schedule"})
	i = slices.IndexFunc(rows, func(r backup.GateResult) bool { return r.Condition == "schedule" })
	if i < 0 || rows[i].State != backup.GateShown || rows[i].Because != "skipped, as asked" {
		t.Errorf("rows %+v; want the check schedule skipped", rows)
	}
	if !slices.Contains(PreflightChecks(backup.RoleSchedule), "schedule") {
		t.Error("the check schedule has no name")
	}
}

func TestARowOfThePreflightHasTheStateOfItsFinding(t *testing.T) {
	for want, f := range map[backup.GateState]backup.Finding{
		backup.GatePass:    {Status: backup.StatusOK},
		backup.GateShown:   {Status: backup.StatusSkipped},
		backup.GateRefuse:  {Status: backup.StatusProblem, Severity: backup.SeverityCause},
		backup.GateWarning: {Status: backup.StatusUnknown},
	} {
		if got := gateRow("x", f).State; got != want {
			t.Errorf("%s %s: %s, want %s", f.Status, f.Severity, got, want)
		}
	}
}
