package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Plan writes what a writing command would do and whether it may: the cluster,
// the target, each step as it would be sent, the gate, what would be lost, and
// what a confirmation binds. An error is one of writing or of encoding a patch.
func Plan(w io.Writer, plan backup.Plan, s Style) error {
	p := newPage(s)
	p.cluster(plan.Cluster)
	state := span{}
	if plan.Deleted != nil {
		state = terminating(*plan.Deleted, s)
	}
	p.header(wholeTarget(plan), state, "")
	p.summary(plan)
	p.steps(plan.Steps)
	p.gate(plan.Gate)
	p.retention(plan.Retention)
	p.timetables(plan.Timetables)
	p.losses(plan)
	p.decision(plan)
	return p.writeTo(w)
}

// retention says what deleting a new object will do to its data.
func (p *page) retention(r *backup.Retention) {
	if r != nil {
		p.text(2, retentionWords(*r))
	}
}

// summary is the way in one line, and the finalizer that it is about.
func (p *page) summary(plan backup.Plan) {
	p.buf.WriteString("\n")
	p.text(0, span{plan.Way, strong}, say("  "+effectWords(plan.Effect)))
	var f fields
	f.add("finalizer", plan.Finalizer)
	var others []string
	for _, name := range plan.Finalizers {
		if name != plan.Finalizer {
			others = append(others, name)
		}
	}
	f.add("also holds it", strings.Join(others, ", "))
	p.fields(2, f)
}

func (p *page) steps(steps []backup.Step) {
	if len(steps) == 0 {
		return
	}
	p.section("Steps")
	for i, step := range steps {
		p.item(2, say(fmt.Sprintf("%d.", i+1)), span{string(step.Kind), strong},
			say(" "+step.Target.String()+namespaceWord(step.Target)+": "+step.Does))
		p.patch(5, step.Patch)
		p.creation(5, step.Object)
		var f fields
		f.add("uid", step.UID)
		f.add("resource version", step.ResourceVersion)
		f.add("until", step.Until)
		f.add("undo", step.Undo)
		p.fields(5, f)
	}
}

func namespaceWord(r backup.Ref) string {
	if r.Namespace == "" {
		return ""
	}
	return " -n " + r.Namespace
}

// patch writes the operations exactly as they would be sent, one a line.
func (p *page) patch(indent int, ops []backup.PatchOp) {
	for _, op := range ops {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(op); err != nil {
			p.err = fmt.Errorf("encode patch operation %s %s: %w", op.Op, op.Path, err)
			return
		}
		p.command(indent, strings.TrimSpace(b.String()))
	}
}

func (p *page) gate(rows []backup.GateResult) {
	if len(rows) == 0 {
		return
	}
	p.section("Gate")
	longest := 0
	for _, row := range rows {
		longest = max(longest, widthOf(Escape(row.Condition)))
	}
	p.rows(rows, 6, func(row backup.GateResult) {
		symbol := gateMark(row)
		lead := "  " + p.style.paint(symbol) + " "
		name := Escape(row.Condition)
		name += strings.Repeat(" ", longest-widthOf(name)+2)
		hang := strings.Repeat(" ", 4+widthOf(name))
		p.put(lead+name, hang, gateWords(row)...)
	})
}

// gateMark is the symbol of a row; an accepted risk stays a warning.
func gateMark(row backup.GateResult) span {
	switch row.State {
	case backup.GatePass:
		return mark(backup.StatusOK, "")
	case backup.GateShown:
		return mark(backup.StatusSkipped, "")
	case backup.GateRisk, backup.GateWarning:
		return mark(backup.StatusProblem, backup.SeverityWarning)
	case backup.GateRefuse:
		return mark(backup.StatusProblem, backup.SeverityCause)
	}
	return mark(backup.StatusUnknown, "")
}

func gateWords(row backup.GateResult) []span {
	spans := []span{say(oneLine(row.Because))}
	switch {
	case row.State == backup.GateRisk && row.Accepted:
		spans = append(spans, span{"  accepted: " + string(row.Risk), warn})
	case row.State == backup.GateRisk:
		spans = append(spans, span{"  needs --accept-risk=" + string(row.Risk), warn})
	case row.State == backup.GateRefuse:
		spans = append(spans, span{"  refuses", bad})
	case row.State == backup.GateUnknown:
		spans = append(spans, span{"  unknown, so refused", warn})
	}
	return spans
}

// decision says whether the plan may run, what is missing, and what a
// confirmation binds.
func (p *page) decision(plan backup.Plan) {
	p.buf.WriteString("\n")
	words := decisionWord(plan.Decision)
	switch plan.Decision {
	case backup.DecisionAllowed:
		words.text = "may be done once it is confirmed"
		if plan.Effect.Gentle() {
			words.text = "may be done"
		}
	case backup.DecisionUndecided:
		words.text = joinWith(": ", words.text, conditions(plan.Gate, backup.GateUnknown))
	case backup.DecisionRefused:
		words.text = joinWith(": ", words.text, conditions(plan.Gate, backup.GateRefuse))
	}
	p.item(0, decisionMark(plan.Decision), words)
	var f fields
	f.add("accepted", riskList(plan.Accepted))
	if len(plan.Needs) > 0 && plan.Decision == backup.DecisionRisk {
		f.addSpans("accept with", span{"--accept-risk=" + riskList(append(slices.Clone(plan.Accepted), plan.Needs...)), warn})
	}
	if plan.Decision == backup.DecisionAllowed && !plan.Effect.Gentle() {
		f.add("confirm with", "the name "+plan.Target.Name+" typed on a terminal, or --confirm="+plan.Digest)
	}
	for _, row := range plan.Gate {
		f.add("type back", row.TypeBack)
	}
	f.add("all the same", skipping(plan))
	f.add("digest", plan.Digest)
	p.fields(2, f)
}

// skipping is the flag that leaves out the checks that refuse, where nothing else
// refuses; the server has the last word then.
func skipping(plan backup.Plan) string {
	var names []string
	for _, row := range plan.Gate {
		switch {
		case row.State != backup.GateRefuse:
		case row.Finding == nil:
			return ""
		case !slices.Contains(names, row.Condition):
			names = append(names, row.Condition)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "--skip-preflight=" + strings.Join(names, ",")
}

// conditions names the rows of the gate that are in a state.
func conditions(rows []backup.GateResult, state backup.GateState) string {
	var names []string
	for _, row := range rows {
		if row.State == state && !slices.Contains(names, row.Condition) {
			names = append(names, row.Condition)
		}
	}
	return strings.Join(names, ", ")
}

func riskList(risks []backup.Risk) string {
	names := make([]string, len(risks))
	for i, r := range risks {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}
