package render

import (
	"fmt"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// ListOptions says which objects a list shows and how much of them.
type ListOptions struct {
	// Role chooses the columns.
	Role backup.Role
	// Namespaces adds the first column, for lists over several of them.
	Namespaces bool
	// Wide adds the columns that do not fit into 80.
	Wide bool
	// NoHeaders leaves the first line out.
	NoHeaders bool
	// Widths are those of a list that was printed before, whose columns go on.
	Widths []int
}

// List is what `get` prints of many objects of one role. It keeps only the
// cells of each, so that the objects can be dropped.
type List struct {
	columns []column
	style   Style
	table   *Table
}

// column is one column of a list.
type column struct {
	name string
	cell func(o backup.Object, s Style) span
}

// NewList makes an empty list.
func NewList(o ListOptions, s Style) *List {
	columns := roleColumns(o)
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	table := NewTable(names...)
	table.NoHeaders, table.Widths = o.NoHeaders, o.Widths
	return &List{columns: columns, style: s, table: table}
}

// Row is the cells of one object. They can be kept and sorted in its stead.
type Row []span

// Row makes the row of one object.
func (l *List) Row(o backup.Object) Row {
	row := make(Row, len(l.columns))
	for i, c := range l.columns {
		row[i] = c.cell(o, l.style)
	}
	return row
}

// Grow makes room for rows.
func (l *List) Grow(rows int) { l.table.grow(rows) }

// AddRow appends a row that Row made.
func (l *List) AddRow(row Row) { l.table.add(row...) }

// Add appends the row of one object.
func (l *List) Add(o backup.Object) { l.AddRow(l.Row(o)) }

// Len is the number of rows.
func (l *List) Len() int { return l.table.Len() }

// Widths are those of the columns, for rows that are printed later.
func (l *List) Widths() []int { return l.table.widths() }

// Print writes the list; an empty one writes nothing.
func (l *List) Print(w io.Writer) error { return l.table.Print(w, l.style) }

// roleColumns are the columns for the objects of one role.
func roleColumns(o ListOptions) []column {
	var columns []column
	if o.Namespaces {
		columns = append(columns, textColumn("NAMESPACE", func(o backup.Object) string { return o.Ref.Namespace }))
	}
	columns = append(columns,
		textColumn("NAME", func(o backup.Object) string { return o.Ref.Name }),
		textColumn("SYSTEM", func(o backup.Object) string { return o.System }),
		column{"PHASE", func(object backup.Object, s Style) span { return phaseWord(object, s, o.Wide) }},
	)
	switch o.Role {
	case backup.RoleSchedule:
		columns = append(columns, scheduleColumns()...)
	case backup.RoleLocation:
		columns = append(columns, locationColumns()...)
	case backup.RoleRestore:
		columns = append(columns, dataColumn(),
			textColumn("PROGRESS", func(o backup.Object) string { return progressWord(o.Progress) }))
	default:
		columns = append(columns, dataColumn(),
			textColumn("SIZE", func(o backup.Object) string { return sizeWord(o.SizeBytes) }))
	}
	columns = append(columns, column{"AGE", func(o backup.Object, s Style) span { return say(s.Age(o.Created)) }})
	if o.Wide && (o.Role == backup.RoleBackup || o.Role == "") {
		columns = append(columns, wideColumns()...)
	}
	return columns
}

func textColumn(name string, text func(backup.Object) string) column {
	return column{name, func(o backup.Object, _ Style) span { return say(text(o)) }}
}

func dataColumn() column {
	return column{"DATA", func(o backup.Object, _ Style) span { return dataWord(o) }}
}

func scheduleColumns() []column {
	return []column{
		textColumn("CRON", func(o backup.Object) string { return o.Cron }),
		{"LAST", func(o backup.Object, s Style) span { return say(s.Age(deref(o.LastRun))) }},
	}
}

func locationColumns() []column {
	return []column{
		textColumn("PROVIDER", func(o backup.Object) string {
			if len(o.Locations) == 0 {
				return ""
			}
			return o.Locations[0].Provider
		}),
		textColumn("URL", placeWord),
	}
}

func wideColumns() []column {
	return []column{
		textColumn("RESTORABLE", func(o backup.Object) string { return restorable(o).String() }),
		{"EXPIRES", func(o backup.Object, s Style) span {
			if o.Expires == nil {
				return span{}
			}
			return say(s.Ago(*o.Expires))
		}},
		textColumn("LOCATION", placeWord),
		textColumn("SCHEDULE", func(o backup.Object) string { return o.Schedule }),
	}
}

// placeWord is the first location of an object and how many more it has.
func placeWord(o backup.Object) string {
	switch n := len(o.Locations); {
	case n > 0 && o.Locations[0].Provider == "":
		return "unknown"
	case n == 0:
		return ""
	case n == 1:
		return o.Locations[0].URL()
	default:
		return fmt.Sprintf("%s +%d", o.Locations[0].URL(), n-1)
	}
}
