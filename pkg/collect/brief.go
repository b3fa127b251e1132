package collect

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// Brief reads an object, the objects that it is read with, and its works: all
// that is asked of the cluster by those who look into the storage.
func (c *Collector) Brief(ctx context.Context, hit Hit) (backup.Evidence, error) {
	if _, _, err := c.Kinds(ctx); err != nil {
		return backup.Evidence{}, err
	}
	raw, served, err := c.getAnyVersion(ctx, hit.Served, hit.Namespace, hit.Name)
	if err != nil {
		return backup.Evidence{}, err
	}
	hit.Served = served
	gaps := c.relate(ctx, hit.Kind, raw)
	ev := backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: c.Now().UTC(), Cluster: c.Cluster.Info(ctx),
		Object: c.view(hit, raw), Raw: raw, ResourceVersion: nested(raw, "metadata", "resourceVersion"), Gaps: gaps,
	}
	g := &gather{Collector: c, hit: hit, ev: &ev}
	g.works(ctx)
	if hit.Kind != nil {
		ev.Object.Written = hit.Kind.Written(ev.Object)
		hit.Kind.Fold(raw, &ev.Object)
	}
	return ev, nil
}

// Hits are the objects of a query, by namespace and name.
func (c *Collector) Hits(ctx context.Context, q Query) ([]Hit, []backup.Gap, error) {
	_, gaps, err := c.Kinds(ctx)
	if err != nil {
		return nil, nil, err
	}
	places := c.Places(q)
	if len(places) == 0 {
		return nil, nil, &NoSystemError{Type: q.Type, System: q.System}
	}
	var hits []Hit
	gaps = slices.Clone(gaps)
	for _, place := range places {
		options := place.Options
		options.Metadata = true
		err := c.list(ctx, place.Kind.Served, place.Namespace, options, func(item map[string]any) error {
			hits = append(hits, Hit{Kind: place.Kind, Served: place.Kind.Served, Namespace: nested(item, "metadata", "namespace"), Name: nested(item, "metadata", "name")})
			return nil
		})
		if err != nil && lookup(err) != backup.Absent {
			gaps = append(gaps, gapOf(place.Kind.Served, place.Namespace, err))
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Kind.System, b.Kind.System), cmp.Compare(a.Name, b.Name))
	})
	return hits, gaps, ctx.Err()
}

// archivers is how many archives are read side by side.
const archivers = 4

// Archives reads what the storage holds of each object and hands it on with the
// index of its object, by one goroutine at a time and in no order. What was
// deleted meanwhile is left out; of what could not be read there is a gap.
func (c *Collector) Archives(ctx context.Context, hits []Hit, depth ArchiveDepth, each func(i int, ev backup.Evidence)) ([]backup.Gap, error) {
	var gaps []backup.Gap
	var mu sync.Mutex
	servers := silent{why: map[string]string{}}
	if c.Storage != nil {
		shared := shareStorage(c.Storage)
		defer func() { _ = shared.Close() }() // nothing is written that could be lost
		c = c.over(ctx, shared)
	}
	group := errgroup.Group{}
	group.SetLimit(archivers)
	for i, hit := range hits {
		group.Go(func() error {
			ev, err := c.Brief(ctx, hit)
			if err == nil {
				servers.archive(ctx, c, &ev, depth)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case cluster.IsAbsent(err):
			case err != nil:
				gaps = append(gaps, backup.Gap{What: hit.Ref().Human(), Why: shortError(err), Lookup: lookup(err), Rule: missingRule(err)})
			default:
				each(i, ev)
			}
			return nil
		})
	}
	_ = group.Wait() // errors are gaps
	return gaps, ctx.Err()
}
