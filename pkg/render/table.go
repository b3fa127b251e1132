package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// gap is the space between two columns. Two blanks, where kubectl has three,
// let an ordinary list fit into 80 columns.
const gap = "  "

// Table is a list as kubectl prints it: aligned columns without borders. Cells
// are never cut nor wrapped. An empty cell is shown as "-".
type Table struct {
	// NoHeaders leaves the first line out.
	NoHeaders bool

	headers []string
	rows    [][]span
}

// NewTable makes a table with the columns of the names given.
func NewTable(headers ...string) *Table { return &Table{headers: headers} }

// Add appends a row; its cells are untrusted text.
func (t *Table) Add(cells ...string) {
	row := make([]span, len(cells))
	for i, c := range cells {
		row[i] = say(c)
	}
	t.add(row...)
}

func (t *Table) add(cells ...span) { t.rows = append(t.rows, cells) }

// Len is the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// Print writes the table; one without rows writes nothing.
func (t *Table) Print(w io.Writer, s Style) error {
	p := newPage(s)
	p.table(0, t)
	return p.writeTo(w)
}

// lines is the table without blanks at the ends of its lines.
func (t *Table) lines(s Style) ([]string, error) {
	if len(t.rows) == 0 {
		return nil, nil
	}
	var b strings.Builder
	table := newBorderless(&b)
	if !t.NoHeaders {
		table.Header(t.headers)
	}
	for _, row := range t.rows {
		if err := table.Append(t.paint(row, s)); err != nil {
			return nil, fmt.Errorf("add row to table: %w", err)
		}
	}
	if err := table.Render(); err != nil {
		return nil, fmt.Errorf("render table: %w", err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines, nil
}

// paint makes the cells of one row visible; missing ones are added.
func (t *Table) paint(row []span, s Style) []string {
	cells := make([]string, len(t.headers))
	for i := range cells {
		cell := span{none, plain}
		if i < len(row) && strings.TrimSpace(row[i].text) != "" {
			cell = span{strings.TrimSpace(row[i].text), row[i].tone}
		}
		cells[i] = s.paint(cell)
	}
	return cells
}

// newBorderless sets tablewriter up for kubectl's look. It renders in one go:
// its streaming mode cuts long cells without a word.
func newBorderless(w io.Writer) *tablewriter.Table {
	return tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Symbols:  tw.NewSymbols(tw.StyleNone),
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithPadding(tw.Padding{Left: "", Right: gap, Overwrite: true}),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
	)
}
