package collect

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// listers is how many kinds are listed at the same time.
const listers = 8

// dependents looks through every kind of the namespace for objects that the
// garbage collector would delete with the target. Only metadata is read. A kind
// that cannot be listed leaves the answer unknown.
func (g *gather) dependents(ctx context.Context) {
	uid := g.ev.Object.Ref.UID
	state := backup.Found
	var mu sync.Mutex
	group := errgroup.Group{}
	group.SetLimit(listers)
	for _, served := range g.listable() {
		group.Go(func() error {
			err := g.list(ctx, served, g.hit.Namespace, cluster.ListOptions{Metadata: true}, func(item map[string]any) error {
				dependent, depends := dependentOf(served, item, uid)
				relative, blocks := g.kinOf(served, item)
				mu.Lock()
				defer mu.Unlock()
				if depends {
					g.ev.Dependents = append(g.ev.Dependents, dependent)
				}
				if blocks {
					g.kin = append(g.kin, relative)
				}
				return nil
			})
			if err != nil {
				g.gap(served.Ref("", "").GroupResource()+" in namespace "+g.hit.Namespace, err)
				mu.Lock()
				defer mu.Unlock()
				state = lookup(err)
			}
			return nil
		})
	}
	_ = group.Wait() // every failure is a gap already
	g.ev.DependentsLookup = state
	g.finished(ctx)
}

// listable are the kinds of the target's scope, one version of each; of both
// scopes where a cluster-scoped target waits for its dependents.
func (g *gather) listable() []backup.Served {
	both := g.hit.Namespace == "" && (hasFinalizer(g.ev.Object, "foregroundDeletion") || hasFinalizer(g.ev.Object, "orphan"))
	seen := map[string]bool{}
	var out []backup.Served
	for _, s := range g.distinct() {
		key := s.Group + "/" + s.Resource
		if s.Namespaced != (g.hit.Namespace != "") && !both || !slices.Contains(s.Verbs, "list") || seen[key] {
			continue
		}
		if s.Resource == "events" { // events have no dependents of their own to lose
			continue
		}
		seen[key] = true
		best, _ := g.resource(s.Group, s.Resource)
		out = append(out, best)
	}
	return out
}

func dependentOf(served backup.Served, item map[string]any, uid string) (backup.Dependent, bool) {
	for _, owner := range items(item, "metadata", "ownerReferences") {
		if nested(owner, "uid") == uid && uid != "" {
			ref := served.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name"))
			ref.UID = nested(item, "metadata", "uid")
			blocks, _ := owner["blockOwnerDeletion"].(bool)
			return backup.Dependent{Ref: ref, Blocks: blocks, Deleted: instant(item, "metadata", "deletionTimestamp"), Finalizers: finalizersOf(item)}, true
		}
	}
	return backup.Dependent{}, false
}

// finished reads whether the Jobs and pods among the dependents have ended.
func (g *gather) finished(ctx context.Context) {
	for i := range g.ev.Dependents {
		d := &g.ev.Dependents[i]
		switch d.Ref.GroupResource() {
		case "jobs.batch":
			d.Finished = g.jobFinished(ctx, d.Ref)
		case "pods":
			if raw, err := g.Cluster.Get(ctx, pods, d.Ref.Namespace, d.Ref.Name); err == nil {
				phase := nested(raw, "status", "phase")
				d.Finished = backup.AnswerOf(phase == "Succeeded" || phase == "Failed")
			}
		}
	}
}

// jobFinished tells whether no container of a Job runs any more.
func (g *gather) jobFinished(ctx context.Context, ref backup.Ref) backup.Answer {
	raw, err := g.Cluster.Get(ctx, jobs, ref.Namespace, ref.Name)
	if err != nil {
		return backup.Unknown
	}
	work := backup.Work{}
	readJob(&work, raw, nil)
	return backup.AnswerOf(work.Phase.Terminal())
}

// errUnreadable says that a profile could not tell where another backup lies.
var errUnreadable = errors.New("its place in storage could not be read from its spec")

// neighbours looks at every backup of every known system for a place in storage
// that overlaps with the target's.
func (g *gather) neighbours(ctx context.Context) {
	target := g.ev.Object
	if len(target.Locations) == 0 || target.Role == backup.RoleLocation { // a location is where backups lie
		g.ev.NeighboursLookup = backup.Found
		return
	}
	state, places := backup.Found, g.places()
	for _, kind := range g.kinds {
		if kind.Role != backup.RoleBackup {
			continue
		}
		if gaps := g.relateAll(ctx, kind, ""); len(gaps) > 0 { // then no place of them is known
			state = gaps[0].Lookup
			g.addGaps(gaps)
			continue
		}
		err := g.list(ctx, kind.Served, "", cluster.ListOptions{}, func(item map[string]any) error {
			if nested(item, "metadata", "uid") == target.Ref.UID {
				return nil
			}
			other := kind.Row(item)
			for _, theirs := range kind.Places(item, other) {
				if theirs.Provider == "" { // the profile could not read where it lies
					state = backup.Failed
					g.gap("the place of "+other.Ref.Human(), errUnreadable)
				}
				if n, ok := neighbour(places, other, theirs); ok {
					g.ev.Neighbours = append(g.ev.Neighbours, n)
				}
			}
			return nil
		})
		if err != nil {
			state = lookup(err)
			g.gap(kind.Served.Ref("", "").GroupResource()+" in all namespaces", err)
		}
	}
	g.ev.NeighboursLookup = state
}

func neighbour(mine []backup.Location, other backup.Object, theirs backup.Location) (backup.Neighbour, bool) {
	for _, own := range mine {
		if own.Overlaps(theirs) {
			same := own.URL() == theirs.URL()
			return backup.Neighbour{System: other.System, Ref: other.Ref, Phase: other.Phase, Location: theirs, Same: same}, true
		}
	}
	return backup.Neighbour{}, false
}

// access asks whether this identity may do what the ways out would write.
func (g *gather) access(ctx context.Context) {
	reviewer, ok := g.Cluster.(cluster.AccessReviewer)
	if !ok {
		return
	}
	ask := func(verb string, ref backup.Ref) {
		ref.UID = ""
		allowed, reason, err := reviewer.MayI(ctx, verb, ref, "")
		if err != nil {
			g.gap("whether you may "+verb+" "+ref.Human(), err)
		}
		g.ev.Access = append(g.ev.Access, backup.Access{Verb: verb, Ref: ref, Allowed: allowed, Reason: reason})
	}
	if g.ev.Object.Deleting() {
		ask("patch", g.ev.Object.Ref)
	}
	for _, w := range g.ev.Object.Works {
		if w.Role == backup.WorkClean {
			ask("delete", w.Ref)
		}
	}
}
