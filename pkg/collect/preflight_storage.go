package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// PreflightStorage looks at the place in which a new object will store its data,
// with the Secret that it will use; nil where it stores nothing.
func (c *Collector) PreflightStorage(ctx context.Context, kind *system.Kind, manifest map[string]any) *backup.StoragePreflight {
	if _, _, err := c.Kinds(ctx); err != nil {
		return nil // then nothing can be made either
	}
	draft, of := c.storing(kind, manifest)
	if of == nil {
		return nil
	}
	out := &backup.StoragePreflight{Repeats: kind.Role == backup.RoleSchedule}
	if places := c.placesOf(of); places != nil {
		c.namedPlace(ctx, places, draft, out)
		return out
	}
	out.Seen = c.ownPlace(ctx, of, draft)
	if locations := out.Seen.Object.Locations; len(locations) == 0 || locations[0].Provider == backup.ProviderSnapshots {
		return nil
	}
	return out
}

// storing is the object that will store something: the new one itself, or the
// backup that a schedule makes of its template.
func (c *Collector) storing(kind *system.Kind, manifest map[string]any) (map[string]any, *system.Kind) {
	switch kind.Role {
	case backup.RoleBackup, backup.RoleLocation:
		return manifest, kind
	case backup.RoleSchedule:
		for _, other := range c.kinds {
			if other.System == kind.System && other.Role == backup.RoleBackup {
				return templated(other, manifest), other
			}
		}
	}
	return nil, nil
}

// templated is the backup that a schedule would make, without a name: Velero's
// template is spec.template, that of TiDB spec.backupTemplate.
func templated(kind *system.Kind, schedule map[string]any) map[string]any {
	spec := object(schedule, "spec", "template")
	if spec == nil {
		spec = object(schedule, "spec", "backupTemplate")
	}
	served := kind.Served
	return map[string]any{
		"apiVersion": served.Group + "/" + served.Version, "kind": served.Kind, "spec": spec,
		"metadata": map[string]any{"namespace": nested(schedule, "metadata", "namespace"), "name": nested(schedule, "metadata", "name")},
	}
}

// placesOf is the kind of the objects that name the places of a kind of backups;
// nil where they name them themselves.
func (c *Collector) placesOf(kind *system.Kind) *system.Kind {
	for _, ref := range kind.RelatedKinds() {
		at := slices.IndexFunc(c.kinds, func(k *system.Kind) bool {
			return k.Role == backup.RoleLocation && k.System == kind.System && k.Served.Group == ref.Group && k.Served.Resource == ref.Resource
		})
		if at >= 0 {
			return c.kinds[at]
		}
	}
	return nil
}

// namedPlace looks at the location object that a new backup names, or at the one
// that its server would take.
func (c *Collector) namedPlace(ctx context.Context, places *system.Kind, draft map[string]any, out *backup.StoragePreflight) {
	namespace, name := nested(draft, "metadata", "namespace"), nested(draft, "spec", "storageLocation")
	out.Named = name != ""
	if name == "" {
		var err error
		if name, err = c.defaultPlace(ctx, places, namespace); err != nil {
			out.Location = places.Served.Ref(namespace, "")
			out.Lookup, out.Error = lookup(err), shortError(err)
			return
		}
	}
	out.Location = places.Served.Ref(namespace, name)
	ev, err := c.Evidence(ctx, Hit{Kind: places, Served: places.Served, Namespace: namespace, Name: name}, Depth{})
	out.Lookup, out.Error = lookup(err), shortError(err)
	if err != nil {
		return
	}
	c.Location(ctx, &ev)
	out.Seen = &ev
}

// defaultPlace is the location that the server takes for a backup which names
// none: the first that calls itself the default, else the one that the server was
// started with (velero@v1.18.3 pkg/controller/backup_controller.go, prepareBackupRequest).
func (c *Collector) defaultPlace(ctx context.Context, places *system.Kind, namespace string) (string, error) {
	name := ""
	err := c.list(ctx, places.Served, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		if name == "" && flag(item, "spec", "default") {
			name = nested(item, "metadata", "name")
		}
		return nil
	})
	if err != nil || name != "" {
		return name, err
	}
	flags, err := c.serverFlags(ctx, namespace)
	if err != nil {
		return "", err
	}
	if name = flags["default-backup-storage-location"]; name == "" {
		name = "default"
	}
	return name, nil
}

// ownPlace looks at the place that a new object names itself, as if it were there.
func (c *Collector) ownPlace(ctx context.Context, kind *system.Kind, draft map[string]any) *backup.Evidence {
	ev := &backup.Evidence{APIVersion: backup.APIVersion, Kind: "Evidence", At: c.Now().UTC(), Cluster: c.Cluster.Info(ctx), Raw: draft}
	ev.Gaps = c.relate(ctx, kind, draft)
	ev.Object = kind.View(draft)
	if len(ev.Object.Locations) == 0 {
		return ev
	}
	location, namespace := ev.Object.Locations[0], ev.Object.Ref.Namespace
	g := &gather{Collector: c, ev: ev, depth: Depth{Storage: true}, hit: Hit{Kind: kind, Served: kind.Served, Namespace: namespace, Name: ev.Object.Ref.Name}}
	look := &backup.LocationLook{}
	ev.Location = look
	secret := func(ctx context.Context) { look.Secret = c.secret(ctx, location.Credentials) }
	if kind.Role == backup.RoleLocation {
		g.parallel(ctx, secret, g.besides, func(ctx context.Context) { look.Root = c.root(ctx, location, namespace) })
		look.Secret.Named = nested(draft, "spec", "credential", "name") != ""
		return ev
	}
	g.parallel(ctx, secret, g.storage, g.neighbours)
	verdict := ev.Storage[0]
	seen := verdict.Class != backup.VerdictUnknown && verdict.Class != backup.VerdictBucketMissing
	look.Root = backup.RootLook{Verdict: verdict, Listed: backup.AnswerOf(seen)}
	return ev
}

// besides are the other locations of the same kind whose place overlaps.
func (g *gather) besides(ctx context.Context) {
	kind, target := g.hit.Kind, g.ev.Object
	err := g.list(ctx, kind.Served, "", cluster.ListOptions{}, func(item map[string]any) error {
		other := kind.View(item)
		if other.Ref.Namespace == target.Ref.Namespace && other.Ref.Name == target.Ref.Name {
			return nil
		}
		for _, theirs := range other.Locations {
			if n, overlaps := neighbour(target.Locations, other, theirs); overlaps {
				g.ev.Neighbours = append(g.ev.Neighbours, n)
			}
		}
		return nil
	})
	g.ev.NeighboursLookup = lookup(err)
}
