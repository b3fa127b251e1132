package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// checks asks what the profiles say can be wrong with the target, and keeps what
// was found and what could not be told.
func (g *gather) checks(ctx context.Context) {
	checks := g.Registry.Checks(g.hit.Kind, g.ev.Object, g.ev.Raw, g.ev.At)
	search := blockerSearch{gather: g, found: map[string]*backup.Blocking{}}
	var queries []*system.BlockerQuery
	for i := range checks {
		if q := &checks[i]; q.Unreadable == "" {
			queries = append(queries, &q.BlockerQuery)
		} else {
			search.lacks(&q.BlockerQuery, backup.Failed, q.Unreadable)
		}
	}
	search.run(ctx, queries)
	for _, q := range checks {
		answer := search.of(q.Finalizer)
		if len(answer.Blockers) == 0 && answer.Lookup == backup.Found {
			continue
		}
		slices.SortFunc(answer.Blockers, byRuleThenName)
		g.ev.Checked = append(g.ev.Checked, backup.Checked{
			CheckRule: q.Check, Lookup: answer.Lookup, Hits: answer.Blockers, Unreadable: answer.Unreadable,
		})
	}
}

// lacksOther tells whether the object that a candidate names does not exist. A
// rule without such an object is content.
func (s *blockerSearch) lacksOther(ctx context.Context, q *system.BlockerQuery, item map[string]any, namespace string) bool {
	other, unreadable := q.Names(item)
	if unreadable != "" {
		s.lacks(q, backup.Failed, unreadable)
	}
	if other.Resource == "" || unreadable != "" || other.Name == "" {
		return other.Resource == ""
	}
	served, ok := s.resource(other.Group, other.Resource)
	if !ok {
		s.lacks(q, backup.Failed, "whether the cluster serves "+other.GroupResource())
		return false
	}
	if !served.Namespaced {
		namespace = ""
	} else if other.Namespace != "" {
		namespace = other.Namespace
	}
	_, err := s.Cluster.Get(ctx, served, namespace, other.Name)
	if state := lookup(err); !state.Known() {
		s.lacks(q, state, other.GroupResource()+"/"+other.Name+": "+shortError(err))
	}
	return lookup(err) == backup.Absent
}

// controllers are what moves the target along, and those of its works that have
// not ended.
func (g *gather) controllers() []backup.OwnerSelector {
	var out []backup.OwnerSelector
	add := func(kind *system.Kind) {
		if kind == nil {
			return
		}
		if selector, ok := kind.Controller(); ok && !slices.Contains(out, selector) {
			out = append(out, selector)
		}
	}
	add(g.hit.Kind)
	for _, w := range g.ev.Object.Works {
		if w.Lookup == backup.Found && !w.Phase.Terminal() {
			add(g.kindOf(w.Ref.Group, w.Ref.Resource))
		}
	}
	return out
}
