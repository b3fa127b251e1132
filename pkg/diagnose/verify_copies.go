package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// smallShare is the part of a volume below which a copy of its blocks is not
// plausible: uploads hold what was allocated, which on thin disks is less than all.
const smallShare = 100

func archiveCopyEntries() []entry {
	const noCopy = "A restore makes a volume without its data."
	return []entry{
		{Code{
			Code: "BK-R121", Title: "a volume that counts as copied is not in the bucket",
			Explain: "The backup names a copy whose objects are not there.",
			Why:     "The upload failed or still runs after the backup was Completed, or the objects were removed later.",
			Fix:     "Look at the Upload of the volume; if it is gone or failed, make a new backup.",
			Danger:  noCopy, Source: "velero-plugin-for-vsphere pkg/constants; astrolabe pkg/s3repository: a snapshot is of use only with its peinfo object",
		}, onArchive(judgeVolumes("BK-R121", func(v backup.ArchivedVolume) string {
			if !infoAbsent(v) {
				return ""
			}
			return fmt.Sprintf("the copy of volume %s is not in the bucket", v.Name())
		}))},
		{Code{
			Code: "BK-R122", Title: "a volume's copy has zero bytes",
			Explain: "The volume counts as copied, and nothing of it was stored.",
			Why:     "The vSphere plugin 1.0 stored nothing of volumes below 10 MB; a volume whose mount was not there looks empty to a file system uploader.",
			Fix:     "Compare with the volume itself. If it holds data, update the plugin and make a new backup.",
			Danger:  noCopy, Source: "the sizes of the objects in the bucket, or the size that the backup records",
		}, onArchive(judgeZeroBytes)},
		{Code{
			Code: "BK-R123", Title: "a volume's copy is implausibly small",
			Explain: "A copy of blocks is about as large as what is allocated on the volume. This one is less than a hundredth of the claim.",
			Why:     "The upload stopped early and counted as done, or nearly nothing was ever written to the volume.",
			Fix:     "Compare with the use of the volume, and restore it once into another namespace.",
			Danger:  noCopy, Source: "the sizes of the objects in the bucket, and the request of the claim",
		}, onArchive(judgeSmall)},
		{Code{
			Code: "BK-R126", Title: "a copied volume has no handle",
			Explain: "The volume counts as copied, and the backup does not say under which ID. Velero cannot restore it.",
			Why:     "The plugin or the data mover ended without handing its snapshot over.",
			Fix:     "Make a new backup.",
			Danger:  noCopy, Source: "velero@v1.18.3 internal/volume/volumes_information.go, snapshotHandle",
		}, onArchive(judgeVolumes("BK-R126", func(v backup.ArchivedVolume) string {
			if v.State != backup.VolumeCopied || v.Handle != "" || v.Method == backup.MethodNone || emptyVolume(v) {
				return ""
			}
			return fmt.Sprintf("volume %s counts as copied (%s) and has no handle", v.Name(), v.Method)
		}))},
		{Code{
			Code: "BK-R127", Title: "the repository of copied volumes is missing",
			Explain: "Volumes were copied into a repository of their namespace, and no repository is at its place, or none with data.",
			Why:     "The repository was removed, or lies elsewhere because of resticRepoPrefix.",
			Fix:     "Look for the repository in the bucket's other folders and old versions.",
			Danger:  "No volume of that namespace can be restored, from this and other backups.", Source: "velero@v1.18.3 pkg/repository/provider/unified_repo.go; the repository's own file kopia.repository or config",
		}, onArchive(judgeRepositories)},
		{Code{
			Code: "BK-R136", Title: "fewer snapshots or operations were completed than begun",
			Explain: "The stored object counts more attempts than results.",
			Why:     "A plugin failed, or the server was stopped before it counted the rest.",
			Fix:     "Look at the operations and the errors of the backup.",
			Danger:  noCopy, Source: "status.volumeSnapshotsAttempted, status.csiVolumeSnapshotsAttempted, status.backupItemOperationsAttempted",
		}, onRecord(judgeTallies)},
	}
}

// infoAbsent tells that the bucket lacks the object without which a copy is of no use.
func infoAbsent(v backup.ArchivedVolume) bool {
	return v.Stored != nil && v.Stored.Info == backup.Absent
}

// emptyVolume tells that the mover said that it found nothing to copy.
func emptyVolume(v backup.ArchivedVolume) bool {
	return v.State == backup.VolumeCopied && strings.HasPrefix(v.Why, "volume was empty")
}

