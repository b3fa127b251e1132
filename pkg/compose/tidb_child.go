package compose

import (
	"maps"
	"path"
	"time"
)

// tidbStamp is the time in the names of the operator's children and of their folders
// (pkg/apis/pingcap/v1alpha1/types.go BackupNameTimeFormat).
const tidbStamp = "2006-01-02t15-04-05"

// tidbStagingSize is that of the volume of a scheduled export that names none
// (pkg/backup/constants/constants.go DefaultStorageSize).
const tidbStagingSize = "100Gi"

// tidbChild does what the operator does for a run at a time
// (pingcap/tidb-operator@v1.6.1 pkg/backup/backupschedule/backup_schedule_manager.go buildBackup).
func tidbChild(object, schedule map[string]any, at time.Time) error {
	name, _ := Get(schedule, "metadata.name").(string)
	metadata, _ := object["metadata"].(map[string]any)
	labels := map[string]any{
		"app.kubernetes.io/name": "backup-schedule", "app.kubernetes.io/managed-by": "backup-schedule-operator",
		"app.kubernetes.io/instance": name, "tidb.pingcap.com/backup-schedule": name,
	}
	if own, ok := Get(schedule, "metadata.labels").(map[string]any); ok {
		maps.Copy(labels, own)
	}
	metadata["labels"] = labels
	if annotations, ok := Get(schedule, "metadata.annotations").(map[string]any); ok {
		metadata["annotations"] = without(annotations, setByKubectl)
	}
	metadata["ownerReferences"] = []any{map[string]any{
		"apiVersion": schedule["apiVersion"], "kind": "BackupSchedule", "name": name, "uid": Get(schedule, "metadata.uid"),
		"controller": true, "blockOwnerDeletion": true,
	}}
	spec, _ := Get(schedule, tidbTemplate).(map[string]any)
	if spec == nil {
		spec = map[string]any{}
	}
	if secrets := Get(schedule, "spec.imagePullSecrets"); secrets != nil {
		spec["imagePullSecrets"] = secrets
	}
	object["spec"] = spec
	if spec["br"] == nil {
		tidbStaging(spec, schedule)
		return nil
	}
	return tidbFolder(spec, Get(schedule, "metadata.namespace"), at)
}

// tidbStaging is the volume of an export, as far as the template does not say it.
func tidbStaging(spec, schedule map[string]any) {
	if class := Get(schedule, "spec.storageClassName"); class != nil && (spec["storageClassName"] == nil || spec["storageClassName"] == "") {
		spec["storageClassName"] = class
	}
	if size, _ := spec["storageSize"].(string); size != "" {
		return
	}
	spec["storageSize"] = tidbStagingSize
	if size, _ := Get(schedule, "spec.storageSize").(string); size != "" {
		spec["storageSize"] = size
	}
}

// tidbFolder gives a run of BR the folder of its own below the prefix of the template.
func tidbFolder(spec map[string]any, namespace any, at time.Time) error {
	section := storageOf(spec)
	if section == "" {
		return nil // the rules tell
	}
	cluster, _ := Get(spec, "br.cluster").(string)
	of, _ := Get(spec, "br.clusterNamespace").(string)
	if of == "" {
		of, _ = namespace.(string)
	}
	prefix, _ := Get(spec, section+".prefix").(string)
	return Put(spec, section+".prefix", path.Join(prefix, cluster+"-pd."+of+"-2379-"+at.UTC().Format(tidbStamp)))
}
