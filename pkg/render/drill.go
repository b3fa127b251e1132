package render

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Drill writes how a drill ended: the verdict and how long it took, what was
// compared, what was found, and what became of what it made.
func Drill(w io.Writer, d backup.Drill, s Style) error {
	p := newPage(s)
	p.header(d.Backup.Ref, stateWord(d.Backup, s), d.Cluster.Context)
	took := " in " + Duration(time.Duration(d.Took))
	if d.Status != backup.StatusOK {
		took = " (after " + Duration(time.Duration(d.Took)) + ")"
	}
	p.item(0, mark(d.Status, backup.SeverityCause), span{d.Verdict, strong}, say(took))
	for _, n := range d.Namespaces {
		p.text(2, faint(n.From+" into "+n.To))
	}
	p.drilledKinds(d.Kinds)
	p.findings(d.Findings, quotations{})
	p.buf.WriteString("\n")
	p.cleanUp(d)
	switch {
	case d.Recorded:
		p.item(0, mark(backup.StatusOK, ""), say("noted at the backup as its last drill"))
	case d.RecordError != "":
		p.item(0, mark(backup.StatusUnknown, ""), say("not noted at the backup: "+oneLine(d.RecordError)))
	}
	if code := headCode(d.Findings); code != "" {
		p.put("", "  ", faint("explain: "), say("kubectl backup explain "+ShellQuote(code)))
	}
	if n := len(d.JournalIDs); n > 0 { // the plan; what came after it lies behind
		p.put("", "  ", faint("journal: "), say("kubectl backup journal show "+ShellQuote(d.JournalIDs[0])+journalFlag(d.JournalDir)))
	}
	return p.writeTo(w)
}

// drilledKinds compares by kind.
func (p *page) drilledKinds(kinds []backup.DrillKind) {
	if len(kinds) == 0 {
		return
	}
	p.buf.WriteString("\n")
	t := NewTable("KIND", "IN BACKUP", "RESTORED", "NOTE")
	for _, kind := range kinds {
		restored, note := fmt.Sprint(kind.Restored), drillNote(kind)
		if kind.LeftOut != "" || kind.Lookup != backup.Found && kind.Lookup != backup.Absent {
			restored = ""
		}
		t.Add(kind.Resource, fmt.Sprint(kind.InBackup), restored, note)
	}
	p.table(2, t)
}

// drillNote says why the numbers of a kind differ.
func drillNote(kind backup.DrillKind) string {
	switch {
	case kind.LeftOut != "":
		return "left out: " + kind.LeftOut
	case kind.Lookup != backup.Found && kind.Lookup != backup.Absent:
		return "not seen"
	}
	var parts []string
	if kind.Missing > 0 {
		parts = append(parts, fmt.Sprintf("%d missing", kind.Missing))
	}
	if kind.Not > 0 {
		parts = append(parts, fmt.Sprintf("%d made by controllers, or ended", kind.Not))
	}
	return strings.Join(parts, ", ")
}

// cleanUp says what became of what the drill made.
func (p *page) cleanUp(d backup.Drill) {
	switch c := d.CleanUp; {
	case c.Kept:
		p.item(0, mark(backup.StatusSkipped, ""), say("everything stays in place, as asked; this takes it away:"))
	case len(c.Left) > 0:
		p.item(0, mark(backup.StatusProblem, backup.SeverityWarning), say(joinWith(": ", "not all that the drill made could be taken away", oneLine(c.Error))+"; this does it:"))
	case c.Error != "":
		p.item(0, mark(backup.StatusUnknown, ""), say("whether all that the drill made is gone is not known: "+oneLine(c.Error)))
	default:
		p.item(0, mark(backup.StatusOK, ""), say("everything that the drill made is gone"))
	}
	p.command(4, d.CleanUp.Commands...)
}
