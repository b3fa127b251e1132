package get

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// allPhases are the words that --phase takes.
var allPhases = []backup.Phase{
	backup.PhasePending, backup.PhaseRunning, backup.PhaseCompleted, backup.PhasePartiallyFailed, backup.PhaseFailed,
	backup.PhaseDeleting, backup.PhaseUnknown, backup.PhaseActive, backup.PhasePaused, backup.PhaseInvalid,
	backup.PhaseAvailable, backup.PhaseUnavailable,
}

func phaseWords(words []string) ([]backup.Phase, error) {
	var out []backup.Phase
	for _, word := range words {
		i := slices.IndexFunc(allPhases, func(p backup.Phase) bool { return strings.EqualFold(string(p), word) })
		if i < 0 {
			return nil, &cli.UsageError{Text: fmt.Sprintf("--phase=%s is not one of %s", word, joinPhases())}
		}
		out = append(out, allPhases[i])
	}
	return out, nil
}

func joinPhases() string {
	var words []string
	for _, p := range allPhases {
		words = append(words, string(p))
	}
	return strings.Join(words, ", ")
}

// keep tells whether a row passes the filters. A row whose state is unknown
// passes --stuck only if it is known to hang.
func (o *options) keep(row backup.Object, now time.Time) bool {
	switch {
	case len(o.phases) > 0 && !slices.Contains(o.phases, row.Phase):
		return false
	case o.flags.since > 0 && now.Sub(row.Created) > o.flags.since:
		return false
	case o.flags.stuck && row.Stuck(now) != backup.Yes:
		return false
	}
	return true
}

// slim is the row without what neither columns nor a sort by name look at, so
// that a list of ten thousand stays small. Programs get the whole of it.
func (o *options) slim(row backup.Object) *backup.Object {
	if o.output.IsStructured() || strings.ContainsAny(o.flags.sortBy, ".{") {
		return &row
	}
	row.Conditions, row.Unreadable = nil, nil
	if role, _ := collect.RoleOf(o.query.Type); o.output != "wide" && role != backup.RoleLocation {
		row.Locations = nil
	}
	return &row
}

// newest keeps the youngest row of each schedule, and of each namespace for
// rows that no schedule made.
func newest(rows []*backup.Object) []*backup.Object {
	youngest := map[string]*backup.Object{}
	for _, row := range rows {
		key := row.System + "\x00" + row.Ref.Namespace + "\x00" + row.Schedule
		if other, ok := youngest[key]; !ok || other.Created.Before(row.Created) {
			youngest[key] = row
		}
	}
	return slices.DeleteFunc(rows, func(row *backup.Object) bool {
		key := row.System + "\x00" + row.Ref.Namespace + "\x00" + row.Schedule
		return youngest[key].Ref != row.Ref
	})
}

type compare func(a, b *backup.Object) int

// sorter reads --sort-by. Equal rows stay in the order of their names.
func sorter(by string) (compare, error) {
	name := func(a, b *backup.Object) int {
		return cmp.Or(cmp.Compare(a.Ref.Namespace, b.Ref.Namespace), cmp.Compare(a.Ref.Name, b.Ref.Name), cmp.Compare(a.System, b.System))
	}
	var first compare
	switch by {
	case "name":
		return name, nil
	case "age":
		first = func(a, b *backup.Object) int { return a.Created.Compare(b.Created) }
	case "phase":
		first = func(a, b *backup.Object) int { return cmp.Compare(a.Phase, b.Phase) }
	case "system":
		first = func(a, b *backup.Object) int { return cmp.Compare(a.System, b.System) }
	case "size":
		first = func(a, b *backup.Object) int { return cmp.Compare(size(a), size(b)) }
	default:
		path, err := sortPath(by)
		if err != nil {
			return nil, err
		}
		first = func(a, b *backup.Object) int { return cmp.Compare(path.Text(a), path.Text(b)) }
	}
	return func(a, b *backup.Object) int { return cmp.Or(first(a, b), name(a, b)) }, nil
}

func size(o *backup.Object) int64 {
	if o.SizeBytes == nil {
		return -1
	}
	return *o.SizeBytes
}

func sortPath(by string) (cli.Path, error) {
	if !strings.HasPrefix(by, ".") && !strings.HasPrefix(by, "{") {
		return cli.Path{}, &cli.UsageError{Text: fmt.Sprintf("--sort-by=%s is not one of name, age, phase, size, system, nor a JSONPath such as .finished", by)}
	}
	return cli.ParsePath(by)
}
