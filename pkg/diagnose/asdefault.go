package diagnose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// OnlyDefault tells whether a location is the default already, and no other is.
func OnlyDefault(ev backup.Evidence) bool {
	return ev.Location != nil && len(ev.Location.Defaults) == 1 && ev.Location.Defaults[0].Same(ev.Object.Ref)
}

// AsDefault are the conditions of a location that is to be the default: what backups
// that name no location will meet there, and which one ceases to be it.
func AsDefault(ev backup.Evidence) []backup.GateResult {
	var rows []backup.GateResult
	row := func(condition string, state backup.GateState, because string) {
		rows = append(rows, backup.GateResult{Condition: condition, State: state, Because: because})
	}
	if ev.Object.Phase == backup.PhaseAvailable {
		row("available", backup.GatePass, "the server says Available")
	} else {
		row("available", backup.GateWarning, "the server says "+orElse(ev.Object.NativePhase, "nothing")+": backups that name no location fail as long as it does")
	}
	if ev.Location == nil {
		return rows
	}
	if ev.Location.Server.ReadOnly {
		row("writable", backup.GateWarning, "it is read-only: backups that name no location fail")
	}
	var others []string
	for _, other := range ev.Location.Defaults {
		if !other.Same(ev.Object.Ref) {
			others = append(others, other.Name)
		}
	}
	if len(others) == 0 {
		row("instead-of", backup.GateShown, "no other location is the default")
	} else {
		row("instead-of", backup.GateShown, "it takes the place of "+strings.Join(others, ", "))
	}
	return rows
}
