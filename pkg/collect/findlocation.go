package collect

import (
	"context"
	"errors"
	"slices"
)

// snapshotLocations name a cloud and no bucket; Velero never validates them and has
// no default one (velero@v1.18.3 has no controller for them).
const snapshotLocations = "volumesnapshotlocations"

// FindLocation resolves the name of a location for backups. A location for snapshots
// of the same name is not meant. Errors are those of [Collector.Find].
func (c *Collector) FindLocation(ctx context.Context, target Target, scope Scope) (Hit, error) {
	hit, err := c.Find(ctx, target, scope)
	var several *AmbiguousError
	if !errors.As(err, &several) {
		return hit, err
	}
	buckets := slices.DeleteFunc(slices.Clone(several.Hits), func(h Hit) bool { return h.Served.Resource == snapshotLocations })
	if len(buckets) == 1 {
		return buckets[0], nil
	}
	return hit, err
}
