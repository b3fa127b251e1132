// Package tidb reads what BR, the backup tool of TiDB, leaves in a bucket: its
// markers, locks and checkpoints, how much data there is, and how far a log backup
// came. What it amounts to is judged by package diagnose.
package tidb

import (
	"context"
	"encoding/binary"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// System is the name of the profile whose backups this package reads.
const System = "tidb-operator"

// lockTTL is how long the lock of a checkpoint holds; BR renews it every four
// minutes (pingcap/tidb br/pkg/checkpoint).
const lockTTL = 5 * time.Minute

// maxCheckpoints bounds the checkpoints that are read, one for each TiKV node.
const maxCheckpoints = 1000

// Place is the part of a place in storage that this package needs; a
// storage.Place is one, opened at the prefix of the backup.
type Place interface {
	List(ctx context.Context, each func(backup.StoredObject) error) error
	Read(ctx context.Context, key string, maxBytes int64) ([]byte, error)
}

// Options name the backup.
type Options struct {
	Name  string
	Mode  string    // spec.backupMode: "snapshot", "log", "volume-snapshot"
	Place string    // as people write it
	At    time.Time // of reading
}

// ReadBackup lists the place of one backup of BR, page by page and in constant
// memory. What could not be read is in the archive, so that there is no error.
func ReadBackup(ctx context.Context, place Place, options Options) backup.Archive {
	run := &backup.ArchiveRun{Mode: options.Mode, LockTTL: backup.Duration(lockTTL)}
	archive := backup.Archive{
		System: System, Role: backup.RoleBackup, Name: options.Name, Place: options.Place, At: options.At,
		Listing: backup.Found, Run: run,
	}
	var checkpoints []string
	err := place.List(ctx, func(object backup.StoredObject) error {
		switch part := partOf(object.Key, options.Mode); part {
		case partComplete:
			run.Complete = &object
		case partLock:
			if run.Lock == nil || object.Modified.After(run.Lock.Modified) {
				run.Lock = &object
			}
		case partCheckpoint:
			add(&run.Checkpoints, object)
		case partLogCheckpoint:
			add(&run.Meta, object)
			if len(checkpoints) < maxCheckpoints {
				checkpoints = append(checkpoints, object.Key)
			}
		case partMeta:
			add(&run.Meta, object)
		case partData:
			add(&run.Data, object)
			if object.Bytes == 0 {
				add(&run.EmptyData, object)
			}
		case partOther:
			add(&archive.Others, object)
		}
		return nil
	})
	if err != nil {
		archive.Listing, archive.Error = backup.Failed, err.Error()
	}
	readCheckpoints(ctx, place, run, checkpoints)
	return archive
}

func add(count *backup.Count, object backup.StoredObject) {
	count.Objects++
	count.Bytes += object.Bytes
}

// part is what an object is for.
type part int

const (
	partOther part = iota
	partComplete
	partLock
	partCheckpoint
	partLogCheckpoint
	partMeta
	partData
)

// partOf knows the names of pingcap/tidb br/pkg/metautil, br/pkg/checkpoint and
// br/pkg/stream.
func partOf(key, mode string) part {
	name := path.Base(key)
	switch {
	case strings.HasSuffix(key, "/"):
		return partOther
	case key == "backupmeta":
		return partComplete
	case key == "backup.lock", name == "checkpoint.lock" && strings.HasPrefix(key, "checkpoints/"):
		return partLock
	case key == "checkpoint.meta", strings.HasPrefix(key, "checkpoints/"):
		return partCheckpoint
	case strings.HasPrefix(key, "v1/global_checkpoint/") && strings.HasSuffix(key, ".ts"):
		return partLogCheckpoint
	case strings.HasPrefix(key, "backupmeta."), strings.HasPrefix(key, "v1/backupmeta/"), key == "v1_stream_truncate_safepoint.txt",
		key == "clustermeta", strings.HasPrefix(key, "manifests/"):
		return partMeta
	case strings.HasSuffix(key, ".sst"), mode == "log" && strings.HasPrefix(key, "v1/") && strings.HasSuffix(key, ".log"):
		return partData
	}
	return partOther
}

// readCheckpoints takes the farthest of what the nodes wrote, as BR does before a
// restore (pingcap/tidb br/pkg/task/stream.go, getGlobalCheckpointFromStorage).
func readCheckpoints(ctx context.Context, place Place, run *backup.ArchiveRun, keys []string) {
	farthest := uint64(0)
	for _, key := range keys {
		data, err := place.Read(ctx, key, 64)
		switch {
		case err != nil:
			run.Unread = append(run.Unread, fmt.Sprintf("%s: %v", key, err))
		case len(data) < 8:
			run.Unread = append(run.Unread, fmt.Sprintf("%s: it has %d bytes, a checkpoint has 8", key, len(data)))
		default:
			farthest = max(farthest, binary.LittleEndian.Uint64(data))
		}
	}
	if farthest > 0 {
		at := timeOf(farthest)
		run.CheckpointAt = &at
	}
}
