package diagnose

// veleroPrefix begins the codes about Velero.
const veleroPrefix = "BK-E1"

// The sources of what is known about Velero.
const (
	veleroControllers = "vmware-tanzu/velero@v1.18.3 pkg/controller"
	veleroHooks       = "vmware-tanzu/velero@v1.18.3 internal/hook"
)

// veleroEntries are the codes that the checks of Velero's profiles raise. What
// each looks at is in the profiles velero-checks and those beside it.
func veleroEntries() []entry {
	var all []entry
	for _, codes := range [][]Code{veleroPlaceCodes(), veleroRunCodes(), veleroDeletionCodes(), veleroRestoreCodes(), veleroVolumeCodes(), veleroScheduleCodes(), veleroVersionCodes()} {
		for _, code := range codes {
			all = append(all, checkedBy(code))
		}
	}
	return all
}

func veleroPlaceCodes() []Code {
	return []Code{
		{
			Code: "BK-E101", Title: "the BackupStorageLocation is not Available",
			Explain: "Velero neither makes, deletes, expires nor restores backups at a location that is not Available. Its message says why as far as the server knows.",
			Why:     "The bucket does not answer, the credentials are wrong, or folders that are not Velero's lie at its root.",
			Fix:     "Repair what the message names; the server validates the location again by itself.",
			Danger:  "none by looking; expired backups are deleted once the location is Available again",
			Source:  veleroControllers + "/backup_storage_location_controller.go; pkg/persistence/object_store.go IsValid",
		},
		{
			Code: "BK-E102", Title: "the BackupStorageLocation is read-only",
			Explain: "Its access mode is ReadOnly, so Velero makes no backup there and refuses to delete one. Restores work.",
			Why:     "Somebody protects the backups, such as during a disaster recovery, or the location belongs to another cluster.",
			Fix:     "Set the access mode to ReadWrite if this cluster may write there.",
			Danger:  "Backups that have expired are then deleted with their data.",
			Source:  "spec.accessMode; " + veleroControllers,
		},
		{
			Code: "BK-E103", Title: "the BackupStorageLocation was not validated for a while",
			Explain: "The location reads Available, but the server has not looked at it for longer than it should. The phase may be old news.",
			Why:     "The server is down, hangs, or waits for a storage that does not answer.",
			Fix:     "See whether the server runs, and what it logs last.",
			Danger:  "none",
			Source:  "status.lastValidationTime against spec.validationFrequency",
		},
	}
}

func veleroRunCodes() []Code {
	const source = veleroControllers + "/backup_controller.go, backup_queue_controller.go; pkg/cmd/server/server.go"
	return []Code{
		{
			Code: "BK-E104", Title: "it waits for its turn behind another one",
			Explain: "The server has something else in hand and takes this one up when that has ended.",
			Why:     "A server runs one backup and one restore at a time unless it is told otherwise, and no two backups of one namespace.",
			Fix:     "Wait, or look why the other one lasts.",
			Danger:  "none",
			Source:  source,
		},
		{
			Code: "BK-E105", Title: "the backup is ready, and the server does not take it up",
			Explain: "A server that starts again does not look at a backup that was ReadyToStart before something about it changes.",
			Why:     "The server was started again at the wrong moment.",
			Fix:     "Change an annotation of the backup, or make a new one.",
			Danger:  "none",
			Source:  source,
		},
		{
			Code: "BK-E106", Title: "Velero refused to run it",
			Explain: "The specification or its location did not pass the validation; nothing was done.",
			Why:     "The location is missing, read-only or not Available, filters contradict each other, or a policy cannot be read.",
			Fix:     "Repair what is named and make a new one.",
			Danger:  "none",
			Source:  "status.validationErrors",
		},
		{
			Code: "BK-E107", Title: "the Velero server started again in the middle",
			Explain: "What a server runs is lost with it. Since 1.8 it marks this as Failed when it starts again; before, it stays InProgress for ever.",
			Why:     "The container was out of memory, its node went, or somebody restarted the Deployment.",
			Fix:     "Look why the server ended, give it memory if that was it, and make a new backup or restore.",
			Danger:  "none",
			Source:  "status.failureReason, the start of the server's container; vmware-tanzu/velero@v1.18.3 pkg/cmd/server/server.go",
		},
		{
			Code: "BK-E108", Title: "Velero says why it failed",
			Explain: "The server's own words about the failure are quoted.",
			Why:     "Whatever they say.",
			Fix:     "Repair what they name and make a new one.",
			Danger:  "none",
			Source:  "status.failureReason",
		},
	}
}

