package diagnose

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	archiveSource = "a listing of the place and the files in it"
	archiveSafe   = "none; nothing is ever written to the storage"
	uploadSource  = "velero@v1.18.3 pkg/persistence/object_store.go"
)

func archivePlaceEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-R101", Title: "the bucket holds nothing of it",
			Explain: "The place was listed to its end, and nothing lies there.",
			Why:     "Files are uploaded when a run ends, so that one that still runs, or never came so far, has none; or they were removed behind the back of the backup system.",
			Fix:     "Compare bucket and prefix with those of a backup that works, and make a new backup.",
			Danger:  archiveSafe, Source: archiveSource,
		}, onArchived(judgeNothing)},
		{Code{
			Code: "BK-R102", Title: "the object of the backup is missing in the bucket",
			Explain: "Other files are there, but not velero-backup.json. Velero knows a backup in a bucket by that file and ignores the rest.",
			Why:     "The file was removed, or the upload was cut off.",
			Fix:     "Put the file back from a copy of the bucket. It is the Backup object in JSON, which the old cluster may still have.",
			Danger:  "Velero's own deletion of expired backups never sees these files again.", Source: "velero@v1.18.3 pkg/persistence/object_store.go, BackupExists",
		}, onArchive(judgeInvisible)},
		{Code{
			Code: "BK-R103", Title: "only leftovers of a failed upload are there",
			Explain: "Neither the object nor the tarball is there. Nothing can be restored from what is left.",
			Why:     "Velero uploads the log first. If a later file fails, it takes the object and the tarball away again and leaves the others.",
			Fix:     "Look at the server's log for why the upload failed, and make a new backup.",
			Danger:  archiveSafe, Source: uploadSource,
		}, onArchive(judgeLeftovers)},
		{Code{
			Code: "BK-R109", Title: "the place could not be listed",
			Explain: "What lies there is not known. Not known is never taken for fine.",
			Why:     "The endpoint does not answer from here, the credentials may not list, or they are of a kind that is not used.",
			Fix:     "See the storage findings of this object for the way and the identity. With --via-server Velero's server signs URLs for most of the files; what only a listing shows stays unknown.",
			Danger:  "none by looking; --via-server creates DownloadRequests in the cluster and deletes them at the end", Source: archiveSource,
		}, judgeUnlisted},
	}
}

func judgeNothing(ev *backup.Evidence) []backup.Finding {
	a := ev.Archive
	run := a.Run != nil && (a.Run.Complete != nil || a.Run.Lock != nil || a.Run.Data.Objects+a.Run.Meta.Objects+a.Run.Checkpoints.Objects > 0)
	if run || present(a) > 0 || a.Others.Objects > 0 {
		return nil
	}
	found := problem("BK-R101", backup.SeverityCause, archiveSubject(ev), "the bucket holds nothing of the "+roleWord(a))
	if phase := ev.Object.Phase; phase == backup.PhasePending || phase == backup.PhaseRunning {
		found.Severity, found.Title = backup.SeverityInfo, found.Title+" yet"
	}
	if savesNothing(ev.Object) {
		found.Severity = backup.SeverityInfo
	}
	found.Proof = []backup.Proof{{Text: "no object lies there", Source: a.Place}}
	return one(found)
}

// present counts the files that are there, in whatever state.
func present(a *backup.Archive) int64 {
	n := int64(0)
	for i := range a.Files {
		if a.Files[i].State != backup.FileMissing {
			n++
		}
	}
	return n
}

// gone tells whether the layout has the file and the place has not.
func gone(a *backup.Archive, role backup.FileRole) bool {
	file := a.File(role)
	return file != nil && file.State == backup.FileMissing
}

func judgeInvisible(a *backup.Archive, subject backup.Ref) []backup.Finding {
	if !gone(a, backup.FileObject) || gone(a, backup.FileContents) {
		return nil
	}
	found := problem("BK-R102", backup.SeverityCause, subject, "the object of the backup is missing in the bucket, so that Velero does not see the backup")
	found.Proof = []backup.Proof{{Text: "missing", Source: a.File(backup.FileObject).Key}, fileProof(a.File(backup.FileContents))}
	return one(found)
}

func judgeLeftovers(a *backup.Archive, subject backup.Ref) []backup.Finding {
	if !gone(a, backup.FileObject) || !gone(a, backup.FileContents) || present(a) == 0 {
		return nil
	}
	found := problem("BK-R103", backup.SeverityCause, subject, "only leftovers of a failed upload are there: neither the object nor the tarball")
	for i := range a.Files {
		if file := &a.Files[i]; file.State != backup.FileMissing {
			found.Proof = append(found.Proof, fileProof(file))
		}
	}
	return one(found)
}
