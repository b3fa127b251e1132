package diagnose

const drillSource = "the Restore, its files in the bucket, and the objects in the namespaces of the drill"

// drillEntries are in the order in which a drill goes: the restore, the objects, the
// volumes, what runs.
func drillEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-D101", Title: "the restore of a drill",
			Explain: "The restore that a drill makes has to end as Completed, with its data. Errors and failures of it are what a restore in need would end with.",
			Why:     "Velero ends a restore with errors as PartiallyFailed and goes on with the rest; one that did not end within --timeout says nothing either way.",
			Fix:     "The errors name the objects. 'kubectl backup drill … --keep' leaves the Restore for 'kubectl backup logs'; a larger --timeout gives it more time.",
			Danger:  "none",
			Source:  drillSource,
		}, onDrill(judgeDrillRestore)},
		{Code{
			Code: "BK-D102", Title: "objects of the backup that were not restored",
			Explain: "Each object of the chosen namespaces is looked for by its name. What controllers make by themselves, what had ended, and the kinds that a drill leaves out need not be there.",
			Why:     "The server refused it, its kind is not served here, a plugin left it out, or the backup does not hold it.",
			Fix:     "The warnings and errors of the restore tell of it; with --keep its log can be read.",
			Danger:  "none",
			Source:  drillSource,
		}, onDrill(judgeDrillObjects)},
		{Code{
			Code: "BK-D103", Title: "claims of the backup that are not bound, or smaller",
			Explain: "Each claim has to be bound to a volume at least as large as the one in the backup.",
			Why:     "The storage class or its provisioner is missing, the quota or the storage is exhausted, or the snapshot is gone.",
			Fix:     "'kubectl describe pvc' in a drill with --keep says what the provisioner waits for.",
			Danger:  "none",
			Source:  drillSource,
		}, onDrill(judgeDrillClaims)},
		{Code{
			Code: "BK-D104", Title: "volumes without their data",
			Explain: "A volume whose data is not in the backup comes back empty, however well everything else starts.",
			Why:     "Nothing copied it: neither a snapshot nor the file system backup took it in.",
			Fix:     "'kubectl backup verify' says why of each volume; 'kubectl backup create backup' tells it before.",
			Danger:  "a restore in need would begin with an empty volume",
			Source:  "the backup's volume information in the bucket",
		}, onDrill(judgeDrillData)},
		{Code{
			Code: "BK-D105", Title: "restored workloads that do not become ready",
			Explain: "Deployments, StatefulSets, DaemonSets and single pods have to become ready within --ready-timeout, if they were in the backup.",
			Why:     "An image cannot be pulled, a needed object is elsewhere (in another namespace, or without one), or the application does not start on what was restored.",
			Fix:     "The reason is that of its pod. With --keep it can be looked at; names of Services with the old namespace in settings are a common one.",
			Danger:  "none",
			Source:  drillSource,
		}, onDrill(judgeDrillWorkloads)},
	}
}
