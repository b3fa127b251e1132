package collect

import (
	"context"
	"reflect"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// refresh reads the target once more after everything else. Collecting may take
// seconds, and an operator may write to the object every second: a write that is
// bound to the first reading would then never succeed. The later reading is taken
// only where all that was collected is about the same places, works, needs and
// finalizers; else the evidence stays that of the first.
func (g *gather) refresh(ctx context.Context) {
	if g.hit.Kind == nil {
		return
	}
	raw, err := g.Cluster.Get(ctx, g.hit.Served, g.hit.Namespace, g.hit.Name)
	version := nested(raw, "metadata", "resourceVersion")
	if err != nil || version == g.ev.ResourceVersion || nested(raw, "metadata", "uid") != g.ev.Object.Ref.UID {
		return
	}
	was, now := g.view(g.hit, g.ev.Raw), g.view(g.hit, raw)
	if !collectedAlike(was, now) {
		return
	}
	now.Works, now.WorksLookup, now.Needs = g.ev.Object.Works, g.ev.Object.WorksLookup, g.ev.Object.Needs
	now.Written = g.hit.Kind.Written(now)
	g.hit.Kind.Fold(raw, &now)
	g.ev.Object, g.ev.Raw, g.ev.ResourceVersion = now, raw, version
}

// collectedAlike tells whether the same is collected for both views of an object.
func collectedAlike(a, b backup.Object) bool {
	return reflect.DeepEqual(a.Works, b.Works) && reflect.DeepEqual(a.Needs, b.Needs) &&
		reflect.DeepEqual(a.Locations, b.Locations) && reflect.DeepEqual(a.Finalizers, b.Finalizers)
}
