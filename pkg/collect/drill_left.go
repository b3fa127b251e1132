package collect

import (
	"context"
	"errors"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// DrillLeft lists the objects without a namespace that outlive the namespaces of a
// drill, since they are kept by policy: volumes, and contents of snapshots, which
// Velero restores so that the snapshots of the backup stay
// (velero@v1.18.3 pkg/restore/actions/csi/volumesnapshotcontent_action.go).
func (c *Collector) DrillLeft(ctx context.Context, look *backup.DrillLook) ([]backup.Ref, error) {
	var left []backup.Ref
	var failed error
	for _, kind := range []struct{ group, resource, policy, claim string }{
		{"", "persistentvolumes", "persistentVolumeReclaimPolicy", "claimRef"},
		{"snapshot.storage.k8s.io", "volumesnapshotcontents", "deletionPolicy", "volumeSnapshotRef"},
	} {
		served, ok := c.resource(kind.group, kind.resource)
		if !ok {
			continue
		}
		err := c.list(ctx, served, "", cluster.ListOptions{}, func(item map[string]any) error {
			in := nested(item, "spec", kind.claim, "namespace")
			drilled := slices.ContainsFunc(look.Namespaces, func(n backup.DrillNamespace) bool { return n.To == in })
			if drilled && nested(item, "spec", kind.policy) == "Retain" {
				left = append(left, served.Ref("", nested(item, "metadata", "name")))
			}
			return nil
		})
		failed = errors.Join(failed, err)
	}
	return left, failed
}
