package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// archiveTopic is the name of the codes that judge what a bucket holds.
const archiveTopic = "What the bucket holds"

// Verify judges the archive of the evidence alone: whether what the storage holds
// is what the backup says. Without an archive nothing is known.
func Verify(ev backup.Evidence) backup.Verification {
	v := backup.Verification{
		APIVersion: backup.APIVersion, Kind: "Verification", At: ev.At, Cluster: ev.Cluster, Object: ev.Object, Status: backup.StatusUnknown, Gaps: ev.Gaps,
	}
	if ev.Archive == nil {
		v.Verdict = "nothing is known: nobody read what the bucket holds"
		return v
	}
	v.Archive = *ev.Archive
	for _, e := range archiveEntries() {
		v.Findings = append(v.Findings, e.judge(&ev)...)
	}
	if ev.Archive.ThroughServer() {
		ofTheCluster(v.Findings)
	}
	slices.SortStableFunc(v.Findings, func(a, b backup.Finding) int { return rank(a) - rank(b) })
	v.Status = status(v.Findings)
	v.Restorable = restorable(ev.Archive, v.Findings)
	v.Verdict = archiveVerdict(ev.Archive, v.Restorable, v.Findings)
	if v.Restorable == backup.Yes {
		v.Recovery = ev.Recovery
	}
	return v
}

// archiveEntries are all codes of the topic; what they amount to comes last.
func archiveEntries() []entry { return append(archiveChecks(), archiveSumEntries()...) }

// archiveChecks are in the order in which they are read: the place, its files,
// what is in them, the volumes, the run.
func archiveChecks() []entry {
	return slices.Concat(archivePlaceEntries(), archiveFileEntries(), archiveItemEntries(), archiveVolumeEntries(),
		archiveCopyEntries(), archiveRecordEntries(), archiveObjectEntries(), archiveRunEntries())
}

func roleWord(a *backup.Archive) string { return orElse(string(a.Role), "backup") }

// archiveSummary is ": 9 objects, 3 volumes, 6.0 KiB of them copied".
func archiveSummary(a *backup.Archive) string {
	var parts []string
	if a.Items != nil {
		parts = append(parts, counted(a.Items.Total, "object"))
	}
	if copied, bytes := copiedVolumes(a); copied > 0 {
		parts = append(parts, fmt.Sprintf("%s of %s", counted(copied, "volume"), bytesText(bytes)))
	}
	if n := leftOut(a); n > 0 {
		parts = append(parts, counted(n, "volume")+" left out")
	}
	if run := a.Run; run != nil {
		parts = append(parts, fmt.Sprintf("%s of %s", counted(run.Data.Objects, "data file"), bytesText(run.Data.Bytes)))
	}
	if len(parts) == 0 {
		return ""
	}
	return ": " + strings.Join(parts, ", ")
}

// leftOut counts the volumes that are not in the backup and need not be.
func leftOut(a *backup.Archive) int64 {
	n := int64(0)
	for _, v := range a.Volumes {
		if v.State == backup.VolumeNotCopied && v.Meant {
			n++
		}
	}
	return n
}

func copiedVolumes(a *backup.Archive) (n, bytes int64) {
	for _, v := range a.Volumes {
		if v.State != backup.VolumeCopied {
			continue
		}
		n++
		if v.Bytes != nil {
			bytes += *v.Bytes
		}
	}
	return n, bytes
}

// onArchive judges evidence that has an archive which could be listed.
func onArchive(judge func(a *backup.Archive, subject backup.Ref) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Archive == nil || !ev.Archive.Seen() {
			return nil
		}
		return judge(ev.Archive, archiveSubject(ev))
	}
}

// onRecord judges archives whose own record could be read.
func onRecord(judge func(a *backup.Archive, r *backup.ArchiveRecord, subject backup.Ref) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return onArchive(func(a *backup.Archive, subject backup.Ref) []backup.Finding {
		if a.Record == nil {
			return nil
		}
		return judge(a, a.Record, subject)
	})
}

// archiveSubject is the object in the cluster, or the one that the bucket tells of.
func archiveSubject(ev *backup.Evidence) backup.Ref {
	switch {
	case ev.Object.Ref.Name != "":
		return ev.Object.Ref
	case ev.Archive.Record != nil && ev.Archive.Record.Ref.Name != "":
		return ev.Archive.Record.Ref
	}
	return backup.Ref{Resource: roleWord(ev.Archive) + "s", Name: ev.Archive.Name}
}

func fileProof(file *backup.ArchiveFile) backup.Proof {
	text := fmt.Sprintf("%s, %d B", file.State, file.Bytes)
	if file.Detail != "" {
		text += ": " + shorten(file.Detail)
	}
	return backup.Proof{Text: text, Source: file.Key}
}

// storedObject is the source of what the object in the storage says.
const storedObject = "the stored object"

// recordProof is a field of the stored object.
func recordProof(field string, value any) backup.Proof {
	return backup.Proof{Text: fmt.Sprintf("%s: %v", field, value), Source: storedObject}
}
