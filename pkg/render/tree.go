package render

import (
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Node is one line of a tree with what belongs below it.
type Node struct {
	// Status and Severity choose the symbol; an empty Status shows none.
	Status   backup.Status
	Severity backup.Severity
	// Text is what the line says, Aside its source and age behind it.
	Text, Aside string
	Children    []Node
}

// Tree writes nodes as a tree, wrapped below their own text on a terminal.
func Tree(w io.Writer, nodes []Node, s Style) error {
	p := newPage(s)
	p.tree("", nodes)
	return p.writeTo(w)
}

// tree writes sibling nodes behind the lead of their parent.
func (p *page) tree(lead string, nodes []Node) {
	for i, n := range nodes {
		branch, below := "\u251c\u2500 ", "\u2502  "
		if i == len(nodes)-1 {
			branch, below = "\u2514\u2500 ", "   "
		}
		p.node(lead+branch, lead+below, n)
		p.tree(lead+below, n.Children)
	}
}

// node writes one node; its following lines go on below its text, beside the
// line that leads to its children.
func (p *page) node(first, rest string, n Node) {
	symbol := mark(n.Status, n.Severity)
	spans := []span{say(n.Text)}
	hang := rest
	if len(n.Children) > 0 {
		hang += "\u2502 "
	} else {
		hang += "  "
	}
	if symbol.text != "" {
		spans = []span{symbol, say(" " + n.Text)}
	}
	if n.Aside != "" {
		spans = append(spans, faint("  "+n.Aside))
	}
	p.put(first, hang, spans...)
}
