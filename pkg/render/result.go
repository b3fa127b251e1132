package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Result writes how a plan ended: the outcome, what still holds the object,
// what went with it, what is left, and where the journal has it.
func Result(w io.Writer, r backup.Result, s Style) error {
	p := newPage(s)
	p.result(r)
	p.list("Went with it", r.Went)
	p.list("Left in place", r.Left)
	if r.JournalID != "" {
		p.buf.WriteString("\n")
		p.put("", "  ", faint("journal: "), say("kubectl backup journal show "+ShellQuote(r.JournalID)+journalFlag(r.JournalDir)))
	}
	return p.writeTo(w)
}

// result is how one plan ended, and what still holds its object.
func (p *page) result(r backup.Result) {
	status, words := endedWords(r)
	p.item(0, mark(status, ""), span{wholeTarget(r.Plan).Human(), strong}, say(" "+words))
	if len(r.Holds) > 0 {
		p.text(2, span{"still held by " + strings.Join(r.Holds, ", "), warn})
	}
	for _, outcome := range r.Outcomes {
		if outcome.State == "failed" || outcome.State == "interrupted" {
			p.text(2, span{outcomeWords(outcome, r.Plan), bad})
		}
	}
}

// journalFlag names the folder of the journal where it is not the usual one.
func journalFlag(dir string) string {
	if dir == "" {
		return ""
	}
	return " --journal-dir=" + ShellQuote(dir)
}

// endedWords says in words how a plan ended.
func endedWords(r backup.Result) (backup.Status, string) {
	done := doneWord(r.Plan.Way)
	switch r.Ended {
	case "done":
		if r.Plan.Way == "delete" {
			return backup.StatusOK, "is being deleted; nobody waited for its end"
		}
		return backup.StatusOK, done
	case "gone":
		return backup.StatusOK, "is gone"
	case "replaced":
		return backup.StatusOK, "is gone; another object has its name now"
	case "released":
		if len(r.Holds) > 0 {
			return backup.StatusUnknown, "lost the finalizer " + r.Plan.Finalizer + ", but is still there"
		}
		return backup.StatusOK, "lost the finalizer " + r.Plan.Finalizer
	case "waiting":
		if r.Plan.Effect == backup.EffectWaits {
			return backup.StatusUnknown, "is still there; its owner has not finished"
		}
		return backup.StatusUnknown, "is still there; its owner was asked and has not finished"
	case "failed":
		if r.Plan.Effect.Gentle() && done != "" {
			return backup.StatusProblem, "was not " + done + ": a step failed"
		}
		return backup.StatusProblem, "is still there: a step failed"
	case "interrupted":
		if r.Plan.Effect.Gentle() && done != "" {
			return backup.StatusProblem, "may not have been " + done + ": interrupted before the end was seen"
		}
		return backup.StatusProblem, "may still be there: interrupted before the end was seen"
	}
	return backup.StatusUnknown, "ended in a way that is not known: " + r.Ended
}

// outcomeWords names the step that did not end well. Steps count from 1 on paper.
func outcomeWords(o backup.Outcome, plan backup.Plan) string {
	text := fmt.Sprintf("step %d", o.Step+1)
	if o.Step >= 0 && o.Step < len(plan.Steps) {
		text += ", " + string(plan.Steps[o.Step].Kind) + " " + plan.Steps[o.Step].Target.String()
	}
	return joinWith(": ", text+", "+o.State, oneLine(o.Text))
}

// list writes a section of plain items.
func (p *page) list(title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.section(title)
	for _, item := range items {
		p.item(2, say("-"), say(item))
	}
}
