package collect

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// KeepsLog tells whether the system of an object keeps its log in the bucket.
func (c *Collector) KeepsLog(hit Hit) bool {
	return c.Storage != nil && hit.Kind != nil && hit.Kind.Archive() == system.ArchiveVelero
}

// ArchiveLog hands on each line of the log that a backup or restore left in its
// bucket, as it is: secrets are not taken out. A line is good until each returns.
// Where the bucket holds no such log the error is fs.ErrNotExist.
func (c *Collector) ArchiveLog(ctx context.Context, ev backup.Evidence, each func(line []byte) error) error {
	files, err := c.OpenFiles(ctx, ev, backup.FileLog)
	if err != nil {
		return err
	}
	defer func() { _ = files.Close() }()
	file := files.Archive.File(backup.FileLog)
	if file == nil || !file.State.Seen() {
		return fmt.Errorf("%s holds no log: %w", files.Archive.Place, fs.ErrNotExist)
	}
	if err := velero.ReadLog(ctx, files.bucket, file.Key, velero.Limits{}, each); err != nil {
		return fmt.Errorf("read the log in %s: %w", files.Archive.Place, err)
	}
	return nil
}
