package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// checkpointLag is how far the checkpoint of a log backup may be behind: BR
// flushes about every three minutes (pingcap/tidb br/pkg/streamhelper).
const checkpointLag = 15 * time.Minute

func archiveRunEntries() []entry {
	const brSource = "pingcap/tidb br/pkg/metautil, br/pkg/checkpoint"
	return []entry{
		{Code{
			Code: "BK-R140", Title: "the marker of a finished backup is missing",
			Explain: "BR writes backupmeta last. Without it no restore begins, however much data is there.",
			Why:     "The run failed or still goes on.",
			Fix:     "Wait for a run that goes on; else clean up and make a new backup.",
			Danger:  archiveSafe, Source: brSource,
		}, onRun(judgeMarker)},
		{Code{
			Code: "BK-R141", Title: "a writer is at work at the place",
			Explain: "A lock or checkpoint lies there that is younger than the time within which a running writer renews it.",
			Why:     "BR runs, or ended minutes ago.",
			Fix:     "Verify again when it has ended.",
			Danger:  "What lies there changes while it is looked at.", Source: brSource,
		}, judgeRunLock},
		{Code{
			Code: "BK-R142", Title: "a finished backup has no data files",
			Explain: "The marker of a finished backup is there and not one file of data, or one of the marker's bytes is missing.",
			Why:     "The data was removed or lies under another prefix; a cluster without any table makes such a backup, too.",
			Fix:     "Compare with the size that the Backup object records.",
			Danger:  "A restore from it gives an empty cluster.", Source: brSource,
		}, onRun(judgeNoData)},
		{Code{
			Code: "BK-R143", Title: "data files have zero bytes",
			Explain: "BR writes no empty data file. Reading it fails during a restore.",
			Why:     "An upload that was cut off, or a storage that lost content.",
			Fix:     "Bring the files back from old versions, or make a new backup.",
			Danger:  archiveSafe, Source: "the listing",
		}, onRun(judgeEmptyData)},
		{Code{
			Code: "BK-R144", Title: "checkpoints of a run are left over",
			Explain: "BR removes its checkpoints when a backup ends. They are no data.",
			Why:     "The run failed, or was stopped right before its end.",
			Fix:     "Left alone they do no harm.",
			Danger:  archiveSafe, Source: brSource,
		}, onRun(judgeCheckpoints)},
		{Code{
			Code: "BK-R145", Title: "the log backup's checkpoint is behind",
			Explain: "A restore to a point in time can reach the checkpoint and not what came after it.",
			Why:     "The task is paused or failed, or a TiKV node cannot write to the storage.",
			Fix:     "Look at the state of the log backup's task and at the TiKV nodes.",
			Danger:  "If the gap lasts longer than the garbage collection of TiKV, changes are lost to the log backup.", Source: "v1/global_checkpoint in the bucket; pingcap/tidb br/pkg/streamhelper",
		}, judgeCheckpoint},
		{Code{
			Code: "BK-R147", Title: "less lies there than the backup wrote",
			Explain: "The object records how many bytes the run wrote, and the files add up to fewer.",
			Why:     "Data files were removed, such as by a lifecycle rule, or never arrived.",
			Fix:     "Bring the files back from old versions, or make a new backup.",
			Danger:  archiveSafe, Source: "status.backupSize of the Backup, which is the size of backupmeta and of all files that it lists (tidb-operator cmd/backup-manager/app/util)",
		}, onArchived(judgeRecordedSize)},
		{Code{
			Code: "BK-R146", Title: "a marker could not be read",
			Explain: "A marker is in the listing, and the storage did not give it.",
			Why:     "Credentials that may list and not read, or a connection that broke.",
			Fix:     "Try again; if reading is denied, use credentials that may read with --storage-credentials.",
			Danger:  archiveSafe, Source: archiveSource,
		}, onRun(judgeUnreadMarkers)},
		{Code{
			Code: "BK-R149", Title: "the data is in snapshots of volumes that nobody looked at",
			Explain: "A backup in mode volume-snapshot keeps in the bucket which snapshots it has, and the snapshots themselves lie in the cloud, where this program does not look.",
			Why:     "It is how this mode works.",
			Fix:     "Look in the cloud's own console whether the snapshots that backupmeta names are there.",
			Danger:  "Snapshots that were deleted there cannot be restored, whatever the bucket holds.", Source: "spec.backupMode; pingcap/tidb-operator@v1.6.0 pkg/backup/snapshotter",
		}, onRun(judgeCloudSnapshots)},
	}
}

// onRun judges archives that hold markers and data instead of files by name.
func onRun(judge func(a *backup.Archive, run *backup.ArchiveRun, subject backup.Ref) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return onArchive(func(a *backup.Archive, subject backup.Ref) []backup.Finding {
		if a.Run == nil {
			return nil
		}
		return judge(a, a.Run, subject)
	})
}

func dataProof(a *backup.Archive, run *backup.ArchiveRun) backup.Proof {
	return backup.Proof{Text: fmt.Sprintf("%s, %s", counted(run.Data.Objects, "data file"), bytesText(run.Data.Bytes)), Source: a.Place}
}

func judgeMarker(a *backup.Archive, run *backup.ArchiveRun, subject backup.Ref) []backup.Finding {
	if run.Mode == "log" || run.Complete != nil && run.Complete.Bytes > 0 || run.Data.Objects+run.Meta.Objects+run.Checkpoints.Objects == 0 && run.Lock == nil && run.Complete == nil {
		return nil
	}
	title := "backupmeta is missing: the backup did not finish"
	if run.Complete != nil {
		title = "backupmeta has zero bytes: no restore can begin"
	}
	found := problem("BK-R140", backup.SeverityCause, subject, title)
	found.Proof = []backup.Proof{dataProof(a, run)}
	return one(found)
}

