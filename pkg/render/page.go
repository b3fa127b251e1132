package render

import (
	"fmt"
	"io"
	"strings"
)

// page collects an output, so that it is written at once or not at all.
type page struct {
	style Style
	buf   strings.Builder
	err   error
}

func newPage(s Style) *page { return &page{style: s} }

// writeTo writes what was collected.
func (p *page) writeTo(w io.Writer) error {
	if p.err != nil {
		return p.err
	}
	if _, err := io.WriteString(w, p.buf.String()); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// put writes spans as one paragraph: first is the lead of its first line and
// rest that of the following ones, when the terminal's width asks for them.
func (p *page) put(first, rest string, spans ...span) {
	visible := make([]span, len(spans))
	for i, s := range spans {
		visible[i] = span{Escape(s.text), s.tone}
	}
	lead := first
	for _, line := range wrap(visible, p.style.Width-widthOf(rest)) {
		var b strings.Builder
		b.WriteString(lead)
		for _, s := range trimRight(line) {
			b.WriteString(p.style.paint(s))
		}
		p.buf.WriteString(strings.TrimRight(b.String(), " ") + "\n")
		lead = rest
	}
}

// trimRight drops blanks at the end of a line, under a colour too.
func trimRight(line []span) []span {
	for len(line) > 0 {
		last := &line[len(line)-1]
		if last.text = strings.TrimRight(last.text, " "); last.text != "" {
			break
		}
		line = line[:len(line)-1]
	}
	return line
}

// text writes a paragraph at an indent.
func (p *page) text(indent int, spans ...span) {
	lead := strings.Repeat(" ", indent)
	p.put(lead, lead, spans...)
}

// item writes a paragraph behind a mark, with the following lines below its text.
func (p *page) item(indent int, mark span, spans ...span) {
	lead := strings.Repeat(" ", indent)
	p.put(lead, lead+strings.Repeat(" ", widthOf(Escape(mark.text))+1), append([]span{mark, say(" ")}, spans...)...)
}

// block writes untrusted text of several lines and keeps its line breaks.
func (p *page) block(indent int, text string, t tone) {
	for line := range strings.SplitSeq(Block(strings.TrimSpace(text)), "\n") {
		if strings.TrimSpace(line) != "" {
			p.text(indent, span{line, t})
		}
	}
}

// command writes a command for a shell, never wrapped, for it will be copied.
func (p *page) command(indent int, commands ...string) {
	for _, c := range commands {
		for line := range strings.SplitSeq(Block(c), "\n") {
			p.buf.WriteString(strings.Repeat(" ", indent) + p.style.paint(span{line, strong}) + "\n")
		}
	}
}

// section begins a part with a title, one empty line below what was before.
func (p *page) section(title string) {
	if p.buf.Len() > 0 {
		p.buf.WriteString("\n")
	}
	p.put("", "", span{title, strong})
}

// table writes a table at an indent.
func (p *page) table(indent int, t *Table) {
	lead := strings.Repeat(" ", indent)
	err := t.lines(p.style, func(line string) { p.buf.WriteString(lead + line + "\n") })
	if err != nil {
		p.err = err
	}
}
