package velero

import (
	"context"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// OfPlace is the bucket of a place that was opened at the prefix of a
// BackupStorageLocation; its layout is the zero one.
func OfPlace(opened *storage.Place) Bucket { return place{opened} }

type place struct{ opened *storage.Place }

func (p place) List(ctx context.Context, prefix string, each func(backup.StoredObject) error) error {
	return p.opened.ListPrefix(ctx, prefix, each)
}

func (p place) Stat(ctx context.Context, key string) (backup.StoredObject, error) {
	return p.opened.Stat(ctx, key)
}

func (p place) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	return p.opened.Open(ctx, key)
}
