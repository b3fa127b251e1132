package collect

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// Files are those of one backup or restore in storage, listed and ready to be read.
type Files struct {
	// Archive is the listing alone: no file of it was read.
	Archive backup.Archive
	bucket  velero.Bucket
	close   func() error
}

// UnreadError is a place in storage that could not be read, of a system whose
// server could be asked for the files instead.
type UnreadError struct {
	What string // "list s3://bucket/prefix/"
	Why  string
}

// Error is what was tried, and why it failed.
func (e *UnreadError) Error() string { return e.What + ": " + e.Why }

// OpenFiles lists the files that the storage holds of an object. Where storage
// cannot be read and the server may be asked, it is asked for the files of the roles.
func (c *Collector) OpenFiles(ctx context.Context, ev backup.Evidence, roles ...backup.FileRole) (*Files, error) {
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
	shown := location.URL()
	location = c.Storage.Effective(location)
	files, err := c.listFiles(ctx, ev, location)
	var unread *UnreadError
	if errors.As(err, &unread) && c.asksServer(driver) && ctx.Err() == nil {
		files, err = c.askFiles(ctx, ev, location, unread, roles)
	}
	if err != nil {
		return nil, err
	}
	files.Archive.Place = shown
	return files, nil
}

// listFiles lists them in storage.
func (c *Collector) listFiles(ctx context.Context, ev backup.Evidence, location backup.Location) (*Files, error) {
	object, shown := ev.Object, location.URL()
	root, ok := velero.Root(location.Prefix, object.Role, object.Ref.Name)
	if !ok {
		return nil, fmt.Errorf("prefix %q is none where Velero puts a %s", location.Prefix, object.Role)
	}
	location.Prefix = root
	place, err := c.Storage.Open(ctx, location, object.Ref.Namespace)
	if err != nil {
		return nil, &UnreadError{"open " + shown, shortError(err)}
	}
	bucket := velero.OfPlace(place)
	files := &Files{bucket: impatient{bucket, stallTime}, close: place.Close}
	files.Archive = velero.ListFiles(ctx, bucket, velero.Layout{}, object.Role, object.Ref.Name)
	if files.Archive.Listing != backup.Found {
		_ = place.Close() // the error of the listing says more
		return nil, &UnreadError{"list " + shown, shortError(errors.New(files.Archive.Error))}
	}
	return files, nil
}

// askFiles looks which of them the server gives.
func (c *Collector) askFiles(ctx context.Context, ev backup.Evidence, location backup.Location, unread *UnreadError, roles []backup.FileRole) (*Files, error) {
	s, err := c.server(ctx, &ev, location)
	if err != nil {
		return nil, fmt.Errorf("%w; %s", unread, shortError(err))
	}
	files := &Files{bucket: s.Served, close: func() error { s.signer.Close(); return nil }, Archive: velero.ListServed(ctx, s.Served, roles...)}
	if !files.Archive.ThroughServer() {
		s.signer.Close()
		return nil, fmt.Errorf("%w; %s", unread, shortError(errors.New(files.Archive.Error)))
	}
	return files, nil
}

// Open streams one file as it is stored. Its error may come in the middle.
func (f *Files) Open(ctx context.Context, file backup.ArchiveFile) (io.ReadCloser, error) {
	return f.bucket.Open(ctx, file.Key)
}

// Close lets go of the storage.
func (f *Files) Close() error { return f.close() }
