package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// fixes lists what helps against the problems, each once.
func (p *page) fixes(findings []backup.Finding) {
	var seen []string
	for _, f := range findings {
		for _, fix := range f.Fixes {
			key := fix.Does + "\x00" + strings.Join(fix.Commands, "\x00")
			if f.Status == backup.StatusOK || slices.Contains(seen, key) {
				continue
			}
			if len(seen) == 0 {
				p.section("Fixes")
			}
			seen = append(seen, key)
			p.fix(len(seen), f.Code, fix)
		}
	}
}

func (p *page) fix(number int, code string, fix backup.Fix) {
	p.item(2, say(fmt.Sprintf("%d.", number)), say(fix.Does), faint("  ["+code+"]"))
	if fix.Effect != "" {
		p.text(5, say("costs: "+effectWords(fix.Effect)))
	}
	if fix.DoesNot != "" {
		p.text(5, say("does not: "+fix.DoesNot))
	}
	if fix.Danger != "" {
		p.text(5, span{"danger: " + fix.Danger, bad})
	}
	p.command(5, fix.Commands...)
}

// waysOut lists the ways out of a blocked deletion in the order of their cost.
func (p *page) waysOut(ways []backup.WayOut) {
	if len(ways) == 0 {
		return
	}
	p.section("Ways out, cheapest first")
	several := slices.ContainsFunc(ways, func(w backup.WayOut) bool { return w.Finalizer != ways[0].Finalizer })
	for _, way := range ways {
		title := []span{{way.Name, strong}, say("  "), decisionWord(way.Open)}
		if several {
			title = append(title, faint("  "+way.Finalizer))
		}
		p.item(2, decisionMark(way.Open), title...)
		p.fields(4, wayFields(way))
		if way.Open != backup.DecisionRefused {
			p.command(4, way.Commands...)
		}
	}
}

func wayFields(way backup.WayOut) fields {
	var f fields
	if way.Open != backup.DecisionAllowed {
		f.add("why", way.Why)
	}
	f.add("costs", effectWords(way.Effect))
	f.add("does", way.Does)
	f.add("does not", way.DoesNot)
	return f
}

// decisionMark is the symbol of the gate's answer.
func decisionMark(d backup.Decision) span {
	switch d {
	case backup.DecisionAllowed:
		return mark(backup.StatusOK, "")
	case backup.DecisionRisk:
		return mark(backup.StatusProblem, backup.SeverityWarning)
	case backup.DecisionUndecided:
		return mark(backup.StatusUnknown, "")
	}
	return mark(backup.StatusProblem, backup.SeverityCause)
}

// decisionWord is the gate's answer in words.
func decisionWord(d backup.Decision) span {
	color := decisionMark(d).tone
	switch d {
	case backup.DecisionAllowed:
		return span{"open", color}
	case backup.DecisionRisk:
		return span{"needs an accepted risk", color}
	case backup.DecisionUndecided:
		return span{"undecided, something is unknown", color}
	case backup.DecisionRefused:
		return span{"refused", color}
	}
	return span{string(d), color}
}

// gaps lists what could not be seen, with the rule that is missing, beside which
// the server's own words say no more.
func (p *page) gaps(title string, gaps []backup.Gap) {
	if len(gaps) == 0 {
		return
	}
	p.section(title)
	for _, gap := range gaps {
		text := joinWith(": ", gap.What, oneLine(gap.Why))
		if gap.Rule != "" {
			text = gap.What + ": denied (missing right: " + gap.Rule + ")"
		}
		p.item(2, mark(backup.StatusUnknown, ""), say(text))
	}
}

// someGaps lists the first of many.
func (p *page) someGaps(title string, gaps []backup.Gap) {
	p.gaps(title, gaps[:min(len(gaps), gapsShown)])
	if more := len(gaps) - gapsShown; more > 0 {
		p.text(2, faint(fmt.Sprintf("… and %d more; -o json names them all", more)))
	}
}
