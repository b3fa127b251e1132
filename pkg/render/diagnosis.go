package render

import (
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Diagnosis writes what the checks found: state and verdict first, then the
// evidence, what helps, the ways out, and what was not seen. Short leaves it at
// the verdict, one line for each problem, and the next command.
func Diagnosis(w io.Writer, d backup.Diagnosis, s Style, short bool) error {
	p := newPage(s)
	p.header(d.Object.Ref, stateWord(d.Object, s), d.Cluster.Context)
	if d.Verdict != "" {
		p.item(0, mark(d.Status, ""), span{d.Verdict, strong})
	}
	if short {
		p.problems(d)
		return p.writeTo(w)
	}
	quoted := quotations{}
	p.failurePoint(d, quoted)
	p.findings(d.Findings, quoted)
	p.fixes(d.Findings)
	p.waysOut(d.WaysOut)
	p.list("Changes nothing", d.Futile)
	p.gaps("Not seen", d.Gaps)
	if code := headCode(d.Findings); code != "" {
		p.buf.WriteString("\n")
		p.put("", "  ", faint("explain: "), say("kubectl backup explain "+ShellQuote(code)))
	}
	return p.writeTo(w)
}

// problems is the body of the short form.
func (p *page) problems(d backup.Diagnosis) {
	for _, f := range d.Findings {
		if f.Status == backup.StatusProblem || f.Status == backup.StatusUnknown {
			p.item(0, mark(f.Status, f.Severity), say(f.Code+"  "+f.Title))
		}
	}
	if next := nextCommand(d); next != "" {
		p.next(0, next)
	}
}

// failurePoint says how far the run came, with what shows it.
func (p *page) failurePoint(d backup.Diagnosis, quoted quotations) {
	if d.FailurePoint == "" || d.FailurePoint == backup.FailedNot {
		return
	}
	text := "The run failed " + string(d.FailurePoint)
	switch d.FailurePoint {
	case backup.FailedUnknown:
		text = "Nobody can tell how far the run came"
	case backup.FailedNeverStarted:
		text = "The run never started"
	}
	p.buf.WriteString("\n")
	p.text(0, say(text))
	for _, proof := range d.FailureProof {
		p.text(2, say(quoted.once(proof.Text)), faint("  "+proofSource(proof, p.style)))
	}
}

// findings is the tree of what the checks answered, in their order.
func (p *page) findings(findings []backup.Finding, quoted quotations) {
	if len(findings) == 0 {
		return
	}
	p.section("Findings")
	nodes := make([]Node, len(findings))
	for i, f := range findings {
		nodes[i] = findingNode(f, p.style, quoted)
	}
	p.tree("", nodes)
}

// findingNode is a finding with its explanation and evidence below. One that is
// fine keeps to a line and its evidence.
func findingNode(f backup.Finding, s Style, quoted quotations) Node {
	n := Node{Status: f.Status, Severity: f.Severity, Text: f.Code + "  " + f.Title}
	if f.Explain != "" && f.Status != backup.StatusOK {
		n.Children = append(n.Children, Node{Text: oneLine(f.Explain)})
	}
	for _, proof := range f.Proof {
		n.Children = append(n.Children, Node{Text: quoted.once(proof.Text), Aside: proofSource(proof, s)})
	}
	if f.Status == backup.StatusOK && len(n.Children) == 1 {
		n.Aside, n.Children = joinWords(n.Children[0].Text, n.Children[0].Aside), nil
	}
	return n
}

// proofSource is where a piece of evidence comes from and how old it is.
func proofSource(proof backup.Proof, s Style) string {
	age := ""
	if proof.At != nil {
		age = s.Ago(*proof.At)
	}
	if text := joinComma(abridge(oneLine(proof.Source)), age); text != "" {
		return "[" + text + "]"
	}
	return ""
}

// headCode is the code that explains the verdict: the first problem, else the
// first that is unknown.
func headCode(findings []backup.Finding) string {
	for _, status := range []backup.Status{backup.StatusProblem, backup.StatusUnknown} {
		for _, f := range findings {
			if f.Status == status {
				return f.Code
			}
		}
	}
	return ""
}
