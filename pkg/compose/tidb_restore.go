package compose

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// The words of spec.restoreMode.
const (
	restoreSnapshot = "snapshot"
	restorePITR     = "pitr"
	restoreVolumes  = "volume-snapshot"
)

// fullStorage is where the Restore of a log says that the full backup lies.
const fullStorage = "spec.pitrFullBackupStorageProvider"

// tidbRestoreFields are those of TiDB Operator's Restore: with BR, to a point in time,
// or of a dump with TiDB Lightning (pingcap/tidb-operator@v1.6.0
// pkg/apis/pingcap/v1alpha1/types.go RestoreSpec). The flags are those of a backup where they mean the same.
func tidbRestoreFields() []Field {
	roles := []backup.Role{backup.RoleRestore}
	field := func(flag, path string, kind Kind, usage string) Field {
		return Field{Flag: flag, Path: path, Kind: kind, Usage: "TiDB: " + usage, Systems: []string{TiDB}, Roles: roles}
	}
	mode := field("mode", "spec.restoreMode", Text, "what is restored; pitr where a log backup is named, else snapshot.")
	mode.Only = []string{restoreSnapshot, restorePITR, restoreVolumes}
	whole := field("type", "spec.backupType", Text, "how much is restored: full, db or table.")
	whole.Only = []string{"full", "db", "table"}
	fields := []Field{
		field("from-backup", "", Text, "the Backup to restore, whose storage and settings are taken."),
		field("log-backup", "", Text, "the log Backup that goes on from --from-backup, for a restore to a point in time."),
		field("restored-ts", "spec.pitrRestoredTs", Text, "the point in time, as 2026-11-21T10:00:00Z or a timestamp of TiDB; the end of the log if not set."),
		field("log-restore-start-ts", "spec.logRestoreStartTs", Text, "restore the log alone from this point in time, into a cluster that has the full backup already."),
		mode, whole,
		field("tidb-cluster", "spec.br.cluster", Text, "the TidbCluster to restore into; the one of the backup if not set."),
		field("tidb-cluster-namespace", "spec.br.clusterNamespace", Text, "the namespace of the TidbCluster."),
		field("db", "spec.br.db", Text, "the database to restore, with --type db or table."),
		field("table", "spec.br.table", Text, "the table to restore, with --type table."),
		field("table-filter", "spec.tableFilter", List, "the tables to restore, as 'shop.*' or '!shop.log'."),
		field("concurrency", "spec.br.concurrency", Number, "how many files BR restores at the same time."),
		field("rate-limit", "spec.br.rateLimit", Number, "how many MB per second each TiKV node restores at most."),
		field("checksum", "spec.br.checksum", Switch, "whether BR compares checksums at the end."),
		field("check-requirements", "spec.br.checkRequirements", Switch, "whether BR checks first that versions and storage fit."),
		field("send-credentials-to-tikv", "spec.br.sendCredToTikv", Switch, "whether BR hands the keys of the storage to the TiKV nodes."),
		field("br-options", "spec.br.options", List, "other arguments of BR, as --with-sys-table=false."),
		field("tidb-host", "spec.to.host", Text, "where Lightning writes a dump: the host of TiDB."),
		field("tidb-port", "spec.to.port", Number, "its port; 4000 if not set."),
		field("tidb-user", "spec.to.user", Text, "the user of TiDB; root if not set."),
		field("tidb-secret", "spec.to.secretName", Text, "the Secret with the user's password."),
		field("tidb-tls-secret", "spec.to.tlsClientSecretName", Text, "the Secret with the certificate of a client of TiDB."),
		field("storage-size", "spec.storageSize", Text, "how large the volume is in which Lightning unpacks the dump, as 100Gi."),
		field("storage-class", "spec.storageClassName", Text, "the storage class of that volume."),
		field("tikv-gc-life-time", "spec.tikvGCLifeTime", Text, "how long TiKV keeps old versions meanwhile, as 72h (TiDB before 4.0.8)."),
		field("tool-image", "spec.toolImage", Text, "the image of BR or Lightning."),
		field("service-account", "spec.serviceAccount", Text, "the ServiceAccount of the Job; tidb-backup-manager if not set."),
		field("labels", "metadata.labels", Map, "labels of the restore itself."),
		field("annotations", "metadata.annotations", Map, "annotations of the restore itself."),
	}
	fields = append(fields, readingFields("spec", "", "TiDB: ", "secret", "force-path-style")...)
	return append(fields, readingFields(fullStorage, "full-backup-", "TiDB, full backup of --log-backup: ")...)
}

// readingFields are those of a place that is only read, and more of them. The keys are
// those of spec alone, with which BR reads both places (pingcap/tidb-operator@v1.6.0
// pkg/backup/restore/restore_manager.go makeRestoreJob).
func readingFields(at, prefix, whose string, more ...string) []Field {
	flags := append([]string{"bucket", "endpoint", "region", "provider", "project", "storage-account"}, more...)
	fields := tidbStorageFields(at, prefix, backup.RoleRestore)
	fields = slices.DeleteFunc(fields, func(f Field) bool { return !slices.Contains(flags, strings.TrimPrefix(f.Flag, prefix)) })
	for i := range fields {
		fields[i].Usage = whose + strings.TrimPrefix(fields[i].Usage, "TiDB: ")
	}
	return fields
}
