package compose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// tidbBackupFields are those of TiDB Operator's Backup
// (pingcap/tidb-operator@v1.6.1 pkg/apis/pingcap/v1alpha1/types.go BackupSpec). The
// operator has no command of its own, so that the flags are named after the fields.
func tidbBackupFields() []Field {
	field := func(flag, path string, kind Kind, usage string) Field {
		return Field{Flag: flag, Path: path, Kind: kind, Usage: usage, Systems: []string{TiDB}, Roles: []backup.Role{backup.RoleBackup}}
	}
	words := func(f Field, only ...string) Field {
		f.Only = only
		return f
	}
	fields := []Field{
		field("tidb-cluster", "spec.br.cluster", Text, "TiDB: the TidbCluster that BR backs up. Without it Dumpling exports from --tidb-host."),
		field("tidb-cluster-namespace", "spec.br.clusterNamespace", Text, "TiDB: the namespace of the TidbCluster, if it is not that of the object."),
		words(field("mode", "spec.backupMode", Text, "TiDB: snapshot, log (writes every change until 'cancel' stops it) or volume-snapshot; snapshot if not set."), "snapshot", "log", "volume-snapshot"),
		words(field("type", "spec.backupType", Text, "TiDB: what of a cluster BR saves: full, db or table; full if not set."), "full", "db", "table"),
		field("db", "spec.br.db", Text, "TiDB: the database, for --type db and table."),
		field("table", "spec.br.table", Text, "TiDB: the table, for --type table."),
		field("table-filter", "spec.tableFilter", List, "TiDB: which tables, as '*.*' and '!mysql.*'."),
		words(field("clean-policy", "spec.cleanPolicy", Text, "TiDB: what becomes of the data when the Backup is deleted: Retain keeps it, Delete erases it, OnFailure erases that of a failed one. Retain if not set."), "Retain", "OnFailure", "Delete"),
		field("commit-ts", "spec.commitTs", Text, "TiDB: the time of the snapshot or of the log's beginning, as a TSO or '2026-11-21 09:00:00'; now if not set."),
		field("log-stop", "spec.logStop", Switch, "TiDB: whether a log backup is stopped; to stop one that runs take 'cancel'."),
		field("log-truncate-until", "spec.logTruncateUntil", Text, "TiDB: the time until which a log backup is truncated."),
		field("rate-limit", "spec.br.rateLimit", Number, "TiDB: how many MB/s BR reads from each node at most."),
		field("concurrency", "spec.br.concurrency", Number, "TiDB: how many threads BR has on each node."),
		field("checksum", "spec.br.checksum", Switch, "TiDB: whether BR compares checksums at the end."),
		field("br-options", "spec.br.options", List, "TiDB: further options of BR, as --ddl-batch-size=128."),
		field("calc-size-level", "spec.calcSizeLevel", Text, "TiDB: how the size of volume snapshots is found out, such as all, full or incremental."),
		field("tidb-host", "spec.from.host", Text, "TiDB: the address of TiDB, from which Dumpling exports."),
		field("tidb-port", "spec.from.port", Number, "TiDB: its port; 4000 if not set."),
		field("tidb-user", "spec.from.user", Text, "TiDB: the user; root if not set."),
		field("tidb-secret", "spec.from.secretName", Text, "TiDB: the Secret whose key password has the user's password."),
		field("dumpling-options", "spec.dumpling.options", List, "TiDB: further options of Dumpling, as --threads=16."),
		field("storage-size", "spec.storageSize", Text, "TiDB: the size of the volume that Dumpling writes to before it uploads, as 100Gi."),
		field("storage-class", "spec.storageClassName", Text, "TiDB: the storage class of that volume."),
		field("service-account", "spec.serviceAccount", Text, "TiDB: the ServiceAccount of the Job; tidb-backup-manager if not set."),
		field("tool-image", "spec.toolImage", Text, "TiDB: the image of BR or Dumpling, as pingcap/br:v8.5.0; by the cluster's version if not set."),
		field("labels", "metadata.labels", Map, "Labels of the object."),
		field("annotations", "metadata.annotations", Map, "Annotations of the object."),
	}
	return append(fields, tidbStorageFields("spec", "", backup.RoleBackup)...)
}

// tidbTemplate is where a BackupSchedule has the spec of its backups.
const tidbTemplate = "spec.backupTemplate"

// tidbScheduleFields are those of TiDB Operator's BackupSchedule: its own, and those
// of the backups that it makes.
func tidbScheduleFields() []Field {
	roles := []backup.Role{backup.RoleSchedule}
	field := func(flag, path string, kind Kind, usage string) Field {
		return Field{Flag: flag, Path: path, Kind: kind, Usage: usage, Systems: []string{TiDB}, Roles: roles}
	}
	fields := []Field{
		field("schedule", "spec.schedule", Text, "When backups are made: five fields of cron, or '@every 6h'."),
		field("paused", "spec.pause", Switch, "Whether it makes no backups until it is resumed."),
		field("max-backups", "spec.maxBackups", Number, "TiDB: how many backups are kept; older ones are deleted as --clean-policy says."),
		field("max-reserved-time", "spec.maxReservedTime", Duration, "TiDB: how long backups are kept, such as 30d or 72h; then --max-backups is not read."),
		field("log-backup-file", "spec.logBackupTemplate", File, "TiDB: a YAML file with the log backup that runs beside, as in spec.logBackupTemplate."),
	}
	for _, f := range tidbBackupFields() {
		if below, ok := strings.CutPrefix(f.Path, "spec"); ok {
			f.Path = tidbTemplate + below
		}
		f.Roles = roles
		fields = append(fields, f)
	}
	return fields
}

// Endless tells whether a new backup runs until somebody stops it, as a log backup does.
func Endless(object map[string]any, system string) bool {
	return system == TiDB && Get(object, "spec.backupMode") == "log"
}
