package render

import (
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Made writes that something was made or changed, what was noticed about it
// before, and where the journal has it.
func Made(w io.Writer, r backup.Result, s Style) error {
	p := newPage(s)
	p.result(r)
	if r.Plan.Target.Name == "" {
		for _, step := range r.Plan.Steps {
			p.item(2, say("-"), say(step.Target.Human()))
		}
	}
	p.rows(r.Plan.Gate, 4, func(row backup.GateResult) {
		if row.State == backup.GateWarning || row.State == backup.GateRisk {
			p.item(2, gateMark(row), gateWords(row)...)
		}
	})
	p.retention(r.Plan.Retention)
	p.timetables(r.Plan.Timetables)
	if r.JournalID != "" {
		p.put("", "  ", faint("journal: "), say("kubectl backup journal show "+ShellQuote(r.JournalID)+journalFlag(r.JournalDir)))
	}
	return p.writeTo(w)
}
