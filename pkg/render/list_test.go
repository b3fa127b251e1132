package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func named(system, name string, phase backup.Phase, data backup.DataState, age time.Duration) backup.Object {
	return backup.Object{
		System: system, Role: backup.RoleBackup, Phase: phase, Data: data, Created: ago(age),
		Ref: backup.Ref{Group: "velero.io", Resource: "backups", Kind: "Backup", Namespace: "velero", Name: name},
	}
}

// backups are ordinary ones of several systems, in the states that take most room.
func backups() []backup.Object {
	daily := named("velero", "daily-20261124020000", backup.PhaseCompleted, backup.DataMoved, 33*time.Hour)
	daily.SizeBytes, daily.Expires, daily.Schedule = ptr(int64(41<<30)), ptr(now.Add(29*24*time.Hour)), "daily"
	daily.Locations = []backup.Location{{Provider: "s3", Bucket: "velero", Prefix: "backups/daily-20261124020000"}, place()}
	moving := named("velero", "daily-20261125020000", backup.PhaseRunning, backup.DataMoving, 9*time.Hour)
	moving.NativePhase = "WaitingForPluginOperations"
	moving.Works = []backup.Work{
		{Role: backup.WorkMove, Phase: backup.PhaseCompleted}, {Role: backup.WorkMove, Phase: backup.PhaseRunning},
	}
	unseen := named("velero", "weekly-20261122030000", backup.PhaseCompleted, backup.DataMoving, 80*time.Hour)
	unseen.Works = []backup.Work{{Role: backup.WorkMove}}
	partial := named("velero", "manual", backup.PhasePartiallyFailed, backup.DataUnknown, 5*time.Minute)
	future := named("vitess-operator", "commerce-80-2026-11", backup.PhaseUnknown, backup.DataUnknown, time.Minute)
	future.NativePhase = "Archiving"
	return []backup.Object{daily, moving, unseen, partial, stuck(), future}
}

func listed(t *testing.T, o ListOptions, s Style, objects ...backup.Object) string {
	t.Helper()
	list := NewList(o, s)
	for _, object := range objects {
		list.Add(object)
	}
	if list.Len() != len(objects) {
		t.Errorf("the list has %d rows for %d objects", list.Len(), len(objects))
	}
	return output(t, func(w *bytes.Buffer) error { return list.Print(w) })
}

func TestListFitsIntoEightyColumns(t *testing.T) {
	ordinary := slices.DeleteFunc(backups(), func(o backup.Object) bool { return o.Phase == backup.PhaseUnknown })
	for line := range strings.Lines(listed(t, ListOptions{Role: backup.RoleBackup}, pipe, ordinary...)) {
		if width := widthOf(strings.TrimSuffix(line, "\n")); width > 80 {
			t.Errorf("%d columns: %s", width, line)
		}
	}
}

func TestListGolden(t *testing.T) {
	schedule := named("velero", "daily", backup.PhasePaused, "", 700*time.Hour)
	schedule.Role, schedule.Cron, schedule.LastRun = backup.RoleSchedule, "0 2 * * *", ptr(ago(9*time.Hour))
	restore := named("velero", "restore-1", backup.PhaseRunning, backup.DataMoving, time.Hour)
	restore.Role, restore.Progress = backup.RoleRestore, &backup.Progress{Done: 3 << 30, Total: 41 << 30, Unit: "bytes"}
	location := named("velero", "default", backup.PhaseUnavailable, "", 700*time.Hour)
	location.Role, location.Locations = backup.RoleLocation, []backup.Location{place()}
	for name, c := range map[string]struct {
		options ListOptions
		style   Style
		objects []backup.Object
	}{
		"list":            {ListOptions{Role: backup.RoleBackup}, pipe, backups()},
		"list-color":      {ListOptions{Role: backup.RoleBackup}, colored, backups()},
		"list-wide":       {ListOptions{Role: backup.RoleBackup, Wide: true, Namespaces: true}, pipe, backups()},
		"list-no-headers": {ListOptions{Role: backup.RoleBackup, NoHeaders: true}, pipe, backups()[:1]},
		"list-schedule":   {ListOptions{Role: backup.RoleSchedule}, pipe, []backup.Object{schedule}},
		"list-restore":    {ListOptions{Role: backup.RoleRestore}, pipe, []backup.Object{restore}},
		"list-location":   {ListOptions{Role: backup.RoleLocation, Wide: true}, pipe, []backup.Object{location}},
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, listed(t, c.options, c.style, c.objects...)) })
	}
}

func TestListOfNothingIsEmpty(t *testing.T) {
	if got := listed(t, ListOptions{}, pipe); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestRestorable(t *testing.T) {
	for _, c := range []struct {
		phase   backup.Phase
		data    backup.DataState
		deleted bool
		want    backup.Answer
	}{
		{backup.PhaseCompleted, backup.DataInline, false, backup.Yes},
		{backup.PhaseCompleted, backup.DataMoved, false, backup.Yes},
		{backup.PhaseCompleted, backup.DataMoving, false, backup.No},
		{backup.PhaseCompleted, backup.DataFailed, false, backup.No},
		{backup.PhaseCompleted, backup.DataUnknown, false, backup.Unknown},
		{backup.PhaseCompleted, backup.DataInline, true, backup.Unknown},
		{backup.PhasePartiallyFailed, backup.DataInline, false, backup.Unknown},
		{backup.PhaseRunning, backup.DataInline, false, backup.No},
		{backup.PhaseFailed, backup.DataInline, true, backup.No},
		{backup.PhaseUnknown, backup.DataInline, false, backup.Unknown},
	} {
		t.Run(fmt.Sprint(c.phase, c.data, c.deleted), func(t *testing.T) {
			o := named("velero", "x", c.phase, c.data, time.Hour)
			if c.deleted {
				o.Deleted = ptr(now)
			}
			if got := restorable(o); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
