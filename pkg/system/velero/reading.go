package velero

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// together is how many files are read at the same time.
const together = 4

// errNotAsked leaves a file as it was listed.
var errNotAsked = errors.New("not asked for")

// reading is the state of one archive being read.
type reading struct {
	Options
	bucket  Bucket
	layout  Layout
	folder  string
	parts   []part
	archive backup.Archive
}

func newReading(bucket Bucket, layout Layout, role backup.Role, name string, options Options) *reading {
	options.Limits = options.Limits.orDefault()
	if options.At.IsZero() {
		options.At = time.Now()
	}
	r := &reading{Options: options, bucket: bucket, layout: layout}
	r.folder, r.parts = layout.folder(role, name)
	if options.Place == "" {
		r.Place = r.folder
	}
	r.archive = backup.Archive{System: System, Role: role, Name: name, Place: r.Place, At: options.At}
	return r
}

// list sees which files are there. It is false where nothing more can be read.
func (r *reading) list(ctx context.Context) bool {
	if err := checkName(r.archive.Name); err != nil {
		r.archive.Listing, r.archive.Error = backup.Failed, err.Error()
		return false
	}
	seen := map[string]backup.StoredObject{}
	err := r.bucket.List(ctx, r.folder, func(object backup.StoredObject) error {
		if file := strings.TrimPrefix(object.Key, r.folder); path.Base(file) == file && len(seen) < 100 {
			seen[file] = object
			return nil
		}
		r.archive.Others.Objects++
		r.archive.Others.Bytes += object.Bytes
		return nil
	})
	if err != nil {
		r.archive.Listing, r.archive.Error = backup.Failed, err.Error()
		return false
	}
	r.archive.Listing = backup.Found
	for _, part := range r.parts {
		r.archive.Files = append(r.archive.Files, r.fileOf(part, seen))
	}
	for _, object := range seen { // what no part took
		r.archive.Others.Objects++
		r.archive.Others.Bytes += object.Bytes
	}
	return true
}

// fileOf takes a part's file out of those that were seen.
func (r *reading) fileOf(p part, seen map[string]backup.StoredObject) backup.ArchiveFile {
	names := p.names(r.archive.Name)
	file := backup.ArchiveFile{Role: p.role, Key: r.folder + names[0], Need: backup.NeedOptional, State: backup.FileMissing}
	for _, name := range names {
		if object, there := seen[name]; there {
			delete(seen, name)
			file.Key, file.State, file.Bytes, file.Modified = r.folder+name, backup.FileListed, object.Bytes, object.Modified
			break
		}
	}
	return file
}

// together reads files side by side; each reader fills its own part of the archive.
func (r *reading) together(ctx context.Context, readers map[backup.FileRole]func(context.Context, string) error) {
	group := errgroup.Group{}
	group.SetLimit(together)
	for role, read := range readers {
		file := r.archive.File(role)
		if file == nil || !file.State.Seen() {
			continue
		}
		group.Go(func() error {
			settle(file, read(ctx, file.Key))
			return nil
		})
	}
	_ = group.Wait() // what goes wrong is the state of a file
}

// settle writes down how the reading of a file ended.
func settle(file *backup.ArchiveFile, err error) {
	if file.Bytes == 0 {
		err = &DamageError{Key: file.Key, State: backup.FileEmpty, Err: errNoBytes}
	}
	if errors.Is(err, errNotAsked) {
		return
	}
	file.State, file.Detail = state(err)
}

func (r *reading) volumesFrom(into *[]backup.ArchivedVolume, read func(context.Context, Bucket, string, int64) ([]backup.ArchivedVolume, error)) func(context.Context, string) error {
	return func(ctx context.Context, key string) error {
		volumes, err := read(ctx, r.bucket, key, r.Limits.List)
		if err == nil {
			*into = volumes
		}
		return err
	}
}

// listInto reads a list as it is.
func listInto[T any](r *reading, into *[]T) func(context.Context, string) error {
	return func(ctx context.Context, key string) error {
		return eachOf(ctx, r.bucket, key, r.Limits.List, func(entry T) { *into = append(*into, entry) })
	}
}

// readThrough reads a file of which only matters whether it is whole.
func (r *reading) readThrough(ctx context.Context, key string) error {
	file, err := openGzip(ctx, r.bucket, key, r.Limits.List)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(io.Discard, file)
	return err
}

// small tells whether a file is read because that costs next to nothing.
func (r *reading) small(role backup.FileRole) bool {
	return r.archive.File(role).Bytes <= r.Small
}

// countLog counts only where that was asked for; else the log stays unread.
func (r *reading) countLog(ctx context.Context, key string) error {
	if r.Explain || !r.CountLog && !r.small(backup.FileLog) {
		return errNotAsked // or read once it is known what is to be explained
	}
	counted := &backup.ArchiveLog{}
	err := ReadLog(ctx, r.bucket, key, r.Limits, func(line []byte) error {
		count(line, counted)
		return nil
	})
	if err == nil {
		r.archive.Log = counted
	}
	return err
}
