package diagnose

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// preflightCheck is a group of questions about an object that is to be made, which
// --skip-preflight leaves out by its name.
type preflightCheck struct {
	name    backup.PreflightCheck
	entries []entry
	// also are findings of other checks about what the new object will use.
	also func(*backup.Evidence) []backup.Finding
}

// findings are the answers of a check.
func (c preflightCheck) findings(ev *backup.Evidence) (all []backup.Finding) {
	for _, e := range c.entries {
		all = append(all, e.judge(ev)...)
	}
	if c.also != nil {
		all = append(all, c.also(ev)...)
	}
	return all
}

// preflightChecks are in the order in which their answers are read. Objects of
// several roles share some.
func preflightChecks() []preflightCheck {
	var all []preflightCheck
	for _, check := range slices.Concat(backupChecks(), scheduleChecks(), restoreChecks()) {
		if !slices.ContainsFunc(all, func(known preflightCheck) bool { return known.name == check.name }) {
			all = append(all, check)
		}
	}
	return all
}

// backupChecks are those before a backup is made.
func backupChecks() []preflightCheck {
	return []preflightCheck{
		{name: backup.PreflightStorage, entries: storagePreflightEntries(), also: usedPlace},
		needsCheck(),
		{name: backup.PreflightVolumes, entries: volumesPreflightEntries()},
	}
}

// scheduleChecks come to these before a schedule is.
func scheduleChecks() []preflightCheck {
	return []preflightCheck{{name: backup.PreflightSchedule, entries: preflightScheduleEntries()}}
}

// preflightEntries are all codes of the preflight.
func preflightEntries() []entry {
	var all []entry
	for _, check := range preflightChecks() {
		all = append(all, check.entries...)
	}
	return all
}

// PreflightChecks are the names that --skip-preflight takes where an object of a
// role is made.
func PreflightChecks(role backup.Role) []backup.PreflightCheck {
	checks := backupChecks()
	switch role {
	case backup.RoleRestore:
		checks = restoreChecks()
	case backup.RoleSchedule:
		checks = append(checks, scheduleChecks()...)
	}
	var names []backup.PreflightCheck
	for _, check := range checks {
		names = append(names, check.name)
	}
	return names
}

// Preflight judges what was looked at before an object is made, as rows of its
// gate: what is proven to fail refuses, everything else that is wrong or that could
// not be checked warns. What the person skips is said to be skipped.
func Preflight(ev backup.Evidence, skip []backup.PreflightCheck) []backup.GateResult {
	var rows []backup.GateResult
	for _, check := range preflightChecks() {
		if slices.Contains(skip, check.name) {
			rows = append(rows, backup.GateResult{Condition: string(check.name), State: backup.GateShown, Because: "skipped, as asked"})
			continue
		}
		for _, f := range check.findings(&ev) {
			rows = append(rows, gateRow(check.name, f))
		}
	}
	return rows
}

func gateRow(name backup.PreflightCheck, f backup.Finding) backup.GateResult {
	row := backup.GateResult{Condition: string(name), Because: f.Title + " (" + f.Code + ")", Finding: &f}
	switch {
	case f.Status == backup.StatusOK:
		row.State, row.Because = backup.GatePass, f.Title
	case f.Status == backup.StatusSkipped:
		row.State, row.Because = backup.GateShown, f.Title
	case f.Status == backup.StatusProblem && f.Severity == backup.SeverityCause:
		row.State = backup.GateRefuse
	default:
		row.State = backup.GateWarning
	}
	return row
}
