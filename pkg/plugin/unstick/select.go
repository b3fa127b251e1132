package unstick

import (
	"cmp"
	"context"
	"slices"

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
	var out selection
	for _, target := range o.targets {
		hit, err := o.collector.Find(ctx, target, o.scope)
		if err != nil {
			return out, err
		}
		if !slices.ContainsFunc(out.hits, func(h collect.Hit) bool { return h.Ref().Same(hit.Ref()) }) {
			out.hits = append(out.hits, hit)
		}
	}
	return out, nil
}

// choosy selects among what `get` would list.
func (o *options) choosy(ctx context.Context) (selection, error) {
	var out selection
	now := o.Now()
	query := collect.Query{Type: o.kind, Namespace: o.scope.Namespace, Explicit: o.scope.Explicit, All: o.flags.all, LabelSelector: o.flags.selector}
	kinds, _, err := o.collector.Kinds(ctx)
	if err != nil {
		return out, err
	}
	out.gaps, err = o.collector.List(ctx, query, func(row backup.Object) {
		switch {
		case !row.Deleting():
			out.alive++
			return
		case o.flags.allStuck && backup.DeletedJustNow(*row.Deleted, now):
			return
		}
		for _, kind := range kinds {
			if kind.Served.Group == row.Ref.Group && kind.Served.Resource == row.Ref.Resource {
				out.hits = append(out.hits, collect.Hit{Kind: kind, Served: kind.Served, Namespace: row.Ref.Namespace, Name: row.Ref.Name})
			}
		}
	})
	if o.flags.allStuck {
		out.alive = 0 // nobody said that these hang
	}
	slices.SortFunc(out.hits, func(a, b collect.Hit) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Ref().GroupResource(), b.Ref().GroupResource()), cmp.Compare(a.Name, b.Name))
	})
	return out, err
}
