package render

import (
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Check writes what a check of a location found: verdict first, then what this
// machine saw and what the server says, apart. Short leaves it at the verdict
// and the problems.
func Check(w io.Writer, c backup.LocationCheck, s Style, short bool) error {
	p := newPage(s)
	p.header(c.Object.Ref, stateWord(c.Object, s), c.Cluster.Context)
	for _, l := range c.Object.Locations {
		p.text(2, say(joinComma(l.URL(), l.Endpoint, l.Region, c.Object.Mode)))
	}
	p.item(0, mark(c.Status, ""), span{c.Verdict, strong})
	all := append(append([]backup.Finding{}, c.Here...), c.Server...)
	if short {
		p.problems(backup.Diagnosis{Findings: all})
		return p.writeTo(w)
	}
	p.side("From this machine", joinComma(c.Vantage, asIdentity(c.Identity)), c.Here)
	p.side("What the server says", "", c.Server)
	p.fixes(all)
	p.gaps("Not seen", c.Gaps)
	return p.writeTo(w)
}

// side is what one of the two saw, and how it looked.
func (p *page) side(title, how string, findings []backup.Finding) {
	if len(findings) == 0 {
		return
	}
	if how != "" {
		title += " (" + how + ")"
	}
	p.section(title)
	nodes, quoted := make([]Node, len(findings)), quotations{}
	for i, f := range findings {
		nodes[i] = findingNode(f, p.style, quoted)
	}
	p.tree("", nodes)
}

func asIdentity(identity string) string {
	if identity == "" {
		return ""
	}
	return "as " + identity
}
