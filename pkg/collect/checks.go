package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// checks asks what the profiles say can be wrong with the target, and keeps what
// was found and what could not be told.
func (g *gather) checks(ctx context.Context) {
	checks := g.Registry.Checks(g.hit.Kind, g.ev.Object, g.ev.Raw, system.Given{Now: g.ev.At, ClusterVersion: g.ev.Cluster.Release})
	search := blockerSearch{gather: g, found: map[string]*backup.Blocking{}}
	var queries []*system.BlockerQuery
	for i := range checks {
		q := &checks[i]
		if q.Unreadable != "" {
			search.lacks(&q.BlockerQuery, backup.Failed, q.Unreadable)
		} else if search.beside(ctx, &q.BlockerQuery) {
			queries = append(queries, &q.BlockerQuery)
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

// beside reads the further objects of a check. It is false where they could not
// be read, and the check is without an answer.
func (s *blockerSearch) beside(ctx context.Context, q *system.BlockerQuery) bool {
	of, unreadable := q.Beside()
	if unreadable != "" {
		s.lacks(q, backup.Failed, unreadable)
		return false
	}
	if of.Resource == "" {
		return true
	}
	served, ok := s.resource(of.Group, of.Resource)
	if !ok && s.discoveryFailed(of.Group) {
		s.lacks(q, backup.Failed, "whether the cluster serves "+of.Resource+"."+of.Group)
		return false
	}
	var objects []map[string]any
	if ok {
		namespace := s.hit.Namespace
		if of.Everywhere || !served.Namespaced {
			namespace = ""
		}
		err := s.list(ctx, served, namespace, cluster.ListOptions{LabelSelector: of.Selector}, func(item map[string]any) error {
			objects = append(objects, item)
			return nil
		})
		if err != nil {
			gap := gapOf(served, namespace, err)
			s.gap(gap.What, err)
			s.lacks(q, lookup(err), gap.What+": "+gap.Why)
			return false
		}
	}
	q.PutBeside(objects)
	return true
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
