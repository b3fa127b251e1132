package compose

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/tidb"
)

// tidbRestoreRules are what TiDB Operator wants of a Restore beside the schema: it
// would make the object Invalid, or try again for ever (pingcap/tidb-operator@v1.6.0
// pkg/backup/util/utils.go ValidateRestore, pkg/backup/restore/restore_manager.go).
type tidbRestoreRules struct {
	spec   map[string]any
	faults []Fault
}

// tidbRestoreRefused are the fields of a Restore that the operator would refuse.
func tidbRestoreRefused(object map[string]any) []Fault {
	r := tidbRestoreRules{spec: specOf(object)}
	name, _ := Get(object, "metadata.name").(string)
	if job := "restore-" + name; len(job) > labelLength {
		r.faults = append(r.faults, Fault{"metadata.name", fmt.Sprintf("has %d characters, and with more than %d no pod can be made: the Job is called %s, and its name is the value of a label", len(name), labelLength-len("restore-"), job)})
	}
	switch {
	case r.spec["br"] != nil:
		r.br()
	case r.text("restoreMode") != restorePITR:
		r.lightning()
	}
	r.pointInTime()
	if text := r.text("tikvGCLifeTime"); text != "" {
		if _, err := time.ParseDuration(text); err != nil {
			r.fault("tikvGCLifeTime", fmt.Sprintf("%q is no duration such as 72h", text))
		}
	}
	return r.faults
}

func (r *tidbRestoreRules) fault(field, text string) {
	r.faults = append(r.faults, Fault{"spec." + field, text})
}

func (r *tidbRestoreRules) text(field string) string {
	text, _ := Get(r.spec, field).(string)
	return text
}

// flag names a field as it is typed.
func (r *tidbRestoreRules) flag(field string) string {
	return FlagAt("spec."+field, TiDB, backup.RoleRestore)
}

// wants is a field that may not be empty.
func (r *tidbRestoreRules) wants(field, why string) {
	if r.text(field) == "" {
		r.fault(field, why+"; "+r.flag(field)+" sets it")
	}
}

func (r *tidbRestoreRules) br() {
	r.wants("br.cluster", "BR wants a TidbCluster to restore into")
	switch kind := r.text("backupType"); kind {
	case "", "full":
	case "db", "table":
		r.wants("br.db", "a restore of type "+kind+" wants a database")
		if kind == "table" {
			r.wants("br.table", "a restore of type table wants a table")
		}
	default:
		r.fault("backupType", fmt.Sprintf("%s is not one of full, db, table", kind))
	}
	r.place("", "spec")
}

// place is where BR reads: the first storage that is set.
func (r *tidbRestoreRules) place(at, where string) {
	storage := r.storage(where)
	switch storage {
	case "":
		r.fault(at+"s3", "nothing says where the backup lies; --from-backup takes that of a Backup, and "+r.flag(at+"s3.bucket")+" sets it")
	case "s3":
		r.bucket(at + "s3.bucket")
		r.endpoint(at + "s3.endpoint")
	case "gcs":
		r.bucket(at + "gcs.bucket")
	case "azblob":
		r.bucket(at + "azblob.container")
	case "local":
		r.local(at + "local.")
	}
}

// storage is the section at a path that says where data lies.
func (r *tidbRestoreRules) storage(at string) string {
	section, _ := Get(map[string]any{"spec": r.spec}, at).(map[string]any)
	return storageOf(section)
}

func (r *tidbRestoreRules) bucket(field string) { r.wants(field, "BR wants it") }

func (r *tidbRestoreRules) endpoint(field string) {
	text := r.text(field)
	if text == "" {
		return
	}
	switch u, err := url.Parse(text); {
	case err != nil, !strings.Contains(text, "://"):
		r.fault(field, "has no scheme, and BR wants one, as https://s3.example.com")
	case u.Host == "":
		r.fault(field, "names no host")
	}
}

func (r *tidbRestoreRules) local(at string) {
	mount := r.text(at + "volumeMount.mountPath")
	switch {
	case r.text(at+"volumeMount.name") != r.text(at+"volume.name"):
		r.fault(at+"volumeMount.name", "is not the name of the volume")
	case mount == "":
		r.fault(at+"volumeMount.mountPath", "BR wants it")
	case strings.Contains(mount, ":"):
		r.fault(at+"volumeMount.mountPath", "has a colon, which BR cannot read")
	}
}

// pointInTime: the log goes on from a full backup, or from a time at which the cluster
// has that already.
func (r *tidbRestoreRules) pointInTime() {
	full, start := r.storage(fullStorage) != "", r.text("logRestoreStartTs")
	if r.text("restoreMode") != restorePITR {
		for _, field := range []string{"pitrRestoredTs", "logRestoreStartTs"} {
			if r.text(field) != "" {
				r.fault(field, "is read only in mode pitr; "+r.flag("restoreMode")+"=pitr or --log-backup set that")
			}
		}
		if full {
			r.fault("pitrFullBackupStorageProvider", "is read only in mode pitr; "+r.flag("restoreMode")+"=pitr or --log-backup set that")
		}
		return
	}
	switch {
	case r.spec["br"] == nil:
		r.fault("restoreMode", "a restore to a point in time is made by BR, and spec.br is not set; "+r.flag("br.cluster")+" sets it")
	case full && start != "":
		r.fault("logRestoreStartTs", "does not go with a full backup: the log is restored after it or alone")
	case !full && start == "":
		r.fault("pitrFullBackupStorageProvider", "nothing says where the full backup lies; --from-backup names one, or "+r.flag("logRestoreStartTs")+" restores the log alone")
	case full:
		r.place("pitrFullBackupStorageProvider.", fullStorage)
	}
	r.timestamp("pitrRestoredTs")
	r.timestamp("logRestoreStartTs")
}

func (r *tidbRestoreRules) timestamp(field string) {
	text := r.text(field)
	if text == "" {
		return
	}
	if _, err := tidb.ParseTimestamp(text); err != nil {
		r.fault(field, err.Error())
	}
}

// lightning restores a dump of one file from S3 or GCS (GetBackupDataPath).
func (r *tidbRestoreRules) lightning() {
	if r.spec["to"] == nil {
		r.fault("br.cluster", "neither a TidbCluster for BR nor a host for Lightning is named: "+r.flag("br.cluster")+", or "+r.flag("to.host")+" with "+r.flag("to.secretName"))
		return
	}
	r.wants("to.host", "Lightning wants the host of TiDB")
	r.wants("to.secretName", "Lightning wants the Secret with the password of TiDB")
	r.wants("storageSize", "Lightning unpacks the dump in a volume of that size")
	switch storage := r.storage("spec"); storage {
	case "s3", "gcs":
		if r.text(storage+".path") == "" {
			r.fault(storage+".path", "Lightning reads one file, as s3://bucket/prefix/backup-2026-11-21T10:00:00Z.tgz; --set spec."+storage+".path=… names it")
		}
	default:
		r.fault("s3", "Lightning reads a dump from s3 or gcs, and neither is set")
	}
}
