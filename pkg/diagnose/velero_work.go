package diagnose

func veleroRestoreCodes() []Code {
	return []Code{
		{
			Code: "BK-E121", Title: "the image of the restore helper cannot be pulled",
			Explain: "Files of volumes are restored into a pod that an init container of Velero's holds back until they are there. Its image cannot be pulled, so the restore waits until it times out.",
			Why:     "The cluster has no way to the registry, such as without internet access, or the restored namespace lacks the pull secret.",
			Fix:     "Give the init container of the waiting pods an image that can be pulled, and for later restores make the ConfigMap that names it; the finding has both. Restores that run do not pick the ConfigMap up.",
			Danger:  "none",
			Source:  "vmware-tanzu/velero@v1.18.3 pkg/restore/actions/pod_volume_restore_action.go; site/content/docs/main/file-system-backup.md",
		},
		{
			Code: "BK-E122", Title: "a hook of the restore waits without a limit",
			Explain: "A hook that runs after the restore waits until its container runs. Without a wait-timeout there is no end of that, and the restore does not end before.",
			Why:     "The pod of the hook cannot start, and neither the hook nor the pod's annotation says how long to wait.",
			Fix:     "Let the pod start, or delete it; set post.hook.restore.velero.io/wait-timeout, or waitTimeout in the hook, for later restores.",
			Danger:  "A deleted pod that nobody makes again is gone.",
			Source:  veleroHooks + "/wait_exec_hook_handler.go maxHookWait",
		},
		{
			Code: "BK-E123", Title: "the restore waits for a namespace that is being deleted",
			Explain: "Nothing can be made in a namespace that is being deleted. Velero waits for its end, ten minutes unless the server was told otherwise, and goes on without it.",
			Why:     "The namespace was deleted right before the restore, and something in it holds its deletion.",
			Fix:     "Free the namespace, then restore again if the time was up.",
			Danger:  "none by looking",
			Source:  "vmware-tanzu/velero@v1.18.3 pkg/util/kube/utils.go EnsureNamespaceExistsAndIsReady",
		},
		{
			Code: "BK-E124", Title: "a restored claim names a StorageClass that does not exist",
			Explain: "The claim stays Pending, its pod cannot start, and what waits for the pod waits too.",
			Why:     "The cluster is another one than that of the backup, or the class was renamed.",
			Fix:     "Make the StorageClass, or map it with a ConfigMap (velero.io/change-storage-class) before the restore; e-backup has spec.storageClassMapping.",
			Danger:  "none",
			Source:  "status of the restored claims; StorageClasses",
		},
	}
}