func veleroDeletionCodes() []Code {
	const source = veleroControllers + "/backup_deletion_controller.go"
	return []Code{
		{
			Code: "BK-E111", Title: "a DeleteBackupRequest ended with errors",
			Explain: "Processed says that a request was handled, not that the backup is gone: one that succeeds is deleted together with the backup. With errors the backup stays, Deleting if the deletion had begun, and nobody tries again.",
			Why:     "The location is read-only or not Available, the backup still runs, a snapshot or a repository could not be reached, or the file with its contents is damaged.",
			Fix:     "Repair what the errors name, then ask for the deletion again: `velero backup delete`.",
			Danger:  "The deletion erases the backup's data, its snapshots and its restores.",
			Source:  source + "; the manual of e-backup says the same",
		},
		{
			Code: "BK-E112", Title: "a DeleteBackupRequest hangs InProgress",
			Explain: "A server that ends while it deletes leaves its request InProgress, and no server takes it up again. After a day the request is dropped, and the backup stays Deleting.",
			Why:     "The server was restarted or ran out of memory in the middle of the deletion.",
			Fix:     "Ask for the deletion again: a new request takes the place of the old one.",
			Danger:  "The deletion erases the backup's data, its snapshots and its restores.",
			Source:  source + "; issue 10169 of velero-io/velero",
		},
		{
			Code: "BK-E113", Title: "the backup is Deleting, and no request is left",
			Explain: "The phase was set by a DeleteBackupRequest that is gone, and nothing sets it back. Nobody works on it.",
			Why:     "Requests are dropped after a day, whether they succeeded or not.",
			Fix:     "Ask for the deletion again. If its folder in the bucket is empty, `kubectl backup unstick` removes the object.",
			Danger:  "The deletion erases whatever is left of the backup.",
			Source:  source,
		},
		{
			Code: "BK-E114", Title: "the object was made again from the bucket",
			Explain: "The object is younger than the end of its backup: Velero's sync made it from the bucket. That is how a backup comes back after `kubectl delete`, which erases nothing in the bucket, and how another cluster sees it.",
			Why:     "Velero compares the objects with the bucket every minute, and makes those that are missing.",
			Fix:     "To keep the backup, do nothing. To delete it for good use `velero backup delete`, which erases the data first.",
			Danger:  "`velero backup delete` erases the data of the backup.",
			Source:  veleroControllers + "/backup_sync_controller.go; issue 375 of velero-io/velero",
		},
		{
			Code: "BK-E115", Title: "a Restore of the backup does not go",
			Explain: "With a backup its restores are deleted, and one of them hangs on its own finalizer.",
			Why:     "Its files in the bucket could not be erased.",
			Fix:     "Diagnose the Restore; what frees it frees the backup.",
			Danger:  "none by looking",
			Source:  source,
		},
		{
			Code: "BK-E186", Title: "the backup expired and is still there",
			Explain: "Velero looks for expired backups every hour. This one has not gone: the label velero.io/gc-failure says why, or there is none because the location is not Available.",
			Why:     "The location is gone, read-only or not Available, the server is down, or the deletion failed.",
			Fix:     "Repair the location; Velero deletes what has expired by itself.",
			Danger:  "What has expired is then deleted with its data.",
			Source:  veleroControllers + "/gc_controller.go",
		},
	}
}
