package velero

import (
	"context"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Bucket is the part of an object store that this package needs. A missing object
// is fs.ErrNotExist; every other error means that nothing is known.
type Bucket interface {
	// List calls each for every object whose key starts with the prefix, in the
	// order of keys, until it returns an error.
	List(ctx context.Context, prefix string, each func(backup.StoredObject) error) error
	// Stat finds one object.
	Stat(ctx context.Context, key string) (backup.StoredObject, error)
	// Open streams one object.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
}

// checkName refuses names that would lead out of the folder they belong into.
func checkName(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\\x00") || path.Clean(name) != name {
		return fmt.Errorf("name %q is not the name of an object", name)
	}
	return nil
}

// Found is one backup or restore that lies in a bucket.
type Found struct {
	Name string
	// Known tells that its object is there, so that Velero shows the backup.
	Known bool
	// Files sums all that lies in its folder.
	Files backup.Count
	// Newest is the youngest of the files.
	Newest backup.StoredObject
}

// Backups calls each for every backup in the bucket, by name, until it returns an
// error. It reads no object: folders without a velero-backup.json are there, too.
func Backups(ctx context.Context, bucket Bucket, layout Layout, each func(Found) error) error {
	if err := folders(ctx, bucket, layout.Backups(), each); err != nil {
		return fmt.Errorf("list the backups in %q: %w", layout.Backups(), err)
	}
	return nil
}

// Restores calls each for every restore whose files lie in the bucket, as Backups
// does. None is Known: the object of a restore is only in the cluster.
func Restores(ctx context.Context, bucket Bucket, layout Layout, each func(Found) error) error {
	if err := folders(ctx, bucket, layout.Restores(), each); err != nil {
		return fmt.Errorf("list the restores in %q: %w", layout.Restores(), err)
	}
	return nil
}

// folders sums what lies in each folder directly below a root.
func folders(ctx context.Context, bucket Bucket, root string, each func(Found) error) error {
	var current Found
	flush := func() error {
		if current.Name == "" {
			return nil
		}
		found := current
		current = Found{}
		return each(found)
	}
	err := bucket.List(ctx, root, func(object backup.StoredObject) error {
		name, file, nested := strings.Cut(strings.TrimPrefix(object.Key, root), "/")
		if !nested || name == "" {
			return nil
		}
		if name != current.Name {
			if err := flush(); err != nil {
				return err
			}
			current.Name = name
		}
		current.add(file, object)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

func (f *Found) add(file string, object backup.StoredObject) {
	f.Known = f.Known || file == metadataFile
	f.Files.Objects++
	f.Files.Bytes += object.Bytes
	if object.Modified.After(f.Newest.Modified) {
		f.Newest = object
	}
}
