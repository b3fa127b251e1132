package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// PreflightNeeds looks whether the objects are there without which a new one, or
// the backups of a schedule, cannot proceed. What another check looks at is left out.
func (c *Collector) PreflightNeeds(ctx context.Context, kind *system.Kind, manifest map[string]any) []backup.Need {
	if _, _, err := c.Kinds(ctx); err != nil {
		return nil // then nothing can be made either
	}
	draft, of := manifest, kind
	if kind.Role != backup.RoleRestore {
		draft, of = c.storing(kind, manifest)
	}
	if of == nil || of.Role == backup.RoleLocation {
		return nil
	}
	ev := &backup.Evidence{Object: of.View(draft)}
	g := &gather{Collector: c, ev: ev, depth: Depth{Storage: c.Storage != nil}, hit: Hit{Kind: of, Served: of.Served, Namespace: ev.Object.Ref.Namespace, Name: ev.Object.Ref.Name}}
	g.needs(ctx)
	return slices.DeleteFunc(ev.Object.Needs, func(need backup.Need) bool { return c.lookedAtElsewhere(of, need.Ref) })
}

// lookedAtElsewhere tells whether a check of its own asks for the object: with the
// place of a backup its location and the Secrets are, and of a restore of TiDB the
// cluster into which it writes is.
func (c *Collector) lookedAtElsewhere(of *system.Kind, ref backup.Ref) bool {
	if of.Role == backup.RoleRestore {
		return ref.Resource == "tidbclusters"
	}
	places := c.placesOf(of)
	return ref.Resource == "secrets" || places != nil && ref.GroupResource() == places.Served.Ref("", "").GroupResource()
}

// PreflightSchedule asks what the profiles say can be wrong with a schedule that is
// set to work.
func (c *Collector) PreflightSchedule(ctx context.Context, hit Hit, raw map[string]any) []backup.Checked {
	if _, _, err := c.Kinds(ctx); err != nil {
		return nil
	}
	ev := &backup.Evidence{At: c.Now().UTC(), Cluster: c.Cluster.Info(ctx), Object: c.view(hit, raw), Raw: raw}
	g := &gather{Collector: c, ev: ev, hit: hit}
	g.checks(ctx)
	return ev.Checked
}
