package timing

import (
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestARunThatIsDueComesBeforeTheOthers(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 30, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		cron      string
		last      time.Time
		due, next string
	}{
		"in time":              {"0 1 * * *", now.Add(-2 * time.Hour), "", "2026-11-22T01:00:00Z"},
		"missed":               {"0 1 * * *", now.Add(-20 * time.Hour), "2026-11-21T01:00:00Z", "2026-11-22T01:00:00Z"},
		"an interval goes on":  {"@every 6h", now.Add(-2 * time.Hour), "", "2026-11-21T13:30:00Z"},
		"an interval is over":  {"@every 6h", now.Add(-7 * time.Hour), "2026-11-21T08:30:00Z", "2026-11-21T15:30:00Z"},
		"just made":            {"@every 6h", now, "", "2026-11-21T15:30:00Z"},
		"its time is just now": {"30 9 * * *", now.Add(-time.Hour), "2026-11-21T09:30:00Z", "2026-11-22T09:30:00Z"},
	} {
		table := backup.Timetable{Cron: tc.cron}
		if err := count(&table, tc.last, now, time.UTC); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		due := ""
		if table.Due != nil {
			due = table.Due.Format(time.RFC3339)
		}
		if next := table.Next[0].Format(time.RFC3339); due != tc.due || next != tc.next || len(table.Next) != shown {
			t.Errorf("%s: due %q, next %s of %d, want %q and %s", name, due, next, len(table.Next), tc.due, tc.next)
		}
	}
	if err := count(&backup.Timetable{Cron: "0 0 31 2 *"}, now, now, time.UTC); err == nil {
		t.Error("the 31st of February is a day")
	}
}
