package collect

import (
	"cmp"
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// cancellation reads how the run of the target is stopped, and which of its works
// can be told to.
func (g *gather) cancellation(ctx context.Context) {
	if g.hit.Kind == nil {
		g.ev.Cancellation = &backup.Cancellation{Applies: backup.No, WhyNot: "it is of no backup system that is known"}
		return
	}
	found, roles := g.hit.Kind.Cancellation(g.ev.Raw)
	if len(found.Set) > 0 {
		g.fieldsThere(ctx, &found)
	}
	for _, w := range g.ev.Object.Works {
		if slices.Contains(roles, w.Role) && !w.Phase.Terminal() && w.Lookup != backup.Absent {
			found.Works = append(found.Works, g.stop(ctx, w))
		}
	}
	g.ev.Cancellation = &found
}

// fieldsThere refuses a stop by a field that the served version does not have: the
// server would drop it without a word.
func (g *gather) fieldsThere(ctx context.Context, c *backup.Cancellation) {
	_, fields := g.hit.Kind.Stopping()
	answer, why := g.fieldsServed(ctx, g.hit.Served, fields)
	if answer != backup.Yes && c.Applies == backup.Yes {
		c.Applies, c.WhyNot = answer, why
	}
}

// stop is how one work is told to stop.
func (g *gather) stop(ctx context.Context, w backup.Work) backup.Stop {
	out := backup.Stop{Ref: w.Ref, NativePhase: w.NativePhase, Lookup: w.Lookup}
	if w.Lookup != backup.Found {
		out.WhyNot = "it could not be read: " + w.Error
		return out
	}
	kind := g.kindOf(w.Ref.Group, w.Ref.Resource)
	if kind == nil {
		out.WhyNot = "no profile knows how it is stopped"
		return out
	}
	set, fields := kind.Stopping()
	if len(set) == 0 {
		out.WhyNot = "its profile knows no way to stop it"
		return out
	}
	answer, why := g.fieldsServed(ctx, kind.Served, fields)
	if answer != backup.Yes {
		out.WhyNot = why
		return out
	}
	out.Set = set
	return out
}

// fieldsServed tells whether the schema of a resource has all the fields.
func (g *gather) fieldsServed(ctx context.Context, served backup.Served, fields []string) (backup.Answer, string) {
	if len(fields) == 0 {
		return backup.Yes, ""
	}
	schema, err := g.schema(ctx, served)
	if err != nil {
		what := "the definition of " + served.Ref("", "").GroupResource()
		g.gap(what, err)
		return backup.Unknown, what + " could not be read"
	}
	for _, field := range fields {
		if !hasField(schema, field) {
			return backup.No, served.Ref("", "").GroupResource() + " of this cluster has no " + field + ", with which later versions are stopped"
		}
	}
	return backup.Yes, ""
}

func compareRefs(a, b backup.Ref) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Name, b.Name))
}