func veleroVolumeCodes() []Code {
	return []Code{
		{
			Code: "BK-E132", Title: "a repository of files is not ready",
			Explain: "The files of volumes lie in one repository for each namespace and location. While it is not ready nothing is copied into it, restored from it or deleted there.",
			Why:     "The location changed, its password changed, the bucket does not answer, or a lock was left behind.",
			Fix:     "Repair what its message names; the server tries again every few minutes.",
			Danger:  "none by looking",
			Source:  veleroControllers + "/backup_repository_controller.go",
		},
		{
			Code: "BK-E141", Title: "a hook freezes a filesystem, and none thaws it",
			Explain: "A frozen filesystem takes no writes: the application hangs with it. A hook before the backup freezes it, and no hook after the backup thaws it.",
			Why:     "The hook after the backup was forgotten or has another command.",
			Fix:     "Thaw it with the command of the finding, and add the hook after the backup.",
			Danger:  "none: what is not frozen answers with an error",
			Source:  veleroHooks + "/item_hook_handler.go; spec.hooks and annotations of the pods",
		},
		{
			Code: "BK-E142", Title: "a filesystem may still be frozen",
			Explain: "A hook froze it, and the hook that thaws it failed or never ran, since the backup ended in between.",
			Why:     "The server ended, the pod did not answer, or the command failed.",
			Fix:     "Thaw it with the command of the finding.",
			Danger:  "none: what is not frozen answers with an error",
			Source:  veleroHooks,
		},
		{
			Code: "BK-E143", Title: "hooks failed",
			Explain: "Some of the commands that ought to run in pods around the backup failed or could not be run.",
			Why:     "The container has no such command, it took longer than its timeout, or the pod did not run.",
			Fix:     "Look at the lines of the hooks in the log.",
			Danger:  "none",
			Source:  "status.hookStatus",
		},
		{
			Code: "BK-E151", Title: "a volume was never in the backup",
			Explain: "Nothing in the cluster says that the data of the volume was copied. Velero takes the files of a volume only if the pod names it in an annotation or the backup takes all, and skips the volumes of pods that do not run without an error.",
			Why:     "No annotation backup.velero.io/backup-volumes, no default, an exclusion, or a pod that did not run.",
			Fix:     "Annotate the pod or set spec.defaultVolumesToFsBackup, and make a new backup. `kubectl backup verify` says what the bucket holds.",
			Danger:  "A restore from this backup brings the claim back empty.",
			Source:  "vmware-tanzu/velero@v1.18.3 pkg/podvolume; the works of the backup",
		},
		{
			Code: "BK-E161", Title: "an upload of the vSphere plugin fails",
			Explain: "The plugin uploads volumes after Velero's backup has ended. One of them fails or was given up, of which Velero knows nothing.",
			Why:     "The data manager cannot reach the hosts or the bucket, or ran out of retries.",
			Fix:     "Repair what its message names; until it gives up the plugin tries again by itself.",
			Danger:  "The volume cannot be restored from this backup.",
			Source:  "vmware-tanzu/velero-plugin-for-vsphere@v1.7.0 pkg/apis/datamover",
		},
		{
			Code: "BK-E171", Title: "a CSI snapshot fails",
			Explain: "The driver reports an error for a snapshot of the backup. Velero waits for it until the timeout.",
			Why:     "No VolumeSnapshotClass fits, the storage refused it, or a quota is used up.",
			Fix:     "Repair what the error names, then make a new backup.",
			Danger:  "none by looking",
			Source:  "status.error of VolumeSnapshot and VolumeSnapshotContent",
		},
	}
}

func veleroScheduleCodes() []Code {
	const source = veleroControllers + "/schedule_controller.go"
	return []Code{
		{
			Code: "BK-E181", Title: "the schedule is late",
			Explain: "By its own cron expression it should have made a backup, and it has not.",
			Why:     "The server is down, an earlier backup of it has not ended, or the schedule was paused meanwhile.",
			Fix:     "See whether the server runs and whether an earlier backup hangs.",
			Danger:  "none",
			Source:  source,
		},
		{
			Code: "BK-E182", Title: "the schedule is paused",
			Explain: "It makes no backups until somebody lets it go on.",
			Why:     "Somebody set spec.paused.",
			Fix:     "Let it go on if nobody needs the pause any more.",
			Danger:  "It then makes a backup at once if one is due.",
			Source:  "spec.paused",
		},
		{
			Code: "BK-E183", Title: "Velero does not accept the schedule",
			Explain: "The cron expression or the template did not pass the validation, so that no backup is made.",
			Why:     "The errors of the validation say so.",
			Fix:     "Repair what they name.",
			Danger:  "none",
			Source:  "status.validationErrors; " + source,
		},
		{
			Code: "BK-E184", Title: "the last backup of the schedule failed",
			Explain: "The schedule works, but what it made last is not complete.",
			Why:     "The backup says why.",
			Fix:     "Diagnose the backup.",
			Danger:  "Without a good backup the older ones expire.",
			Source:  "backups with the label velero.io/schedule-name",
		},
		{
			Code: "BK-E185", Title: "no day fits the schedule",
			Explain: "Its cron expression names a day that no year has. Velero takes such a schedule as due whenever it looks, which is each minute.",
			Why:     "Day and month do not go together, such as the 30th of February.",
			Fix:     "Pause the schedule, then correct spec.schedule.",
			Danger:  "Each backup takes room in the storage until it expires.",
			Source:  source + "; robfig/cron/v3@v3.0.1 spec.go: no time within five years is the zero time",
		},
	}
}
