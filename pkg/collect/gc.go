package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// ownerReferences looks for what the target's owner references name, as the
// garbage collector does: a namespaced owner in the target's own namespace.
func (g *gather) ownerReferences(ctx context.Context) {
	for _, raw := range items(g.ev.Raw, "metadata", "ownerReferences") {
		g.ev.OwnerReferences = append(g.ev.OwnerReferences, g.ownerReference(ctx, raw))
	}
}

func (g *gather) ownerReference(ctx context.Context, raw map[string]any) backup.OwnerReference {
	ref, ok := g.referred(raw, g.hit.Namespace)
	out := backup.OwnerReference{Ref: ref}
	if !ok {
		return out
	}
	served, _ := g.resource(ref.Group, ref.Resource)
	out.Namespaced = backup.AnswerOf(served.Namespaced)
	if served.Namespaced && g.hit.Namespace == "" { // there is no namespace to look in
		out.Lookup = backup.Absent
		out.Elsewhere = g.elsewhere(ctx, served, ref)
		return out
	}
	owner, err := g.Cluster.Get(ctx, served, ref.Namespace, ref.Name)
	out.Lookup, out.FoundUID = lookup(err), nested(owner, "metadata", "uid")
	if !out.Lookup.Known() {
		g.gap(ref.Human(), err)
		return out
	}
	if served.Namespaced && out.FoundUID != ref.UID {
		out.Elsewhere = g.elsewhere(ctx, served, ref)
	}
	return out
}

// elsewhere is the namespace in which an owner with the right UID really is.
func (g *gather) elsewhere(ctx context.Context, served backup.Served, ref backup.Ref) string {
	found := ""
	options := cluster.ListOptions{FieldSelector: nameSelector(ref.Name), Metadata: true}
	err := g.list(ctx, served, "", options, func(item map[string]any) error {
		if nested(item, "metadata", "uid") == ref.UID {
			found = nested(item, "metadata", "namespace")
		}
		return nil
	})
	if err != nil {
		gap := gapOf(served, "", err)
		g.gap(gap.What, err)
	}
	return found
}

// kin is an object with owner references that is being deleted.
type kin struct {
	backup.Lingering
	owners []string // UIDs of the owners whose deletion it blocks
}

// kinOf reads an object that is being deleted and blocks the deletion of owners.
func (c *Collector) kinOf(served backup.Served, item map[string]any) (kin, bool) {
	k := kin{Lingering: c.lingering(served, item)}
	for _, owner := range items(item, "metadata", "ownerReferences") {
		if blocks, _ := owner["blockOwnerDeletion"].(bool); blocks {
			k.owners = append(k.owners, nested(owner, "uid"))
		}
	}
	return k, k.Deleted != nil && len(k.owners) > 0
}

// gcFinalizers adds what the garbage collector's own finalizers wait for. With
// foregroundDeletion these are the dependents that block, and below them what
// blocks those in turn; with orphan the dependents that still have their reference.
// Source: k8s.io/kubernetes@v1.36.3 pkg/controller/garbagecollector/graph.go.
func (g *gather) gcFinalizers() {
	if !g.depth.Gate {
		return
	}
	for _, f := range g.ev.Object.Finalizers {
		blocking := backup.Blocking{Finalizer: f.Name, Lookup: g.ev.DependentsLookup}
		seen := map[string]bool{}
		for _, d := range g.ev.Dependents {
			switch {
			case f.Name == "orphan":
				blocking.Blockers = append(blocking.Blockers, backup.Blocker{Lingering: g.known(d), Because: "it still has its owner reference"})
			case d.Blocks:
				blocking.Blockers = append(blocking.Blockers, g.below(g.known(d), nil, seen)...)
			}
		}
		if f.Name == "orphan" || f.Name == "foregroundDeletion" {
			g.ev.Blocking = append(g.ev.Blocking, blocking)
		}
	}
}

// known is a dependent as it was listed; one that is not being deleted was not kept whole.
func (g *gather) known(d backup.Dependent) backup.Lingering {
	for _, k := range g.kin {
		if k.Ref.UID == d.Ref.UID {
			return k.Lingering
		}
	}
	return backup.Lingering{Ref: d.Ref, Finalizers: d.Finalizers}
}

// below is an object that blocks, followed by what blocks it in turn.
func (g *gather) below(top backup.Lingering, via *backup.Ref, seen map[string]bool) []backup.Blocker {
	if seen[top.Ref.UID] {
		return nil
	}
	seen[top.Ref.UID] = true
	out := []backup.Blocker{{Lingering: top, Via: via, Because: "its owner reference has blockOwnerDeletion"}}
	for _, k := range g.kin {
		if slices.Contains(k.owners, top.Ref.UID) {
			out = append(out, g.below(k.Lingering, &top.Ref, seen)...)
		}
	}
	return out
}

func hasFinalizer(o backup.Object, name string) bool {
	for _, f := range o.Finalizers {
		if f.Name == name {
			return true
		}
	}
	return false
}
