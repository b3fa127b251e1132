package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
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
	// Widths are those that the columns have at least, such as those of a table
	// that was printed before.
	Widths []int

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

// grow makes room for rows.
func (t *Table) grow(n int) { t.rows = slices.Grow(t.rows, n) }

// Len is the number of rows.
func (t *Table) Len() int { return len(t.rows) }

// Print writes the table; one without rows writes nothing.
func (t *Table) Print(w io.Writer, s Style) error {
	out := bufio.NewWriterSize(w, 1<<15) // not a page, which would hold a long list once more
	err := t.lines(s, func(line string) {
		_, _ = out.WriteString(line) // Flush tells of an error
		_ = out.WriteByte('\n')
	})
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}

// drawn is how many rows tablewriter draws. It takes some 20 µs and several
// kilobytes for each, which a list of ten thousand would pay with a quarter of a
// second and when it holds the most; the rows after these are laid out below them
// to the same widths.
const drawn = 32

// lines hands on the table line by line, without blanks at their ends.
func (t *Table) lines(s Style, each func(line string)) error {
	if len(t.rows) == 0 {
		return nil
	}
	widths := t.widths()
	first := min(drawn, len(t.rows))
	if err := t.draw(t.rows[:first], widths, s, each); err != nil {
		return err
	}
	cells := make([]string, 0, len(widths))
	for _, row := range t.rows[first:] {
		cells = t.paint(cells[:0], row, widths, s)
		each(trimEnd(strings.Join(cells, gap)))
	}
	return nil
}

// draw lets tablewriter draw the headers and the first rows, as wide as the
// whole table is.
func (t *Table) draw(rows [][]span, widths []int, s Style, each func(line string)) error {
	var b strings.Builder
	table := newBorderless(&b)
	if !t.NoHeaders {
		headers := make([]string, len(t.headers))
		for i, h := range t.headers {
			headers[i] = fill(h, widths[i]-widthOf(h))
		}
		table.Header(headers)
	}
	for _, row := range rows {
		if err := table.Append(t.paint(nil, row, widths, s)); err != nil {
			return fmt.Errorf("add row to table: %w", err)
		}
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("render table: %w", err)
	}
	for line := range strings.Lines(b.String()) {
		each(trimEnd(line))
	}
	return nil
}

// trimEnd takes the blanks from the end of a line. Behind those that fill a
// coloured cell tablewriter ends the colour once more.
func trimEnd(line string) string {
	line = strings.TrimRight(line, " \n")
	if filled, ok := strings.CutSuffix(line, reset); ok && strings.HasSuffix(strings.TrimRight(filled, " "), reset) {
		return strings.TrimRight(filled, " ")
	}
	return line
}

// widths are those of the columns, in the cells of a terminal.
func (t *Table) widths() []int {
	widths := make([]int, len(t.headers))
	copy(widths, t.Widths)
	if !t.NoHeaders {
		for i, h := range t.headers {
			widths[i] = max(widths[i], widthOf(h))
		}
	}
	for _, row := range t.rows {
		for i := range widths {
			widths[i] = max(widths[i], cellAt(row, i).width())
		}
	}
	return widths
}

// cellAt is the cell of a row in a column; a missing or blank one is none.
func cellAt(row []span, column int) span {
	if column < len(row) {
		if text := strings.TrimSpace(row[column].text); text != "" {
			return span{text, row[column].tone}
		}
	}
	return span{none, plain}
}

// width is how many cells of a terminal a span takes.
func (s span) width() int { return widthOf(Escape(s.text)) }

// paint appends the cells of one row, visible and filled with blanks up to the
// widths of their columns.
func (t *Table) paint(cells []string, row []span, widths []int, s Style) []string {
	for i := range t.headers {
		cell := cellAt(row, i)
		cells = append(cells, fill(s.paint(cell), widths[i]-cell.width()))
	}
	return cells
}

// fill puts blanks behind a text.
func fill(text string, blanks int) string { return text + strings.Repeat(" ", max(0, blanks)) }

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