func judgeRunLock(ev *backup.Evidence) []backup.Finding {
	if ev.Archive == nil || ev.Archive.Run == nil || ev.Archive.Run.Lock == nil || ev.Archive.Run.Mode == "log" {
		return nil // a log backup always writes
	}
	// The lock of a snapshot backup stays; only a checkpoint's lock is renewed.
	lock, ttl := ev.Archive.Run.Lock, time.Duration(ev.Archive.Run.LockTTL)
	if age := ev.At.Sub(lock.Modified); age < ttl && ev.Archive.Run.Complete == nil {
		found := problem("BK-R141", backup.SeverityWarning, archiveSubject(ev), "a writer is at work: "+lock.Key+" is "+span(age)+" old")
		found.Proof = []backup.Proof{{Text: lock.Key, Source: ev.Archive.Place, At: &lock.Modified}}
		return one(found)
	}
	return nil
}

func judgeNoData(a *backup.Archive, run *backup.ArchiveRun, subject backup.Ref) []backup.Finding {
	if run.Complete == nil || run.Data.Objects > 0 || run.Mode == "volume-snapshot" {
		return nil
	}
	found := problem("BK-R142", backup.SeverityCause, subject, "the backup is marked as finished and has no data files")
	found.Proof = []backup.Proof{{Text: fmt.Sprintf("%s, %d B", run.Complete.Key, run.Complete.Bytes), Source: a.Place}, dataProof(a, run)}
	return one(found)
}

// judgeCloudSnapshots: what lies in the cloud is not known from a look at the bucket.
func judgeCloudSnapshots(a *backup.Archive, run *backup.ArchiveRun, subject backup.Ref) []backup.Finding {
	if run.Mode != "volume-snapshot" || run.Complete == nil {
		return nil
	}
	return one(unknown("BK-R149", subject, "its data is in snapshots of volumes, which were not looked at", backup.Proof{Text: run.Complete.Key, Source: a.Place}))
}

func judgeEmptyData(a *backup.Archive, run *backup.ArchiveRun, subject backup.Ref) []backup.Finding {
	if run.EmptyData.Objects == 0 {
		return nil
	}
	found := problem("BK-R143", backup.SeverityCause, subject, fmt.Sprintf("%d of %s have zero bytes", run.EmptyData.Objects, counted(run.Data.Objects, "data file")))
	found.Proof = []backup.Proof{dataProof(a, run)}
	return one(found)
}

func judgeCheckpoints(a *backup.Archive, run *backup.ArchiveRun, subject backup.Ref) []backup.Finding {
	if run.Checkpoints.Objects == 0 || run.Mode == "log" {
		return nil
	}
	found := problem("BK-R144", backup.SeverityInfo, subject, "left over of a run: "+counted(run.Checkpoints.Objects, "checkpoint file"))
	found.Proof = []backup.Proof{{Text: bytesText(run.Checkpoints.Bytes), Source: a.Place}}
	return one(found)
}

func judgeCheckpoint(ev *backup.Evidence) []backup.Finding {
	a := ev.Archive
	if a == nil || a.Listing != backup.Found || a.Run == nil || a.Run.Mode != "log" || len(a.Run.Unread) > 0 {
		return nil
	}
	if a.Run.CheckpointAt == nil {
		found := problem("BK-R145", backup.SeverityCause, archiveSubject(ev), "the log backup has no checkpoint: a restore to a point in time has no end that is known")
		found.Proof = []backup.Proof{dataProof(a, a.Run)}
		return one(found)
	}
	stopped := ev.Object.Phase.Terminal() // its checkpoint stays where it is
	behind := ev.At.Sub(*a.Run.CheckpointAt)
	proof := backup.Proof{Text: "v1/global_checkpoint", Source: a.Place, At: a.Run.CheckpointAt}
	if stopped || behind <= checkpointLag {
		return one(fine("BK-R145", archiveSubject(ev), "a restore can reach "+a.Run.CheckpointAt.UTC().Format(time.RFC3339), proof))
	}
	found := problem("BK-R145", backup.SeverityWarning, archiveSubject(ev), fmt.Sprintf("the log backup is %s behind", span(behind)))
	found.Proof = []backup.Proof{proof}
	return one(found)
}

func judgeUnreadMarkers(_ *backup.Archive, run *backup.ArchiveRun, subject backup.Ref) []backup.Finding {
	if len(run.Unread) == 0 {
		return nil
	}
	return one(unknown("BK-R146", subject, counted(int64(len(run.Unread)), "marker")+" could not be read: "+gist(strings.Join(run.Unread, "; "))))
}

func judgeRecordedSize(ev *backup.Evidence) []backup.Finding {
	run, recorded := ev.Archive.Run, ev.Object.SizeBytes
	if run == nil || run.Mode == "log" || run.Mode == "volume-snapshot" || recorded == nil || run.Complete == nil || run.Data.Objects == 0 {
		return nil // what lies there is none of it, or a problem of its own
	}
	stored := run.Complete.Bytes + run.Meta.Bytes + run.Data.Bytes
	if stored >= *recorded {
		return nil
	}
	found := problem("BK-R147", backup.SeverityCause, archiveSubject(ev), fmt.Sprintf("%s of %s are there", bytesText(stored), bytesText(*recorded)))
	found.Proof = []backup.Proof{dataProof(ev.Archive, run), {Text: fmt.Sprintf("it wrote %d B", *recorded), Source: "the object in the cluster"}}
	return one(found)
}
