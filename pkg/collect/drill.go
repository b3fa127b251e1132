package collect

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// DrillContents reads a backup, what the bucket holds of it, and of the tarball
// what a drill of the chosen namespaces compares; all where none are named. An error
// is that the backup itself could not be read; how the reading of the tarball ended
// is told apart.
func (c *Collector) DrillContents(ctx context.Context, hit Hit, chosen []string) (backup.Evidence, backup.DrillContents, backup.Read, error) {
	ev, err := c.Brief(ctx, hit)
	if err != nil {
		return ev, backup.DrillContents{}, backup.Read{}, err
	}
	c.Archive(ctx, &ev, ArchiveDepth{Items: true, Small: true})
	contents, err := c.readDrilling(ctx, ev, chosen)
	return ev, contents, read(ctx, err), ctx.Err()
}

func (c *Collector) readDrilling(ctx context.Context, ev backup.Evidence, chosen []string) (backup.DrillContents, error) {
	driver, err := c.archiveDriver(ctx, ev.Object)
	if err != nil {
		return backup.DrillContents{}, err
	}
	if driver != system.ArchiveVelero {
		return backup.DrillContents{}, fmt.Errorf("what %s stores is no tarball of Velero", ev.Object.System)
	}
	files, err := c.OpenFiles(ctx, ev, backup.FileContents)
	if err != nil {
		return backup.DrillContents{}, err
	}
	defer func() { _ = files.Close() }()
	file := files.Archive.File(backup.FileContents)
	if file == nil || file.State == backup.FileMissing {
		return backup.DrillContents{}, fmt.Errorf("the tarball of the backup: %w", fs.ErrNotExist)
	}
	contents, err := velero.ReadDrilling(ctx, files.bucket, file.Key, velero.Limits{}, chosen)
	if damage := (*velero.DamageError)(nil); errors.As(err, &damage) {
		err = errors.New("the tarball is no good: " + shortError(damage))
	}
	return contents, err
}

// BackupKinds are the resources of all backup systems that are known, as they stand
// in a tarball.
func (c *Collector) BackupKinds() []string {
	var out []string
	for _, s := range c.Registry.Systems() {
		for _, kind := range s.Kinds {
			out = append(out, backup.Ref{Group: kind.Group, Resource: kind.Resource}.GroupResource())
		}
	}
	return out
}
