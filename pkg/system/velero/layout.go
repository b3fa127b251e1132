package velero

import (
	"path"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Layout is where things lie below the prefix of a BackupStorageLocation
// (velero@v1.18.3 pkg/persistence/object_store_layout.go). The zero value is for a
// bucket that is opened at that prefix.
type Layout struct {
	Prefix string
}

// metadataFile is the one file that is not compressed. Velero knows a backup by it.
const metadataFile = "velero-backup.json"

// part is one file that a backup or restore may have.
type part struct {
	role backup.FileRole
	// names come in the order in which they are looked for.
	names func(name string) []string
}

func ends(suffix string) func(string) []string {
	return func(name string) []string { return []string{name + suffix} }
}

// restored names a file of a restore. The e-backup manual has the names without
// the prefix.
func restored(suffix string) func(string) []string {
	return func(name string) []string { return []string{"restore-" + name + suffix, name + suffix} }
}

func backupParts() []part {
	return []part{
		{backup.FileObject, func(string) []string { return []string{metadataFile} }},
		{backup.FileContents, ends(".tar.gz")},
		{backup.FileLog, ends("-logs.gz")},
		{backup.FileResults, ends("-results.gz")}, // 1.10 and later
		{backup.FileResources, ends("-resource-list.json.gz")},
		{backup.FileVolumes, ends("-volumeinfo.json.gz")}, // 1.13 and later
		{backup.FilePodVolumes, ends("-podvolumebackups.json.gz")},
		{backup.FileSnapshots, ends("-volumesnapshots.json.gz")},
		{backup.FileOperations, ends("-itemoperations.json.gz")}, // 1.11 and later
		{backup.FileCSISnapshots, ends("-csi-volumesnapshots.json.gz")},
		{backup.FileCSISnapshotContent, ends("-csi-volumesnapshotcontents.json.gz")}, // up to 1.16
		{backup.FileCSISnapshotClasses, ends("-csi-volumesnapshotclasses.json.gz")},  // up to 1.17
		{backup.FileItemSnapshots, ends("-itemsnapshots.json.gz")},                   // 1.9 and 1.10
	}
}

func restoreParts() []part {
	return []part{
		{backup.FileLog, restored("-logs.gz")},
		{backup.FileResults, restored("-results.gz")},
		{backup.FileResources, restored("-resource-list.json.gz")},
		{backup.FileOperations, restored("-itemoperations.json.gz")},
		{backup.FileVolumes, ends("-volumeinfo.json.gz")}, // without "restore-", unlike its neighbours
	}
}

// Backup is the folder of one backup, with a slash at its end.
func (l Layout) Backup(name string) string { return l.under("backups", name) + "/" }

// Restore is the folder of one restore, in the location of its backup.
func (l Layout) Restore(name string) string { return l.under("restores", name) + "/" }

// Backups is the folder of all backups.
func (l Layout) Backups() string { return l.under("backups") + "/" }

// Restores is the folder of all restores.
func (l Layout) Restores() string { return l.under("restores") + "/" }

// Repository is the folder of one repository: kind is kopia or restic, and each
// namespace has its own (velero@v1.18.3 pkg/repository/provider/unified_repo.go).
func (l Layout) Repository(kind, namespace string) string { return l.under(kind, namespace) + "/" }

// PluginData is the folder in which the vSphere plugin keeps volumes
// (velero-plugin-for-vsphere pkg/constants, DefaultS3RepoPrefix; its disks are of type ivd).
func (l Layout) PluginData() string { return l.under("plugins", "vsphere-astrolabe-repo", "ivd") + "/" }

func (l Layout) under(names ...string) string {
	return path.Join(append([]string{strings.Trim(l.Prefix, "/")}, names...)...)
}

// folder is where the files of a backup or restore lie, and which may be there.
func (l Layout) folder(role backup.Role, name string) (string, []part) {
	if role == backup.RoleRestore {
		return l.Restore(name), restoreParts()
	}
	return l.Backup(name), backupParts()
}
