package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// PlanList writes what would be done with several objects: the cluster, how
// many would be freed, a row for each, what would be left in storage, and what a
// confirmation binds.
func PlanList(w io.Writer, list backup.PlanList, s Style) error {
	p := newPage(s)
	p.cluster(list.Cluster)
	p.item(0, mark(listStatus(list), ""), span{listVerdict(list), strong})
	if len(list.Items) > 0 {
		p.buf.WriteString("\n")
		p.table(0, planTable(list))
	}
	p.batchLosses(list)
	if list.Free > 0 {
		p.buf.WriteString("\n")
		var f fields
		f.add("confirm with", "their number and kind typed on a terminal, or --confirm="+list.Digest)
		for _, path := range typeBacks(list) {
			f.add("type back", path)
		}
		f.add("digest", list.Digest)
		p.fields(0, f)
	}
	p.someGaps("Not seen", list.Gaps)
	return p.writeTo(w)
}

func listStatus(list backup.PlanList) backup.Status {
	switch {
	case list.Refused > 0:
		return backup.StatusProblem
	case list.Undecided > 0 || len(list.Gaps) > 0:
		return backup.StatusUnknown
	}
	return backup.StatusOK
}

// listVerdict is "3 of 5 objects would be freed; 1 refused, 1 undecided".
func listVerdict(list backup.PlanList) string {
	var notes []string
	if list.Refused > 0 {
		notes = append(notes, fmt.Sprintf("%d refused", list.Refused))
	}
	if list.Undecided > 0 {
		notes = append(notes, fmt.Sprintf("%d undecided", list.Undecided))
	}
	if list.NotDeleting > 0 {
		notes = append(notes, fmt.Sprintf("%d more selected and not being deleted", list.NotDeleting))
	}
	text := "nothing that was selected hangs in deletion"
	switch n := len(list.Items); {
	case n > 0:
		text = fmt.Sprintf("%d of %s would be %s", list.Free, plural(int64(n), "object"), batchWord(list))
	case len(list.Gaps) > 0:
		text = "nothing that could be seen hangs in deletion, but not everything could be looked at"
	}
	return joinWith("; ", text, strings.Join(notes, ", "))
}

// deletes tells whether the list is one of deletions, not of ways out of them.
func deletes(list backup.PlanList) bool { return len(list.Items) > 0 && list.Items[0].Way == "delete" }

// batchWord is what becomes of the objects of a list.
func batchWord(list backup.PlanList) string {
	if deletes(list) {
		return "deleted"
	}
	return "freed"
}

func planTable(list backup.PlanList) *Table {
	if deletes(list) {
		return deletionTable(list)
	}
	table := NewTable("NAMESPACE", "OBJECT", "FINALIZER", "WAY", "EFFECT", "DECISION")
	for _, plan := range list.Items {
		table.add(say(plan.Target.Namespace), say(plan.Target.String()), say(plan.Finalizer), say(plan.Way), say(string(plan.Effect)), batchDecision(plan))
	}
	return table
}

// batchDecision is what becomes of one object, and why it is left alone.
func batchDecision(plan backup.Plan) span {
	switch {
	case plan.Decision == backup.DecisionAllowed && plan.Way == "delete":
		return span{"would delete", good}
	case plan.Decision == backup.DecisionAllowed:
		return span{"would free", good}
	}
	return span{Obstacle(plan), decisionMark(plan.Decision).tone}
}

// Obstacle says in short why a plan may not be carried out: what refuses it,
// else what is not known, else the risks that are not accepted.
func Obstacle(plan backup.Plan) string {
	switch plan.Decision {
	case backup.DecisionRefused:
		return joinWith(": ", "refused", because(plan.Gate, backup.GateRefuse))
	case backup.DecisionUndecided:
		return joinWith(": ", "undecided", because(plan.Gate, backup.GateUnknown))
	case backup.DecisionRisk:
		return joinWith(": ", "needs --accept-risk="+riskList(plan.Needs), because(plan.Gate, backup.GateRisk))
	}
	return ""
}

// because is the first reason of a state. That a way has to be named comes last:
// it follows from another reason.
func because(rows []backup.GateResult, state backup.GateState) string {
	last := ""
	for _, row := range rows {
		switch {
		case row.Accepted:
		case row.Condition == "way-named":
			last = oneLine(row.Because)
		case row.State == state, row.State == backup.GateRisk && state != backup.GateRefuse:
			return oneLine(row.Because)
		}
	}
	return last
}

// batchLosses says for each object that would be freed what was seen in its
// places, and what stays there.
func (p *page) batchLosses(list backup.PlanList) {
	var orphans []string
	begun := false
	for _, plan := range list.Items {
		if plan.Decision != backup.DecisionAllowed || plan.Effect == backup.EffectWaits {
			continue
		}
		for _, v := range plan.Storage {
			if !begun {
				p.section("Storage of what would be " + batchWord(list))
				begun = true
			}
			p.item(2, verdictMark(v), say(plan.Target.String()+namespaceWord(plan.Target)), say("  "+v.Location.URL()+"  "), verdictWord(v))
			p.text(4, faint(vantageWords(v, p.style)))
		}
		if plan.Orphans != "" && !allEmpty(plan.Storage) && !slices.Contains(orphans, plan.Orphans) {
			orphans = append(orphans, plan.Orphans)
		}
	}
	for _, text := range orphans {
		p.put("", "  ", span{"THIS LEAVES " + text, warn})
	}
}

func typeBacks(list backup.PlanList) []string {
	var paths []string
	for _, plan := range list.Items {
		for _, row := range plan.Gate {
			if plan.Decision == backup.DecisionAllowed && row.TypeBack != "" && !slices.Contains(paths, row.TypeBack) {
				paths = append(paths, row.TypeBack)
			}
		}
	}
	return paths
}

// ResultList writes what was done with several objects and what was not.
func ResultList(w io.Writer, list backup.ResultList, s Style) error {
	p := newPage(s)
	for _, result := range list.Items {
		p.result(result)
		for _, left := range result.Left {
			p.text(2, faint("left: "), say(oneLine(left)))
		}
	}
	if len(list.NotDone) > 0 {
		p.section("Not done")
		for _, left := range list.NotDone {
			p.item(2, say("-"), say(joinWith(": ", left.Ref.String()+namespaceWord(left.Ref), oneLine(left.Why))))
		}
	}
	for _, result := range list.Items {
		if result.JournalID != "" {
			p.buf.WriteString("\n")
			p.put("", "  ", faint("journal: "), say("kubectl backup journal list"+journalFlag(result.JournalDir)))
			break
		}
	}
	return p.writeTo(w)
}
