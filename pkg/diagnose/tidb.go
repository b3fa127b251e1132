package diagnose

// tidbEntries are the codes that the checks of TiDB Operator's profile raise. What
// each looks at is in the profile tidb-operator.
func tidbEntries() []entry {
	const source = "pingcap/tidb-operator@v1.6.1 pkg/backup/backupschedule/backup_schedule_manager.go"
	return []entry{
		checkedBy(Code{
			Code: "BK-T101", Title: "the last backup keeps the schedule from making another one",
			Explain: "TiDB Operator makes the next backup of a schedule only after the last one is Complete, or was Scheduled and Failed. This one is neither and will not become it by itself, so that the schedule makes no backups any more, in silence.",
			Why:     "The last backup is Invalid, is tried again for ever, never began, or hangs in its deletion.",
			Fix:     "Repair what keeps it from ending, or delete it: without it the schedule goes on.",
			Danger:  "Until then there are no new backups. What a deleted one stored goes or stays as its spec.cleanPolicy says.",
			Source:  source + " canPerformNextBackup",
		}),
		checkedBy(Code{
			Code: "BK-T102", Title: "the TiDB schedule is late",
			Explain: "By its own cron expression it should have made a backup, and it has not.",
			Why:     "The operator is down or does not watch the namespace, an earlier backup of it has not ended, or the expression is read in another time zone.",
			Fix:     "See whether the operator runs and whether an earlier backup hangs.",
			Danger:  "none",
			Source:  source + " getLastScheduledTime",
		}),
	}
}
