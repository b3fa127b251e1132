package get

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// allPhases are the words that --phase takes.
var allPhases = []backup.Phase{
	backup.PhasePending, backup.PhaseRunning, backup.PhaseCompleted, backup.PhasePartiallyFailed, backup.PhaseFailed,
	backup.PhaseDeleting, backup.PhaseUnknown, backup.PhaseActive, backup.PhasePaused, backup.PhaseInvalid,
	backup.PhaseAvailable, backup.PhaseUnavailable,
}

// Phases are the words that --phase takes.
func Phases() []string {
	words := make([]string, 0, len(allPhases))
	for _, p := range allPhases {
		words = append(words, string(p))
	}
	return words
}

func phaseWords(words []string) ([]backup.Phase, error) {
	var out []backup.Phase
	for _, word := range words {
		i := slices.IndexFunc(allPhases, func(p backup.Phase) bool { return strings.EqualFold(string(p), word) })
		if i < 0 {
			return nil, &cli.UsageError{Text: fmt.Sprintf("--phase=%s is not one of %s", word, strings.Join(Phases(), ", "))}
		}
		out = append(out, allPhases[i])
	}
	return out, nil
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

// newest keeps the youngest entry of each schedule, and of each namespace for
// objects that no schedule made.
func newest(entries []*entry) []*entry {
	youngest := map[string]*entry{}
	group := func(e *entry) string { return e.system + "\x00" + e.namespace + "\x00" + e.schedule }
	for _, e := range entries {
		if other, ok := youngest[group(e)]; !ok || other.created.Before(e.created) {
			youngest[group(e)] = e
		}
	}
	return slices.DeleteFunc(entries, func(e *entry) bool {
		first := youngest[group(e)]
		return first.name != e.name
	})
}

type compare func(a, b *entry) int

// sorter reads --sort-by. Equal entries stay in the order of their names.
func sorter(by string) (compare, error) {
	name := func(a, b *entry) int {
		return cmp.Or(cmp.Compare(a.namespace, b.namespace), cmp.Compare(a.name, b.name), cmp.Compare(a.system, b.system))
	}
	var first compare
	switch by {
	case "name":
		return name, nil
	case "age":
		first = func(a, b *entry) int { return a.created.Compare(b.created) }
	case "phase":
		first = func(a, b *entry) int { return cmp.Compare(a.phase, b.phase) }
	case "system":
		first = func(a, b *entry) int { return cmp.Compare(a.system, b.system) }
	case "size":
		first = func(a, b *entry) int { return cmp.Compare(a.size, b.size) }
	default:
		path, err := sortPath(by)
		if err != nil {
			return nil, err
		}
		first = func(a, b *entry) int { return cmp.Compare(path.Text(a.object), path.Text(b.object)) }
	}
	return func(a, b *entry) int { return cmp.Or(first(a, b), name(a, b)) }, nil
}

func sortPath(by string) (cli.Path, error) {
	if !strings.HasPrefix(by, ".") && !strings.HasPrefix(by, "{") {
		return cli.Path{}, &cli.UsageError{Text: fmt.Sprintf("--sort-by=%s is not one of name, age, phase, size, system, nor a JSONPath such as .finished", by)}
	}
	return cli.ParsePath(by)
}
