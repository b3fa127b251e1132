package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

func placeEntries() []entry {
	const source = "a listing of the place with the object's own endpoint and credentials, five requests at most"
	const noDanger = "none by looking; nothing is ever written to the storage"
	return []entry{
		{Code{
			Code: "BK-S310", Title: "the place in the storage is empty",
			Explain: "A complete, successful listing saw no object, no old version and no open upload, and the bucket itself answered.",
			Why:     "The backup never wrote, or its data is already erased.",
			Fix:     "Nothing needs to be done. If data is expected here, compare endpoint, bucket and prefix.",
			Danger:  noDanger, Source: source,
		}, judgePlace(isClass(backup.VerdictEmpty), sayEmpty)},
		{Code{
			Code: "BK-S311", Title: "the place holds only leftovers",
			Explain: "Only what the system's profile names as lock, marker or checkpoint lies there, or delete markers and open uploads. None of it is data.",
			Why:     "A run that failed early leaves its lock and its checkpoints behind.",
			Fix:     "The owner's clean-up erases it; left alone it does no harm.",
			Danger:  noDanger, Source: source,
		}, judgePlace(isClass(backup.VerdictResidue), sayResidue)},
		{Code{
			Code: "BK-S312", Title: "the place may hold old versions",
			Explain: "A plain listing shows nothing, but the bucket keeps old versions, or whether it does could not be listed.",
			Why:     "Versioning is on, and deleted objects live on as old versions until a lifecycle rule removes them.",
			Fix:     "Look at the old versions on the side of the storage, and grant s3:ListBucketVersions for an answer from here.",
			Danger:  "Old versions are the last way back to data that was erased by mistake.", Source: source,
		}, judgePlace(isClass(backup.VerdictHidden), sayHidden)},
		{Code{
			Code: "BK-S313", Title: "the place holds a part of a backup",
			Explain: "Data lies there without the marker that a finished backup has. It cannot be restored from as it is.",
			Why:     "The run failed after it began to write, still runs, or something else shares the prefix.",
			Fix:     "Let the owner's clean-up erase it if nobody needs it.",
			Danger:  "An erasing way out erases all of it, also what others wrote there.", Source: source,
		}, judgePlace(isClass(backup.VerdictPartial), sayPartial)},
		{Code{
			Code: "BK-S314", Title: "the place holds a complete backup",
			Explain: "Data and the marker of a finished backup lie there.",
			Why:     "The run wrote to the end, whatever the phase of the object says.",
			Fix:     "Before the object goes, decide whether the data shall stay (release) or go (clean-up).",
			Danger:  "A clean-up erases the backup for good.", Source: source,
		}, judgePlace(isClass(backup.VerdictComplete), sayComplete)},
		{Code{
			Code: "BK-S315", Title: "the place holds data",
			Explain: "Objects lie there whose layout no profile knows. They count as data.",
			Why:     "The system keeps its own format, or several backups share a repository.",
			Fix:     "Use the system's own tools to see what the objects are.",
			Danger:  "An erasing way out erases all of it.", Source: source,
		}, judgePlace(isClass(backup.VerdictData), sayData)},
		{Code{
			Code: "BK-S316", Title: "the bucket does not exist, as seen from here",
			Explain: "The endpoint answered a request of this tool that it has no such bucket.",
			Why:     "The bucket was removed, its name is wrong, or the endpoint is that of another storage.",
			Fix:     "Compare endpoint and bucket with those of a backup that works.",
			Danger:  "A bucket that is missing at the wrong storage says nothing about the data.", Source: source,
		}, judgePlace(isClass(backup.VerdictBucketMissing), sayBucketMissing)},
		{Code{
			Code: "BK-S317", Title: "what lies at the place is not known",
			Explain: "The place could not be listed to the end. Not known is never taken for empty.",
			Why:     "The endpoint does not answer from here, the credentials cannot be used from outside, the rights do not suffice, or the place is not an object store.",
			Fix:     "Name another endpoint, region or credentials with --storage-endpoint, --storage-region, --storage-credentials, or a proxy with --storage-proxy.",
			Danger:  "An overridden endpoint can show an empty place that is not the backup's own.", Source: source,
		}, judgePlace(func(v backup.StorageVerdict) bool {
			return v.Class == backup.VerdictUnknown && v.Reason != backup.ReasonSnapshots && v.Reason != backup.ReasonRecordSays
		}, sayUnknown)},
		{Code{
			Code: "BK-S318", Title: "a writer is at work at the place",
			Explain: "A lock lies there that is younger than the time within which a running writer refreshes it.",
			Why:     "A run is still writing, or one ended a few minutes ago without removing its lock.",
			Fix:     "Wait for longer than the lock's lifetime and look again.",
			Danger:  "Erasing under a running writer leaves data that nobody counts.",
			Source:  "the newest lock object; pingcap/tidb br/pkg/checkpoint (lock lifetime 5 minutes)",
		}, judgePlace(func(v backup.StorageVerdict) bool { return v.FreshLock != "" }, sayFreshLock)},
		{Code{
			Code: "BK-S319", Title: "the place looks empty, but the object says that it wrote",
			Explain: "The object's own record shows that bytes were written, and the listing shows none. One of the two is about another place.",
			Why:     "The data was erased outside the cluster, endpoint, bucket or prefix were changed after the run, or the listing went to another storage of the same name.",
			Fix:     "Compare the place with the path that the run recorded, and look there.",
			Danger:  "Taking this for empty may orphan a whole backup.", Source: source + "; the record of writing in the object's status",
		}, judgePlace(func(v backup.StorageVerdict) bool {
			return v.Class == backup.VerdictUnknown && v.Reason == backup.ReasonRecordSays
		}, sayContradiction)},
	}
}

func snapshotEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-V901", Title: "the data lies in snapshots of the cloud",
			Explain: "The backup is a set of volume snapshots at the cloud provider. No listing of a bucket shows them, so nothing seen in the bucket says that they are gone.",
			Why:     "The backup's mode takes snapshots of volumes instead of copying data.",
			Fix:     "Look for the snapshots with the cloud's own tools before the object goes.",
			Danger:  "Snapshots without an object that points at them cost money, and are easily deleted by whoever finds them.",
			Source:  "the mode of the backup; pingcap/tidb-operator@v1.6.0 cmd/backup-manager/app/clean",
		}, judgeSnapshots},
	}
}

func judgeSnapshots(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, loc := range ev.Object.Locations {
		if loc.Provider != backup.ProviderSnapshots {
			continue
		}
		found := unknown("BK-V901", ev.Object.Ref, "the data lies in volume snapshots of the cloud, which nobody listed")
		found.Explain = "An empty bucket does not mean that they are gone."
		if ev.Object.System == tidbOperator {
			found.Explain += " If the clean-up cannot read backupmeta it reports success and leaves the snapshots."
		}
		all = append(all, found)
	}
	return all
}
