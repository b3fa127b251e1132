package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// removal reads what concerns the deletion of the target by its system's own way:
// what goes with it or needs it, which other backups hold the same, and whether
// what lies at its place is its own.
func (g *gather) removal(ctx context.Context) {
	g.ev.Removal = &backup.Removal{}
	if g.hit.Kind == nil {
		return
	}
	g.parallel(ctx, g.kinOfRemoval, g.others, g.record)
}

// kinOfRemoval looks for the objects that the profile's rules name. One that two
// rules name has the fate of the first.
func (g *gather) kinOfRemoval(ctx context.Context) {
	state, seen := backup.Found, map[string]bool{}
	for _, query := range g.hit.Kind.KinQueries(g.ev.Raw) {
		served, ok := g.resource(query.Group, query.Resource)
		if !ok { // a kind that is not served has no objects
			continue
		}
		err := g.list(ctx, served, g.hit.Namespace, cluster.ListOptions{}, func(item map[string]any) error {
			uid := nested(item, "metadata", "uid")
			switch matches := query.Matches(item); {
			case seen[uid] || matches == backup.No:
				return nil
			case matches == backup.Unknown:
				state = backup.Failed
			}
			seen[uid] = true
			g.ev.Removal.Kin = append(g.ev.Removal.Kin, g.kinAs(served, item, query))
			return nil
		})
		if err != nil {
			state = lookup(err)
			g.gap(gapOf(served, g.hit.Namespace, err).What, err)
		}
	}
	g.ev.Removal.KinLookup = state
}

// kinAs reads an object as its own kind does.
func (g *gather) kinAs(served backup.Served, item map[string]any, query system.KinQuery) backup.Kin {
	kin := backup.Kin{Ref: served.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name")), Fate: query.Fate, Because: query.Because}
	kin.Ref.UID = nested(item, "metadata", "uid")
	if kind := g.kindOf(served.Group, served.Resource); kind != nil {
		object := kind.View(item)
		kin.Phase, kin.SizeBytes, kin.Retention = object.Phase, object.SizeBytes, object.Retention.Policy
		if kin.Retention == backup.Depends {
			kin.Retention = object.Retention.Now
		}
	}
	return kin
}

// others are the backups of the target's system that can be restored: finished,
// their data there, not being deleted. A system that looks at its own namespace alone
// does not know those of another one, and nobody else is sure to keep them.
func (g *gather) others(ctx context.Context) {
	kind := g.hit.Kind
	if kind.Role != backup.RoleBackup {
		return
	}
	removal := g.ev.Removal
	removal.Holds, removal.OthersLookup = kind.Coverage(g.ev.Raw), backup.Found
	namespace := ""
	if len(kind.HomeNamespaces()) > 0 {
		namespace = g.hit.Namespace
	}
	rows, gaps := g.Rows(ctx, Place{Kind: kind, Namespace: namespace})
	g.addGaps(gaps)
	err := g.list(ctx, kind.Served, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		row := rows.Row(item)
		if row.Ref.UID == g.ev.Object.Ref.UID || row.Deleting() || row.Phase == backup.PhaseDeleting || row.Sound() != backup.Yes ||
			row.Data == backup.DataNone || row.Expires != nil && row.Expires.Before(g.ev.At) {
			return nil
		}
		removal.Others = append(removal.Others, backup.Protector{Ref: row.Ref, Schedule: row.Schedule, Holds: kind.Coverage(item)})
		return nil
	})
	slices.SortFunc(removal.Others, func(a, b backup.Protector) int { return compareRefs(a.Ref, b.Ref) })
	if err != nil {
		removal.OthersLookup = lookup(err)
		g.gap(gapOf(kind.Served, namespace, err).What, err)
	}
}

// record reads what the place says of itself, where that tells whose it is.
func (g *gather) record(ctx context.Context) {
	if g.depth.Storage && g.Storage != nil && g.hit.Kind.Role == backup.RoleBackup && slices.ContainsFunc(g.ev.Storage, holdsData) && g.HasArchive(ctx, g.ev.Object) {
		g.Archive(ctx, g.ev, ArchiveDepth{})
	}
}

func holdsData(v backup.StorageVerdict) bool { return v.Class.HoldsData() }
