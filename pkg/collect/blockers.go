package collect

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// blockers finds what the finalizers of a deletion wait for, by the rules of
// their profiles. A resource that the cluster does not serve blocks nothing.
func (g *gather) blockers(ctx context.Context) {
	if !g.ev.Object.Deleting() {
		return
	}
	search := blockerSearch{gather: g, found: map[string]*backup.Blocking{}}
	rules := g.Registry.Blockers(g.hit.Kind, g.ev.Raw)
	queries := make([]*system.BlockerQuery, len(rules))
	for i := range rules {
		queries[i] = &rules[i]
	}
	search.run(ctx, queries)
	g.ev.Blocking = search.inOrder()
	g.gcFinalizers()
}

// candidates are where the candidates of some rules are: one object if there is
// a name, else every object of the resource in the namespace or everywhere, as
// far as the selector takes them.
type candidates struct{ group, resource, namespace, name, selector string }

// run asks all rules, with one reading of each place.
func (s *blockerSearch) run(ctx context.Context, queries []*system.BlockerQuery) {
	byPlace, places := map[candidates][]*system.BlockerQuery{}, []candidates(nil)
	for _, q := range queries {
		s.of(q.Finalizer)
		if place, ok := s.place(ctx, q); ok {
			if len(byPlace[place]) == 0 {
				places = append(places, place)
			}
			byPlace[place] = append(byPlace[place], q)
		}
	}
	group := errgroup.Group{}
	group.SetLimit(listers)
	for _, place := range places {
		group.Go(func() error { s.look(ctx, place, byPlace[place]); return nil })
	}
	_ = group.Wait() // every failure is in what was found
}

// blockerSearch keeps what was found by finalizer.
type blockerSearch struct {
	*gather
	lock  sync.Mutex
	found map[string]*backup.Blocking
}

func (s *blockerSearch) of(finalizer string) *backup.Blocking {
	if s.found[finalizer] == nil {
		s.found[finalizer] = &backup.Blocking{Finalizer: finalizer, Lookup: backup.Found}
	}
	return s.found[finalizer]
}

// lacks notes a question that has no answer.
func (s *blockerSearch) lacks(q *system.BlockerQuery, state backup.Lookup, why string) {
	s.lock.Lock()
	defer s.lock.Unlock()
	blocking := s.of(q.Finalizer)
	blocking.Lookup = state
	if !slices.Contains(blocking.Unreadable, why) {
		blocking.Unreadable = append(blocking.Unreadable, why)
	}
}

// place says where a rule's candidates are. A rule about the object itself is
// judged at once, and one whose object names no candidate has none.
func (s *blockerSearch) place(ctx context.Context, q *system.BlockerQuery) (candidates, bool) {
	if q.Self {
		s.judge(ctx, q, s.hit.Served, s.ev.Raw)
		return candidates{}, false
	}
	place := candidates{group: q.Group, resource: q.Resource, namespace: s.hit.Namespace, selector: q.Selector}
	if q.Everywhere {
		place.namespace = ""
	}
	if q.Named {
		var unreadable string
		place.namespace, place.name, unreadable = q.Place()
		if unreadable != "" {
			s.lacks(q, backup.Failed, unreadable)
		}
	}
	return place, !q.Named || place.name != ""
}

// look reads the candidates of a place once and has each rule judge them.
func (s *blockerSearch) look(ctx context.Context, place candidates, queries []*system.BlockerQuery) {
	served, ok := s.resource(place.group, place.resource)
	switch {
	case !ok && s.discoveryFailed(place.group):
		s.all(queries, backup.Failed, "whether the cluster serves "+place.resource+"."+place.group)
		return
	case !ok:
		return
	case isSecret(served) && !s.depth.Storage:
		s.all(queries, backup.NotAsked, "no Secret was looked at, as storage is left alone")
		return
	}
	if !served.Namespaced {
		place.namespace = ""
	}
	each := func(item map[string]any) error {
		for _, q := range queries {
			s.judge(ctx, q, served, item)
		}
		return nil
	}
	if place.name == "" {
		if err := s.list(ctx, served, place.namespace, cluster.ListOptions{LabelSelector: place.selector}, each); err != nil {
			gap := gapOf(served, place.namespace, err)
			s.gap(gap.What, err)
			s.all(queries, lookup(err), gap.What+": "+gap.Why)
		}
		return
	}
	ref := served.Ref(place.namespace, place.name)
	item, err := s.Cluster.Get(ctx, served, place.namespace, place.name)
	switch lookup(err) {
	case backup.Found:
		_ = each(item) // it never fails
	case backup.Absent:
		for _, q := range queries {
			s.judgeMissing(ctx, q, ref)
		}
	default:
		s.gap(ref.Human(), err)
		s.all(queries, lookup(err), ref.Human()+": "+shortError(err))
	}
}

func isSecret(served backup.Served) bool { return served.Group == "" && served.Resource == "secrets" }

// discoveryFailed tells whether the resources of a group are not known.
func (s *blockerSearch) discoveryFailed(group string) bool {
	return slices.ContainsFunc(s.gaps, func(gap backup.Gap) bool { return group != "" && gap.Group == group })
}

func (s *blockerSearch) all(queries []*system.BlockerQuery, state backup.Lookup, why string) {
	for _, q := range queries {
		s.lacks(q, state, why)
	}
}

func (s *blockerSearch) judge(ctx context.Context, q *system.BlockerQuery, served backup.Served, item map[string]any) {
	blocker := backup.Blocker{Lingering: s.lingering(served, item), Rule: q.Rule, Self: q.Self}
	if !q.Self && blocker.Ref.UID == s.ev.Object.Ref.UID { // nothing waits for itself
		return
	}
	s.add(ctx, q, item, blocker)
}

func (s *blockerSearch) judgeMissing(ctx context.Context, q *system.BlockerQuery, ref backup.Ref) {
	s.add(ctx, q, nil, backup.Blocker{Lingering: backup.Lingering{Ref: ref}, Rule: q.Rule, Missing: true})
}

func (s *blockerSearch) add(ctx context.Context, q *system.BlockerQuery, item map[string]any, blocker backup.Blocker) {
	blocks, because := q.Judge(item)
	if blocks == backup.Yes && !s.lacksOther(ctx, q, item, blocker.Ref.Namespace) {
		return
	}
	switch blocks {
	case backup.Unknown:
		s.lacks(q, backup.Failed, "whether "+blocker.Ref.Human()+" blocks it: "+because)
	case backup.Yes:
		blocker.Because = because
		blocker.Proof, blocker.Values = q.Details(item)
		s.lock.Lock()
		defer s.lock.Unlock()
		blocking := s.of(q.Finalizer)
		blocking.Blockers = append(blocking.Blockers, blocker)
	}
}

// inOrder is what was found, in the order of the finalizers and their rules.
func (s *blockerSearch) inOrder() []backup.Blocking {
	var out []backup.Blocking
	for _, f := range s.ev.Object.Finalizers {
		blocking := s.found[f.Name]
		if blocking == nil {
			continue
		}
		slices.SortFunc(blocking.Blockers, byRuleThenName)
		slices.Sort(blocking.Unreadable)
		out = append(out, *blocking)
	}
	return out
}

func byRuleThenName(a, b backup.Blocker) int {
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Ref.Namespace, b.Ref.Namespace), cmp.Compare(a.Ref.Name, b.Ref.Name))
}
