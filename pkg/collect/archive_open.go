package collect

import (
	"context"
	"fmt"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// Files are those of one backup or restore in storage, listed and ready to be read.
type Files struct {
	// Archive is the listing alone: no file of it was read.
	Archive backup.Archive
	place   *storage.Place
}

// OpenFiles lists the files that the storage holds of an object.
func (c *Collector) OpenFiles(ctx context.Context, ev backup.Evidence) (*Files, error) {
	driver, err := c.archiveDriver(ctx, ev.Object)
	if err != nil {
		return nil, err
	}
	if driver != system.ArchiveVelero {
		return nil, fmt.Errorf("what %s of %s have in storage are no files by name", ev.Object.Ref.GroupResource(), ev.Object.System)
	}
	location, err := archiveLocation(ev.Object)
	if err != nil {
		return nil, err
	}
	if c.Storage == nil {
		return nil, fmt.Errorf("%s was not contacted", location.URL())
	}
	root, ok := velero.Root(location.Prefix, ev.Object.Role, ev.Object.Ref.Name)
	if !ok {
		return nil, fmt.Errorf("prefix %q is none where Velero puts a %s", location.Prefix, ev.Object.Role)
	}
	shown := location.URL()
	location = c.Storage.Effective(location)
	location.Prefix = root
	place, err := c.Storage.Open(ctx, location, ev.Object.Ref.Namespace)
	if err != nil {
		return nil, fmt.Errorf("open %s: %s", shown, shortError(err))
	}
	files := &Files{place: place, Archive: velero.ListFiles(ctx, velero.OfPlace(place), velero.Layout{}, ev.Object.Role, ev.Object.Ref.Name)}
	files.Archive.Place = shown
	if files.Archive.Listing != backup.Found {
		_ = place.Close() // the error of the listing says more
		return nil, fmt.Errorf("list %s: %s", shown, files.Archive.Error)
	}
	return files, nil
}

// Open streams one file as it is stored. Its error may come in the middle.
func (f *Files) Open(ctx context.Context, file backup.ArchiveFile) (io.ReadCloser, error) {
	return impatient{velero.OfPlace(f.place), stallTime}.Open(ctx, file.Key)
}

// Close lets go of the storage.
func (f *Files) Close() error { return f.place.Close() }
