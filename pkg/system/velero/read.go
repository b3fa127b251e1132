package velero

import (
	"context"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// System is the name under which archives of this package go.
const System = "velero"

// Contents says whether the tarball is read. It is by far the largest file, and
// what is in it is only needed to count objects and to say why a volume was not copied.
type Contents int

// The three answers.
const (
	ContentsIfNeeded Contents = iota // where a claim is in the backup of which no file speaks
	ContentsAlways
	ContentsNever
)

// Options say how much is read. The zero value reads what a page about the backup needs.
type Options struct {
	Limits   Limits
	Contents Contents
	// CountLog reads the whole log to count its errors and warnings.
	CountLog bool
	// Small is the size, in bytes as stored, up to which the tarball and the log
	// are read in any case.
	Small int64
	// Explain reads the log, and the tarball for its pods, where errors, warnings or
	// hooks are told of that only these explain.
	Explain bool
	// Object is the object as the cluster has it. The storage keeps none of a restore.
	Object map[string]any
	// At is the time of reading; zero is now.
	At time.Time
	// Place names the folder in the result; empty is the key of the folder.
	Place string
}

// ReadBackup reads all that the bucket holds of one backup. What could not be
// read is in the archive, so that there is no error.
func ReadBackup(ctx context.Context, bucket Bucket, layout Layout, name string, options Options) backup.Archive {
	r := newReading(bucket, layout, backup.RoleBackup, name, options)
	if r.list(ctx) {
		r.readBackup(ctx)
	}
	return r.archive
}

// readBackup reads the files that were seen.
func (r *reading) readBackup(ctx context.Context) {
	s, csi := volumeSources{}, csiFiles{}
	r.together(ctx, map[backup.FileRole]func(context.Context, string) error{
		backup.FileObject: func(ctx context.Context, key string) (err error) {
			r.archive.Record, err = readRecord(ctx, r.bucket, key, r.Limits.Object)
			return err
		},
		backup.FileResults: func(ctx context.Context, key string) (err error) {
			r.archive.Messages, err = readResults(ctx, r.bucket, key, r.Limits.List)
			return err
		},
		backup.FileResources: func(ctx context.Context, key string) (err error) {
			r.archive.Resources, err = readResources(ctx, r.bucket, key, r.Limits.List)
			return err
		},
		backup.FileOperations: func(ctx context.Context, key string) (err error) {
			r.archive.Operations, err = readOperations(ctx, r.bucket, key, r.Limits.List)
			return err
		},
		backup.FileVolumes:            r.volumesFrom(&s.info, readVolumeInfo),
		backup.FilePodVolumes:         r.volumesFrom(&s.podVolumes, readPodVolumes),
		backup.FileSnapshots:          r.volumesFrom(&s.snapshots, readSnapshots),
		backup.FileCSISnapshots:       listInto(r, &csi.snapshots),
		backup.FileCSISnapshotContent: listInto(r, &csi.contents),
		backup.FileCSISnapshotClasses: r.readThrough,
		backup.FileItemSnapshots:      r.readThrough,
		backup.FileLog:                r.countLog,
	})
	r.needs()
	s.csi = csi.volumes()
	s.record, s.operations, s.resources, s.messages = r.archive.Record, r.archive.Operations, r.archive.Resources, r.archive.Messages
	s.read = r.volumesRead()
	s.contents = r.contents(ctx, &s)
	r.hooksAndLog(ctx, s.contents.podHooks())
	r.archive.Volumes, r.archive.VolumesRead = s.volumes(), r.allVolumesKnown(s.read, s.contents != nil)
	r.disks(ctx)
	r.repositories(ctx)
}

// ReadRestore reads all that the bucket holds of one restore, in the location of
// its backup. The object of a restore is only in the cluster.
func ReadRestore(ctx context.Context, bucket Bucket, layout Layout, name string, options Options) backup.Archive {
	r := newReading(bucket, layout, backup.RoleRestore, name, options)
	if r.list(ctx) {
		r.readRestore(ctx)
	}
	return r.archive
}

// readRestore reads the files that were seen.
func (r *reading) readRestore(ctx context.Context) {
	r.together(ctx, map[backup.FileRole]func(context.Context, string) error{
		backup.FileResults: func(ctx context.Context, key string) (err error) {
			r.archive.Messages, err = readResults(ctx, r.bucket, key, r.Limits.List)
			return err
		},
		backup.FileResources: func(ctx context.Context, key string) (err error) {
			r.archive.Resources, err = readResources(ctx, r.bucket, key, r.Limits.List)
			return err
		},
		backup.FileOperations: func(ctx context.Context, key string) (err error) {
			r.archive.Operations, err = readOperations(ctx, r.bucket, key, r.Limits.List)
			return err
		},
		backup.FileVolumes: r.volumesFrom(&r.archive.Volumes, readVolumeInfo),
		backup.FileLog:     r.countLog,
	})
	r.hooksAndLog(ctx, nil)
	if r.archive.Holds(backup.FileVolumes) {
		r.archive.VolumesRead = backup.Yes
	}
}

// ListFiles tells which files the bucket holds of a backup or restore, and reads none.
func ListFiles(ctx context.Context, bucket Bucket, layout Layout, role backup.Role, name string) backup.Archive {
	r := newReading(bucket, layout, role, name, Options{})
	r.list(ctx)
	return r.archive
}
