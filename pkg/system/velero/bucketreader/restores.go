package bucketreader

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// locationAnnotation tells the profile where the files of a restore lie: without
// its object nobody knows of which backup it was.
const locationAnnotation = "kubectl-backup.dev/storage-location"

// restores stand for all restores that left files, in the namespace of the backups.
func (r *Reader) restores(ctx context.Context) ([]map[string]any, error) {
	found, err := r.list(ctx, backup.RoleRestore)
	if err != nil {
		return nil, err
	}
	all := make([]map[string]any, 0, len(found))
	for _, f := range found {
		all = append(all, r.withoutRestore(ctx, f))
	}
	return all, nil
}

// restore is the one of a name, or nil.
func (r *Reader) restore(ctx context.Context, name string) (map[string]any, error) {
	found, err := r.list(ctx, backup.RoleRestore)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Name == name {
			return r.withoutRestore(ctx, f), nil
		}
	}
	return nil, nil
}

// withoutRestore stands for a restore, whose object was only in the cluster.
func (r *Reader) withoutRestore(ctx context.Context, found velero.Found) map[string]any {
	object := standIn("Restore", found, "its object was only in the cluster")
	at := r.youngest(ctx)
	metadata := part(object, "metadata")
	metadata["namespace"] = at.namespace
	metadata["annotations"] = map[string]any{locationAnnotation: at.name}
	return object
}
