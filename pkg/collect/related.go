package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// relate reads anew the objects that a target is read with, such as the
// BackupStorageLocation of a backup of Velero. One may name the next.
func (c *Collector) relate(ctx context.Context, kind *system.Kind, raw map[string]any) []backup.Gap {
	if kind == nil {
		return nil
	}
	var gaps []backup.Gap
	asked := map[backup.Ref]bool{}
	for more := true; more; {
		more = false
		for _, ref := range kind.References(raw) {
			if asked[ref] {
				continue
			}
			asked[ref], more = true, true
			other, err := c.relative(ctx, ref)
			kind.Related().Put(ref, other, lookup(err))
			if err != nil && lookup(err) != backup.Absent {
				gaps = append(gaps, backup.Gap{What: ref.Human(), Why: shortError(err), Lookup: lookup(err), Rule: missingRule(err)})
			}
		}
	}
	return gaps
}

func (c *Collector) relative(ctx context.Context, ref backup.Ref) (map[string]any, error) {
	served, ok := c.resource(ref.Group, ref.Resource)
	if !ok {
		return nil, &notServedError{ref}
	}
	return c.Cluster.Get(ctx, served, ref.Namespace, ref.Name)
}

// notServedError says that the cluster serves no such resource.
type notServedError struct{ ref backup.Ref }

func (e *notServedError) Error() string { return "the cluster serves no " + e.ref.GroupResource() }

// relateAll lists the objects that the rows of a kind are read with. Only what
// can be named from a row alone is worth a list: what another object names is
// left to those who look at one target.
func (c *Collector) relateAll(ctx context.Context, kind *system.Kind, namespace string) []backup.Gap {
	var gaps []backup.Gap
	for _, ref := range kind.RelatedKinds() {
		served, ok := c.resource(ref.Group, ref.Resource)
		if !ok || served.Group == kind.Served.Group && c.plays(served, backup.RoleBackup) {
			continue
		}
		err := c.list(ctx, served, namespace, cluster.ListOptions{}, func(item map[string]any) error {
			at := served.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name"))
			kind.Related().Put(at, item, backup.Found)
			return nil
		})
		if err == nil {
			kind.Related().Complete(ref, namespace)
		} else if lookup(err) != backup.Absent {
			gaps = append(gaps, gapOf(served, namespace, err))
		}
	}
	return gaps
}

// plays tells whether a known system reads a resource in a role.
func (c *Collector) plays(served backup.Served, role backup.Role) bool {
	kind := c.kindOf(served.Group, served.Resource)
	return kind != nil && kind.Role == role
}

// kindOf is the kind that reads a resource, or nil.
func (c *Collector) kindOf(group, resource string) *system.Kind {
	for _, kind := range c.kinds {
		if kind.Served.Group == group && kind.Served.Resource == resource {
			return kind
		}
	}
	return nil
}

// addGaps records what others could not read.
func (g *gather) addGaps(gaps []backup.Gap) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ev.Gaps = append(g.ev.Gaps, gaps...)
}
