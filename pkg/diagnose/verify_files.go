package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func archiveFileEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-R104", Title: "a file of the backup is missing",
			Explain: "The tarball is what is restored; the other files tell Velero about volumes, operations and errors. Without them a restore leaves out what they tell of.",
			Why:     "Velero uploads all files or takes the tarball away again. One that is missing was removed later, such as by a lifecycle rule.",
			Fix:     "Bring the file back from an old version of the object or a copy of the bucket; else make a new backup.",
			Danger:  archiveSafe, Source: uploadSource,
		}, onArchive(judgeMissing)},
		{Code{
			Code: "BK-R105", Title: "a file of the backup cannot be decoded",
			Explain: "The file is there and is not what it should be: not compressed, not JSON, or its checksum is wrong.",
			Why:     "It was overwritten or damaged on its way; the checksum is that of gzip, Velero has none of its own.",
			Fix:     "Bring the file back from an old version of the object or a copy of the bucket; else make a new backup.",
			Danger:  archiveSafe, Source: "the file, read to its end",
		}, onArchive(judgeState("BK-R105", backup.FileCorrupt, "cannot be decoded"))},
		{Code{
			Code: "BK-R106", Title: "a file of the backup is cut off",
			Explain: "The file ends before its own end. What comes behind is lost, and a restore fails on it.",
			Why:     "An upload that broke off and counted as done, a disk of the storage that was full, or a copy of the bucket that stopped.",
			Fix:     "Bring the file back from an old version of the object or a copy of the bucket; else make a new backup.",
			Danger:  archiveSafe, Source: "the file, read to its end",
		}, onArchive(judgeState("BK-R106", backup.FileTruncated, "is cut off"))},
		{Code{
			Code: "BK-R107", Title: "a file of the backup is empty",
			Explain: "The file has no bytes at all. A compressed list of nothing has 27 or 29, an empty log 23.",
			Why:     "An upload that was cut off, or a storage that lost its content.",
			Fix:     "Bring the file back from an old version of the object or a copy of the bucket; else make a new backup.",
			Danger:  archiveSafe, Source: "the listing",
		}, onArchive(judgeState("BK-R107", backup.FileEmpty, "is empty"))},
		{Code{
			Code: "BK-R108", Title: "a file of the backup could not be read",
			Explain: "What is in it is not known: the storage did not give it, or it is larger than this tool reads.",
			Why:     "Credentials that may list and not read, objects encrypted with a key of the customer, or a connection that broke.",
			Fix:     "Try again; if reading is denied, use credentials that may read with --storage-credentials.",
			Danger:  archiveSafe, Source: archiveSource,
		}, onArchive(judgeUnreadFiles)},
	}
}

// fileSeverity says what a file that is no good costs: a restore reads all but these.
func fileSeverity(role backup.FileRole) backup.Severity {
	switch role {
	case backup.FileLog, backup.FileResults, backup.FileResources, backup.FileCSISnapshotClasses:
		return backup.SeverityWarning
	}
	return backup.SeverityCause
}

func fileWord(role backup.FileRole) string {
	switch role {
	case backup.FileObject:
		return "the stored object"
	case backup.FileContents:
		return "the tarball"
	}
	return "the file of the " + string(role)
}

func judgeMissing(a *backup.Archive, subject backup.Ref) []backup.Finding {
	if gone(a, backup.FileObject) {
		return nil // the whole place is judged
	}
	var all []backup.Finding
	for i := range a.Files {
		file := &a.Files[i]
		if file.State != backup.FileMissing || file.Need == backup.NeedOptional {
			continue
		}
		found := problem("BK-R104", fileSeverity(file.Role), subject, fileWord(file.Role)+" is missing in the bucket")
		found.Proof = []backup.Proof{{Text: "missing", Source: file.Key}}
		all = append(all, found)
	}
	return all
}

// judgeState finds the files that are in one of the states of damage.
func judgeState(code string, state backup.FileState, says string) func(*backup.Archive, backup.Ref) []backup.Finding {
	return func(a *backup.Archive, subject backup.Ref) []backup.Finding {
		var all []backup.Finding
		for i := range a.Files {
			file := &a.Files[i]
			if file.State != state {
				continue
			}
			found := problem(code, fileSeverity(file.Role), subject, fmt.Sprintf("%s %s", fileWord(file.Role), says))
			found.Proof = []backup.Proof{fileProof(file)}
			all = append(all, found)
		}
		return all
	}
}

func judgeUnreadFiles(a *backup.Archive, subject backup.Ref) []backup.Finding {
	var all []backup.Finding
	for i := range a.Files {
		file := &a.Files[i]
		switch file.State {
		case backup.FileUnread:
			all = append(all, unknown("BK-R108", subject, fileWord(file.Role)+" could not be read"+because(file.Detail), fileProof(file)))
		case backup.FileTooLarge:
			all = append(all, unknown("BK-R108", subject, fileWord(file.Role)+" is larger than this tool reads", fileProof(file)))
		}
	}
	return all
}
