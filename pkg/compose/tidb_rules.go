package compose

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// tidbRules are what TiDB Operator wants of the spec of a backup, beside the schema:
// it makes one that breaks them Invalid (pingcap/tidb-operator@v1.6.0
// pkg/backup/util/util.go ValidateBackup), or lets it wait for ever.
type tidbRules struct {
	role   backup.Role
	at     string // the path of the spec
	spec   map[string]any
	faults []Fault
}

// tidbRefused are the faults of a backup, of a schedule and its templates, or of a restore.
func tidbRefused(object map[string]any, role backup.Role) []Fault {
	rules := func(at, mode string) []Fault {
		r := tidbRules{role: role, at: at}
		r.spec, _ = Get(object, at).(map[string]any)
		if mode != "" && r.text("backupMode") != mode {
			r.fault("backupMode", fmt.Sprintf("has to be %s here", mode))
		}
		return r.all()
	}
	switch role {
	case backup.RoleBackup:
		return append(tidbLongName(object, "spec", ""), rules("spec", "")...)
	case backup.RoleSchedule:
		faults := append(tidbLongName(object, tidbTemplate, "-"+tidbStamp), rules(tidbTemplate, "")...)
		if Get(object, "spec.logBackupTemplate") != nil {
			faults = append(faults, rules("spec.logBackupTemplate", "log")...)
		}
		return append(faults, tidbKept(object)...)
	case backup.RoleRestore:
		return tidbRestoreRefused(object)
	}
	return nil
}

func (r *tidbRules) all() []Fault {
	r.place()
	if r.spec["br"] == nil {
		r.dumpling()
	} else {
		r.backup()
	}
	if r.text("backupMode") == "log" {
		r.log()
	}
	for _, name := range []string{"backoffRetryPolicy.minRetryDuration", "backoffRetryPolicy.retryTimeout"} {
		if text := r.text(name); text != "" {
			if _, err := time.ParseDuration(text); err != nil {
				r.fault(name, fmt.Sprintf("%q is no duration such as 300s", text))
			}
		}
	}
	return r.faults
}

func (r *tidbRules) fault(field, text string) {
	r.faults = append(r.faults, Fault{r.at + "." + field, text})
}

func (r *tidbRules) text(field string) string {
	text, _ := Get(r.spec, field).(string)
	return text
}

// flag names a field as it is typed.
func (r *tidbRules) flag(field string) string { return FlagAt(r.at+"."+field, TiDB, r.role) }

// wants faults the fields that are empty.
func (r *tidbRules) wants(why string, fields ...string) {
	for _, field := range fields {
		if r.text(field) == "" {
			r.fault(field, fmt.Sprintf("%s wants it; %s sets it", why, r.flag(field)))
		}
	}
}

// place: exactly one section says where the data lies, as its backend wants it.
func (r *tidbRules) place() {
	var set []string
	for _, storage := range tidbStorages {
		if r.spec[storage[0]] != nil {
			set = append(set, storage[0])
		}
	}
	switch {
	case len(set) == 0:
		r.fault("s3", "where the data goes is not said; "+r.flag("s3.bucket")+" does, as s3://BUCKET/PREFIX")
		return
	case len(set) > 1:
		r.fault(set[1], fmt.Sprintf("is there beside %s, and the operator takes %s alone", set[0], set[0]))
	}
	switch set[0] {
	case "s3":
		r.wants("the storage", "s3.bucket")
		r.endpoint()
	case "gcs":
		r.wants("the storage", "gcs.bucket", "gcs.projectId")
	case "azblob":
		r.wants("the storage", "azblob.container")
	}
}

// endpoint: BR's wants a scheme and a host.
func (r *tidbRules) endpoint() {
	text := r.text("s3.endpoint")
	if text == "" || r.spec["br"] == nil {
		return
	}
	if u, err := url.Parse(text); err != nil || u.Scheme == "" || u.Host == "" {
		r.fault("s3.endpoint", fmt.Sprintf("%q is no address such as https://s3.example.com", text))
	}
}

// backup: what BR wants.
func (r *tidbRules) backup() {
	r.wants("BR", "br.cluster")
	what := r.text("backupType")
	if !slices.Contains([]string{"", "full", "db", "table"}, what) {
		r.fault("backupType", fmt.Sprintf("%q is none of full, db and table", what))
	}
	if what == "db" || what == "table" {
		r.wants("backupType "+what, "br.db")
	}
	if what == "table" {
		r.wants("backupType table", "br.table")
	}
}

// dumpling: what an export wants.
func (r *tidbRules) dumpling() {
	if mode := r.text("backupMode"); mode != "" && mode != "snapshot" {
		r.fault("br.cluster", fmt.Sprintf("backupMode %s wants it; %s sets it", mode, r.flag("br.cluster")))
		return
	}
	if r.text("from.host") == "" {
		r.fault("br.cluster", fmt.Sprintf("what is backed up is not said: %s for a backup with BR, or %s for an export with Dumpling", r.flag("br.cluster"), r.flag("from.host")))
		return
	}
	r.wants("Dumpling", "from.secretName")
	if r.role != backup.RoleSchedule { // there the operator takes 100Gi
		r.wants("Dumpling", "storageSize")
	}
}

// log: a new one starts and does nothing else; its times have to be readable.
func (r *tidbRules) log() {
	for _, name := range []string{"commitTs", "logTruncateUntil"} {
		if text := r.text(name); !isTimestamp(text) {
			r.fault(name, fmt.Sprintf("%q is no TSO and no time such as '2026-11-21 09:00:00'", text))
		}
	}
	// shouldLogBackupCommandRequeue in pkg/backup/backup/backup_manager.go
	const waits = "a new log backup is never started with it: the operator waits for the start first"
	if stop, _ := r.spec["logStop"].(bool); stop {
		r.fault("logStop", waits)
	}
	if r.text("logTruncateUntil") != "" {
		r.fault("logTruncateUntil", waits)
	}
}

// isTimestamp is ParseTSString of pkg/apis/util/config.
func isTimestamp(text string) bool {
	if text == "" {
		return true
	}
	if _, err := strconv.ParseUint(text, 10, 64); err == nil {
		return true
	}
	_, plain := time.Parse(time.DateTime, text)
	_, zoned := time.Parse(time.RFC3339, text)
	return plain == nil || zoned == nil
}

// tidbLongName: the name of a Job, which is the value of a label of its pods, has that
// of the backup in it (pkg/apis/pingcap/v1alpha1/backup.go GetBackupJobName).
func tidbLongName(object map[string]any, at, stamp string) []Fault {
	name, _ := Get(object, "metadata.name").(string)
	around := "backup-" + stamp
	if Get(object, at+".backupMode") == "log" {
		around += "-log-truncate"
	}
	most := labelLength - len(around)
	if len(name) <= most {
		return nil
	}
	return []Fault{{"metadata.name", fmt.Sprintf("has %d characters, and with more than %d the operator can make no Job: its name has this one in it", len(name), most)}}
}

// tidbKept: a time that cannot be read keeps the operator from deleting any backup
// (pkg/backup/backupschedule/backup_schedule_manager.go backupGCByMaxReservedTime).
func tidbKept(object map[string]any) []Fault {
	text, set := Get(object, "spec.maxReservedTime").(string)
	if d, err := time.ParseDuration(text); set && (err != nil || d <= 0) {
		return []Fault{{"spec.maxReservedTime", fmt.Sprintf("%q is no duration such as 720h", text)}}
	}
	return nil
}
