package compose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// SnapshotLocations is the resource of Velero's locations for snapshots.
const SnapshotLocations = "volumesnapshotlocations"

// What e-backup wants of its locations and of their Secrets, by its manual.
const (
	eBackupProvider = "huawei"
	eBackupLabel    = "secret.everest.io/backup"
	eBackupType     = "cfe/secure-opaque"
)

// credentialKey is the key of a Secret unless the location names another.
const credentialKey = "cloud"

// veleroLocationFields are those of Velero's BackupStorageLocation, by the names of
// the flags of `velero backup-location create` (velero@v1.18.3
// pkg/cmd/cli/backuplocation/create.go). A VolumeSnapshotLocation has the first ones.
func veleroLocationFields() []Field {
	field := func(flag, path string, kind Kind, usage string) Field {
		return Field{Flag: flag, Path: path, Kind: kind, Usage: usage, Systems: []string{Velero, EBackup}, Roles: []backup.Role{backup.RoleLocation}}
	}
	mode := field("access-mode", "spec.accessMode", Text, "ReadWrite, or ReadOnly for a location to restore from only.")
	mode.Only = []string{"ReadWrite", "ReadOnly"}
	return []Field{
		field("provider", "spec.provider", Text, "Who provides the storage: aws for all that speaks S3, gcp, azure; huawei (or obs) for e-backup."),
		field("config", "spec.config", Map, "Settings of the provider, as in region=eu-1,s3Url=https://s3.example.com."),
		field("credential", "spec.credential", SecretKey, "The Secret with the credentials and its key, as SECRET=KEY."),
		field("labels", "metadata.labels", Map, "Labels of the location."),
		field("bucket", "spec.objectStorage.bucket", Text, "The bucket. It has to exist."),
		field("prefix", "spec.objectStorage.prefix", Text, "The folder in the bucket below which everything is stored."),
		mode,
		field("default", "spec.default", Switch, "Make it the default location; another one that is the default ceases to be it."),
		field("backup-sync-period", "spec.backupSyncPeriod", Duration, "How often backups in the bucket are made known in the cluster; 0s is never."),
		field("validation-frequency", "spec.validationFrequency", Duration, "How often the server looks whether it can be used; 0s is never."),
	}
}

// onlyBuckets are the flags that a location for snapshots does not have.
var onlyBuckets = []string{"bucket", "prefix", "access-mode", "default", "backup-sync-period", "validation-frequency", "cacert"}

// OnlyForBuckets tells whether a flag is for locations of backups alone.
func OnlyForBuckets(flag string) bool {
	for _, name := range onlyBuckets {
		if name == flag {
			return true
		}
	}
	return false
}

// FinishLocation puts into the manifest of a location what its system writes in
// one way only, and names the fields in which something else was meant.
func FinishLocation(object map[string]any, system string) []Fault {
	var faults []Fault
	text := func(path string) string {
		value, _ := Get(object, path).(string)
		return value
	}
	if system == EBackup {
		if is := text("spec.provider"); is == "" || is == "obs" {
			_ = Put(object, "spec.provider", eBackupProvider) // the path is one of objects
		} else if is != eBackupProvider {
			faults = append(faults, Fault{"spec.provider", "is " + is + ", and e-backup takes huawei alone"})
		}
		if text("spec.config.endpoint") == "" {
			faults = append(faults, Fault{"spec.config.endpoint", "is missing; set it as in --config endpoint=obs.REGION.myhuaweicloud.com"})
		}
	}
	if bucket := text("spec.objectStorage.bucket"); strings.Contains(bucket, "/") {
		faults = append(faults, Fault{"spec.objectStorage.bucket", fmt.Sprintf("%q is no name of a bucket; a folder in it goes into --prefix", bucket)})
	}
	for _, name := range []string{"bucket", "prefix"} {
		if text("spec.config."+name) != "" {
			faults = append(faults, Fault{"spec.config." + name, "is not read by the server; use --" + name})
		}
	}
	return faults
}

// CredentialOf is the Secret that a location names, and its key. Without one it is
// the Secret that goes by the location's own name.
func CredentialOf(object map[string]any) (name, key string) {
	name, _ = Get(object, "spec.credential.name").(string)
	key, _ = Get(object, "spec.credential.key").(string)
	if name == "" {
		name, _ = Get(object, "metadata.name").(string)
	}
	if key == "" {
		key = credentialKey
	}
	return name, key
}

// Secret is the manifest of a Secret with credentials, without its values. That of
// e-backup has a label and a type of its own.
func Secret(system, namespace, name string) map[string]any {
	metadata := map[string]any{"name": name, "namespace": namespace}
	secret := map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque"}
	if system == EBackup {
		metadata["labels"], secret["type"] = map[string]any{eBackupLabel: "true"}, eBackupType
	}
	return secret
}
