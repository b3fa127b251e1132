package velero

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Velero writes all files of a backup or takes the tarball and the object away
// again (velero@v1.18.3 pkg/persistence/object_store.go), so that a backup with
// both once had the others, too. Which others depends on the version, of which
// only traces tell: the version itself is not stored.

// needs says of each file how much depends on it.
func (r *reading) needs() {
	version := r.minor()
	since := map[backup.FileRole]int{
		backup.FilePodVolumes: 4, backup.FileSnapshots: 4, backup.FileResources: 4,
		backup.FileResults: 10, backup.FileOperations: 12, backup.FileVolumes: 13,
	}
	for i := range r.archive.Files {
		file := &r.archive.Files[i]
		first, known := since[file.Role]
		switch {
		case file.Role == backup.FileObject, file.Role == backup.FileContents:
			file.Need = backup.NeedRequired
		case known && version >= first:
			file.Need = backup.NeedExpected
		}
	}
	r.needsOfRecord()
}

// needsOfRecord expects what the stored object counts.
func (r *reading) needsOfRecord() {
	record := r.archive.Record
	if record == nil {
		return
	}
	for role, counted := range map[backup.FileRole]int64{
		backup.FileSnapshots: record.Snapshots.Attempted, backup.FileOperations: record.Operations.Attempted,
	} {
		if file := r.archive.File(role); counted > 0 {
			file.Need = backup.NeedExpected
		}
	}
}

// minor is the least minor version of Velero 1 that writes what is there: 4 where
// nothing tells, 0 for e-backup, which is not documented to write more than
// Velero 1.4 did.
func (r *reading) minor() int {
	there := func(role backup.FileRole) bool { return r.archive.File(role).State.Seen() }
	has := func(path ...string) bool {
		if r.archive.Record == nil {
			return false
		}
		_, found, err := unstructured.NestedFieldNoCopy(r.archive.Record.Object, path...)
		return found && err == nil
	}
	switch {
	case there(backup.FileVolumes), has("status", "hookStatus"):
		return 13
	case there(backup.FileOperations), has("spec", "snapshotMoveData"):
		return 12
	case there(backup.FileResults), has("spec", "csiSnapshotTimeout"):
		return 10
	case has("spec", "runMode"):
		return 0
	}
	return 4
}
