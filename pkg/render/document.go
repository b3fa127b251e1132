package render

import "io"

// Document is a page of text that the caller lays out: the explanation of a
// code, an entry of the journal, a backup system.
type Document struct {
	Title    string
	Fields   []Field
	Sections []Section
}

// Field is one aligned "Name:  value" line.
type Field struct{ Name, Value string }

// Section is one part of a document; what is empty is left out.
type Section struct {
	Title    string
	Text     string // may have several lines
	Fields   []Field
	Items    []string
	Table    *Table
	Tree     []Node
	Commands []string // for a shell, shown whole
}

// Print writes the document.
func (d Document) Print(w io.Writer, s Style) error {
	p := newPage(s)
	if d.Title != "" {
		p.text(0, span{d.Title, strong})
	}
	p.fields(0, asFields(d.Fields))
	for _, section := range d.Sections {
		p.section(section.Title)
		p.block(2, section.Text, plain)
		p.fields(2, asFields(section.Fields))
		for _, item := range section.Items {
			p.item(2, say("-"), say(item))
		}
		if section.Table != nil {
			p.table(2, section.Table)
		}
		p.tree("  ", section.Tree)
		p.command(2, section.Commands...)
	}
	return p.writeTo(w)
}

func asFields(all []Field) fields {
	var f fields
	for _, one := range all {
		f.add(one.Name, one.Value)
	}
	return f
}
