package velero

import (
	"context"
	"io"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// OfPlace is the bucket of a place that was opened at the prefix of a
// BackupStorageLocation; its layout is the zero one.
func OfPlace(opened *storage.Place) Bucket { return place{opened} }

// Root is the prefix of the BackupStorageLocation that a backup or restore lies
// in, of the prefix of its own folder; ok is false where that is none of the layout.
func Root(prefix string, role backup.Role, name string) (root string, ok bool) {
	folder, _ := Layout{}.folder(role, name)
	root, ok = strings.CutSuffix("/"+strings.Trim(prefix, "/")+"/", "/"+folder)
	return strings.Trim(root, "/"), ok
}

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
