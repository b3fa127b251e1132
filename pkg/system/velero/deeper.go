package velero

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// volumesRead tells whether what speaks of volumes could be read: the volume
// information, or where the version writes none, the lists that it was made of.
func (r *reading) volumesRead() bool {
	if r.archive.Holds(backup.FileVolumes) {
		return true
	}
	if r.archive.File(backup.FileVolumes).Need != backup.NeedOptional {
		return false
	}
	for _, role := range []backup.FileRole{backup.FilePodVolumes, backup.FileSnapshots, backup.FileCSISnapshots, backup.FileCSISnapshotContent} {
		file := r.archive.File(role)
		absent := file.State == backup.FileMissing && file.Need == backup.NeedOptional
		if file.State != backup.FileSound && !absent {
			return false
		}
	}
	return true
}

// allVolumesKnown also asks for a list of the claims that are in the backup.
func (r *reading) allVolumesKnown(read, contents bool) backup.Answer {
	switch {
	case !read:
		return backup.No
	case !contents && !r.archive.Holds(backup.FileResources):
		return backup.No
	}
	return backup.Yes
}

// contents reads the tarball if that is wanted; nil where it was not read.
func (r *reading) contents(ctx context.Context, s *volumeSources) *contents {
	file := r.archive.File(backup.FileContents)
	if !file.State.Seen() || !r.wantsContents(s) {
		return nil
	}
	found, err := readContents(ctx, r.bucket, file.Key, r.Limits)
	settle(file, err)
	if err != nil {
		return nil
	}
	r.archive.Items = &found.items
	return found
}

func (r *reading) wantsContents(s *volumeSources) bool {
	switch {
	case r.Contents == ContentsAlways, r.small(backup.FileContents):
		return true
	case r.Contents == ContentsNever:
		return false
	}
	if !r.archive.Holds(backup.FileResources) || r.Explain && r.hooksRan() {
		return true
	}
	return slices.ContainsFunc(s.volumes(), func(v backup.ArchivedVolume) bool {
		return v.State == backup.VolumeUnknown || v.State == backup.VolumeNotCopied && !v.Meant
	})
}

// disks looks at what the bucket holds of each volume of the vSphere plugin.
func (r *reading) disks(ctx context.Context) {
	group := errgroup.Group{}
	group.SetLimit(together)
	for i := range r.archive.Volumes {
		v := &r.archive.Volumes[i]
		id, ok := diskSnapshot(v.Handle)
		if v.Method != backup.MethodVSphere || !ok {
			continue
		}
		group.Go(func() error {
			v.Handle, v.Stored = id, sumDisk(ctx, r.bucket, r.layout, id)
			if v.Stored.Lookup == backup.Found {
				v.Bytes = &v.Stored.Data.Bytes
			}
			// The plugin uploads after the backup has ended: only the bucket knows.
			v.State = backup.VolumeUnknown
			if v.Stored.Info == backup.Found {
				v.State = backup.VolumeCopied
			}
			return nil
		})
	}
	_ = group.Wait() // what goes wrong is said at the volume
}

// repositories looks for the repository of each namespace that volumes were copied to.
func (r *reading) repositories(ctx context.Context) {
	group := errgroup.Group{}
	group.SetLimit(together)
	for _, v := range r.archive.Volumes {
		copied := v.Method == backup.MethodPodVolume || v.Method == backup.MethodCSIMoved
		known := v.Driver == "kopia" || v.Driver == "restic"
		wanted := backup.Repository{Type: v.Driver, Namespace: v.Namespace}
		if !copied || !known || v.Handle == "" || slices.Contains(r.archive.Repositories, wanted) {
			continue
		}
		r.archive.Repositories = append(r.archive.Repositories, wanted)
	}
	for i := range r.archive.Repositories {
		group.Go(func() error {
			r.repository(ctx, &r.archive.Repositories[i])
			return nil
		})
	}
	_ = group.Wait() // what goes wrong is said at the repository
}

// repository asks for the file that makes a repository one, and for any data.
// Kopia's is kopia.repository and its packs begin with p and q; restic's is config
// and its packs lie in data/ (kopia repo/format, repo/blob; restic doc/design.rst).
func (r *reading) repository(ctx context.Context, repository *backup.Repository) {
	root := r.layout.Repository(repository.Type, repository.Namespace)
	format, packs := "kopia.repository", []string{"p", "q"}
	if repository.Type == "restic" {
		format, packs = "config", []string{"data/"}
	}
	switch _, err := r.bucket.Stat(ctx, root+format); {
	case err == nil:
		repository.Format = backup.Found
	case errors.Is(err, fs.ErrNotExist):
		repository.Format = backup.Absent
	default:
		repository.Format, repository.Error = backup.Failed, err.Error()
	}
	repository.HasData = backup.No
	for _, prefix := range packs {
		found, err := r.any(ctx, root+prefix)
		switch {
		case err != nil:
			repository.HasData, repository.Error = backup.Unknown, err.Error()
			return
		case found:
			repository.HasData = backup.Yes
			return
		}
	}
}

var errEnough = errors.New("enough")

// any tells whether an object with bytes has a key that starts with the prefix.
func (r *reading) any(ctx context.Context, prefix string) (bool, error) {
	err := r.bucket.List(ctx, prefix, func(object backup.StoredObject) error {
		if object.Bytes > 0 && !strings.HasSuffix(object.Key, "/") {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return true, nil
	}
	return false, err
}
