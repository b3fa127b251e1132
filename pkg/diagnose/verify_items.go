package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func archiveItemEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-R110", Title: "the tarball holds fewer objects than the backup counts",
			Explain: "Each object that Velero failed to back up is an error of the backup. More are missing than errors are counted.",
			Why:     "The tarball is not the one of this run, or was packed again without some objects.",
			Fix:     "Compare the resource list with what is in the tarball, and make a new backup.",
			Danger:  archiveSafe, Source: "velero@v1.18.3 pkg/backup/backup.go: status.progress.itemsBackedUp counts objects, whatever their versions",
		}, onRecord(judgeItemCount)},
		{Code{
			Code: "BK-R111", Title: "the tarball has a format that is not known",
			Explain: "Velero restores tarballs of format 1 only; the format stands in metadata/version.",
			Why:     "Another tool wrote the tarball, or a later version of Velero.",
			Fix:     "Restore with the version of Velero that made the backup.",
			Danger:  archiveSafe, Source: "metadata/version in the tarball; velero@v1.18.3 pkg/backup/backup.go, BackupFormatVersion",
		}, onArchive(judgeFormat)},
	}
}

func judgeItemCount(a *backup.Archive, r *backup.ArchiveRecord, subject backup.Ref) []backup.Finding {
	if a.Items == nil {
		return nil
	}
	proof := []backup.Proof{
		{Text: counted(a.Items.Total, "object"), Source: a.File(backup.FileContents).Key},
		recordProof("status.progress.itemsBackedUp", r.Items.Completed), recordProof("status.errors", r.Errors),
	}
	if missing := r.Items.Completed - r.Errors - a.Items.Total; missing > 0 {
		found := problem("BK-R110", backup.SeverityCause, subject, fmt.Sprintf("the tarball holds %d of %s", a.Items.Total, counted(r.Items.Completed, "object")))
		found.Proof = proof
		return one(found)
	}
	return one(fine("BK-R110", subject, "the tarball is whole and holds "+counted(a.Items.Total, "object"), proof...))
}

func judgeFormat(a *backup.Archive, subject backup.Ref) []backup.Finding {
	if a.Items == nil || strings.HasPrefix(a.Items.Format, "1.") || a.Items.Format == "1" {
		return nil
	}
	found := problem("BK-R111", backup.SeverityCause, subject, fmt.Sprintf("the tarball has format %q, which is not known", a.Items.Format))
	found.Proof = []backup.Proof{fileProof(a.File(backup.FileContents))}
	return one(found)
}