func zeroBytes(v backup.ArchivedVolume) string {
	switch {
	case v.State != backup.VolumeCopied || v.Bytes == nil || *v.Bytes > 0 || emptyVolume(v):
		return ""
	case v.Stored != nil && v.Stored.Lookup != backup.Found:
		return "" // not summed to the end
	case v.Capacity != nil:
		return fmt.Sprintf("the copy of volume %s has zero bytes, the claim asks for %s", v.Name(), bytesText(*v.Capacity))
	}
	return fmt.Sprintf("the copy of volume %s has zero bytes", v.Name())
}

// judgeZeroBytes is sure of copies of blocks; files may all be empty.
func judgeZeroBytes(a *backup.Archive, subject backup.Ref) []backup.Finding {
	var all []backup.Finding
	for _, v := range a.Volumes {
		title := zeroBytes(v)
		if title == "" {
			continue
		}
		severity := backup.SeverityWarning
		if v.Block() {
			severity = backup.SeverityCause
		}
		found := problem("BK-R122", severity, subject, title)
		found.Proof = volumeProof(a, v)
		all = append(all, found)
	}
	return all
}

func judgeSmall(a *backup.Archive, subject backup.Ref) []backup.Finding {
	var all []backup.Finding
	for _, v := range a.Volumes {
		if v.State != backup.VolumeCopied || !v.Block() || v.Bytes == nil || v.Capacity == nil || *v.Bytes == 0 || *v.Bytes >= *v.Capacity/smallShare {
			continue
		}
		found := problem("BK-R123", backup.SeverityWarning, subject, fmt.Sprintf("the copy of volume %s has %s, the claim asks for %s", v.Name(), bytesText(*v.Bytes), bytesText(*v.Capacity)))
		found.Proof = volumeProof(a, v)
		all = append(all, found)
	}
	return all
}

func judgeRepositories(a *backup.Archive, subject backup.Ref) []backup.Finding {
	var all []backup.Finding
	for _, r := range a.Repositories {
		name := fmt.Sprintf("the %s repository of namespace %s", r.Type, r.Namespace)
		proof := backup.Proof{Text: fmt.Sprintf("format %s, data %s", orElse(string(r.Format), "not looked at"), r.HasData), Source: r.Type + "/" + r.Namespace + "/"}
		switch {
		case r.Format == backup.Absent:
			found := problem("BK-R127", backup.SeverityCause, subject, name+" is missing")
			found.Proof = []backup.Proof{proof}
			all = append(all, found)
		case r.HasData == backup.No:
			found := problem("BK-R127", backup.SeverityCause, subject, name+" holds no data")
			found.Proof = []backup.Proof{proof}
			all = append(all, found)
		case r.Format != backup.Found || r.HasData == backup.Unknown:
			all = append(all, unknown("BK-R127", subject, unread(name, r.Format, r.Error), proof))
		}
	}
	return all
}

func judgeTallies(a *backup.Archive, r *backup.ArchiveRecord, subject backup.Ref) []backup.Finding {
	if r.Phase == backup.PhaseRunning {
		return nil // it still counts
	}
	var all []backup.Finding
	for _, t := range []struct {
		noun string
		backup.Tally
	}{{"volume snapshot", r.Snapshots}, {csiSnapshot, r.CSI}, {"item operation", r.Operations}} {
		if t.Completed >= t.Attempted {
			continue
		}
		found := problem("BK-R136", backup.SeverityCause, subject, fmt.Sprintf("%d of %s completed", t.Completed, counted(t.Attempted, t.noun)))
		if t.noun == csiSnapshot && others(a, t.Tally) {
			found.Severity = backup.SeverityInfo
			found.Explain = "Each snapshot of a volume of this backup completed. Velero counts by the backup's name in the whole cluster, so that those of another backup of that name count, too."
		}
		found.Proof = []backup.Proof{recordProof(t.noun+"s attempted", t.Attempted), recordProof("completed", t.Completed), recordProof("failed", t.Failed)}
		all = append(all, found)
	}
	return all
}

const csiSnapshot = "CSI snapshot"

// others tells whether the CSI snapshots that did not complete are those of
// another backup: Velero counts all in the cluster that are labelled with the
// name of the backup (velero@v1.18.3 pkg/backup/snapshots.go).
func others(a *backup.Archive, tally backup.Tally) bool {
	if !a.Holds(backup.FileVolumes) || a.VolumesRead != backup.Yes {
		return false
	}
	own := int64(0)
	for _, v := range a.Volumes {
		if v.Method != backup.MethodCSISnapshot {
			continue
		}
		if v.State != backup.VolumeCopied {
			return false
		}
		own++
	}
	return own <= tally.Completed
}
