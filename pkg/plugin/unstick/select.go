package unstick

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// selection is what several plans are made for, in the order in which they are
// carried out.
type selection struct {
	hits []collect.Hit
	// alive counts objects with the labels that nobody deletes.
	alive int
	gaps  []backup.Gap
}

// choose finds the objects that were named, or selects them.
func (o *options) choose(ctx context.Context) (selection, error) {
	if o.flags.selects() {
		return o.choosy(ctx)
	}
	hits, err := o.Named(ctx)
	return selection{hits: hits}, err
}

// choosy selects among what `get` would list.
func (o *options) choosy(ctx context.Context) (selection, error) {
	var out selection
	now := o.Now()
	query := o.Selected(o.flags.selector, o.flags.all)
	kinds, _, err := o.Collector.Kinds(ctx)
	if err != nil {
		return out, err
	}
	gaps, err := o.Collector.List(ctx, query, func(row backup.Object) {
		switch wanted := o.wants(row, now); {
		case wanted == backup.Unknown:
			out.gaps = append(out.gaps, backup.Gap{What: "whether the deletion of " + row.Ref.Human() + " hangs", Why: unlisted(row), Lookup: row.WorksLookup})
			return
		case wanted == backup.No && !deletes(row):
			out.alive++
			return
		case wanted == backup.No:
			return
		}
		for _, kind := range kinds {
			if kind.Served.Group == row.Ref.Group && kind.Served.Resource == row.Ref.Resource {
				out.hits = append(out.hits, collect.Hit{Kind: kind, Served: kind.Served, Namespace: row.Ref.Namespace, Name: row.Ref.Name})
			}
		}
	})
	out.gaps = append(out.gaps, gaps...)
	if o.flags.allStuck {
		out.alive = 0 // nobody said that these hang
	}
	slices.SortFunc(out.hits, func(a, b collect.Hit) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Ref().GroupResource(), b.Ref().GroupResource()), cmp.Compare(a.Name, b.Name))
	})
	return out, err
}

// deletes tells whether somebody deletes the object: the API server, or its
// system alone, in a phase of its own.
func deletes(row backup.Object) bool { return row.Deleting() || row.Phase == backup.PhaseDeleting }

// wants tells whether a selection takes an object. With --all-stuck it has to
// hang: for longer than a moment, or as far as the work that deletes it tells.
func (o *options) wants(row backup.Object, now time.Time) backup.Answer {
	switch {
	case !deletes(row):
		return backup.No
	case !o.flags.allStuck:
		return backup.Yes
	case row.Deleting():
		return backup.AnswerOf(!backup.DeletedJustNow(*row.Deleted, now))
	}
	return row.Stuck(now)
}

// unlisted says why the work that deletes an object is not known.
func unlisted(row backup.Object) string {
	for _, w := range row.Works {
		if w.Role == backup.WorkClean && !w.Lookup.Known() {
			return w.Ref.GroupResource() + " could not be read"
		}
	}
	return "what deletes it could not be read"
}
