package get

import (
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// entry is one listed object: its cells and what it is sorted by. The object
// itself is kept only for who needs the whole of it, so that a list of ten
// thousand stays small.
type entry struct {
	namespace, name  string
	target           string // for -o name only
	system, schedule string
	phase            backup.Phase
	created          time.Time
	size             int64 // in bytes; -1 is unknown
	cells            render.Row
	object           *backup.Object
}

// entry takes from an object what its output needs.
func (o *options) entry(row backup.Object) *entry {
	e := &entry{
		namespace: row.Ref.Namespace, name: row.Ref.Name,
		system: row.System, schedule: row.Schedule, phase: row.Phase, created: row.Created, size: size(row),
	}
	if o.whole() {
		whole := row // the address of row itself would put each onto the heap
		e.object = &whole
	}
	switch {
	case o.output == "name":
		e.target = row.Ref.String()
	case !o.output.IsStructured():
		e.cells = o.table().Row(row)
	}
	return e
}

// whole tells whether the objects themselves are needed after they were listed.
func (o *options) whole() bool {
	return o.output.IsStructured() || o.flags.watch || strings.ContainsAny(o.flags.sortBy, ".{")
}

// table is the table that the cells are for. The kinds have to be known.
func (o *options) table() *render.List {
	if o.list == nil {
		o.list = render.NewList(o.columns(), o.Style(o.Out))
	}
	return o.list
}

func size(o backup.Object) int64 {
	if o.SizeBytes == nil {
		return -1
	}
	return *o.SizeBytes
}
