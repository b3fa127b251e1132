package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// PreflightNeeds looks whether the objects are there without which a new one, or
// the backups of a schedule, cannot proceed. Its location and the Secrets of the
// storage are left out: they are looked at with the place.
func (c *Collector) PreflightNeeds(ctx context.Context, kind *system.Kind, manifest map[string]any) []backup.Need {
	if _, _, err := c.Kinds(ctx); err != nil {
		return nil // then nothing can be made either
	}
	draft, of := c.storing(kind, manifest)
	if of == nil || of.Role != backup.RoleBackup {
		return nil
	}
	ev := &backup.Evidence{Object: of.View(draft)}
	g := &gather{Collector: c, ev: ev, hit: Hit{Kind: of, Served: of.Served, Namespace: ev.Object.Ref.Namespace, Name: ev.Object.Ref.Name}}
	g.needs(ctx)
	places := c.placesOf(of)
	return slices.DeleteFunc(ev.Object.Needs, func(need backup.Need) bool {
		return need.Ref.Resource == "secrets" || places != nil && need.Ref.GroupResource() == places.Served.Ref("", "").GroupResource()
	})
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
