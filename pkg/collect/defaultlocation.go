package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// DefaultLocations are the locations of a kind and namespace that call themselves
// the default, with their UIDs.
func (c *Collector) DefaultLocations(ctx context.Context, kind *system.Kind, namespace string) (found []backup.Ref, err error) {
	err = c.list(ctx, kind.Served, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		if flag(item, "spec", "default") {
			ref := kind.Served.Ref(namespace, nested(item, "metadata", "name"))
			ref.UID = nested(item, "metadata", "uid")
			found = append(found, ref)
		}
		return nil
	})
	return found, err
}
