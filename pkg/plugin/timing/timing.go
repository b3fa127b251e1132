// Package timing finds out when a schedule runs, for the verbs that make, pause and
// resume schedules.
package timing

import (
	"context"
	"errors"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// shown is how many coming runs are told.
const shown = 5

// errNoCron says that a schedule has no cron expression.
var errNoCron = errors.New("when backups are made is missing")

// Table is the timetable of a schedule as it is in the cluster or is to be made.
// The error is that of its cron expression.
func Table(ctx context.Context, c *collect.Collector, kind *system.Kind, raw map[string]any, now time.Time) (backup.Timetable, error) {
	how, _ := compose.SchedulingOf(kind.System)
	text := func(path string) string {
		value, _ := compose.Get(raw, path).(string)
		return value
	}
	flag := func(path string) bool {
		value, _ := compose.Get(raw, path).(bool)
		return path != "" && value
	}
	t := backup.Timetable{
		Schedule: kind.Served.Ref(text("metadata.namespace"), text("metadata.name")),
		Cron:     text(how.Cron), Paused: flag(how.Paused), Skips: flag(how.Skip),
	}
	if t.Cron == "" {
		return t, errNoCron
	}
	zone, from := c.Zone(ctx, kind, t.Schedule.Namespace)
	t.Zone, t.ZoneFrom = zone.String(), from
	isNew := text("metadata.creationTimestamp") == ""
	if isNew {
		t.AtOnce = how.AtOnce
	}
	return t, count(&t, countedFrom(kind, raw, how, now, isNew), now, zone)
}

// countedFrom is the time from which the next run is counted: the last run, or the making
// of the schedule, and what was left out since.
func countedFrom(kind *system.Kind, raw map[string]any, how compose.Scheduling, now time.Time, isNew bool) time.Time {
	if isNew {
		return now
	}
	row := kind.Row(raw)
	last := row.Created
	if row.LastRun != nil {
		last = *row.LastRun
	}
	skipped, _ := compose.Get(raw, how.Skipped).(string)
	if at, err := time.Parse(time.RFC3339, skipped); err == nil && at.After(last) {
		last = at
	}
	return last
}

// count fills in the coming runs, and the one that is due.
func count(t *backup.Timetable, last, now time.Time, zone *time.Location) error {
	runs, err := system.Runs(t.Cron, last, shown, zone)
	if err != nil {
		return err
	}
	if runs[0].After(now) {
		t.Next = runs
		return nil
	}
	t.Due = &runs[0]
	t.Next, err = system.Runs(t.Cron, now, shown, zone)
	return err
}
