package compose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// veleroBackupFields are those of Velero's Backup by the names of the flags of
// `velero backup create` (velero@v1.18.3 pkg/cmd/cli/backup/create.go), and what
// e-backup has of them and adds to them.
func veleroBackupFields() []Field {
	both, velero, eBackup := []string{Velero, EBackup}, []string{Velero}, []string{EBackup}
	field := func(systems []string, flag, path string, kind Kind, usage string) Field {
		return Field{Flag: flag, Path: path, Kind: kind, Usage: usage, Systems: systems, Roles: []backup.Role{backup.RoleBackup}}
	}
	fields := []Field{
		field(both, "include-namespaces", "spec.includedNamespaces", List, "The namespaces to back up; '*' are all."),
		field(both, "exclude-namespaces", "spec.excludedNamespaces", List, "The namespaces to leave out."),
		field(both, "include-resources", "spec.includedResources", List, "The resources to back up, such as deployments.apps; '*' are all. An old filter: not beside the new ones, which name a scope."),
		field(both, "exclude-resources", "spec.excludedResources", List, "The resources to leave out. An old filter."),
		field(both, "include-cluster-resources", "spec.includeClusterResources", Switch, "Whether cluster-scoped resources are backed up. An old filter."),
		field(velero, "include-cluster-scoped-resources", "spec.includedClusterScopedResources", List, "The cluster-scoped resources to back up; '*' are all. A new filter: not beside the old ones."),
		field(velero, "exclude-cluster-scoped-resources", "spec.excludedClusterScopedResources", List, "The cluster-scoped resources to leave out. A new filter."),
		field(velero, "include-namespace-scoped-resources", "spec.includedNamespaceScopedResources", List, "The namespaced resources to back up; '*' are all. A new filter."),
		field(velero, "exclude-namespace-scoped-resources", "spec.excludedNamespaceScopedResources", List, "The namespaced resources to leave out. A new filter."),
		field(both, "selector", "spec.labelSelector", Selector, "Only what has these labels, as kubectl takes them."),
		field(velero, "or-selector", "spec.orLabelSelectors", OrSelectors, "Only what fits one of these selectors, with ' or ' between them."),
		field(both, "ordered-resources", "spec.orderedResources", Orders, "What is backed up first, in order, as pods=ns1/pod1,ns1/pod2;persistentvolumes=pv4."),
		field(both, "ttl", "spec.ttl", Duration, "How long the backup is kept, such as 30d or 72h."),
		field(both, "storage-location", "spec.storageLocation", Text, "The location to store it in; the default one if not set."),
		field(velero, "volume-snapshot-locations", "spec.volumeSnapshotLocations", List, "The locations for snapshots of volumes, one for each provider at most."),
		field(velero, "snapshot-volumes", "spec.snapshotVolumes", Switch, "Whether snapshots of volumes are taken; by itself where a location for snapshots is there."),
		field(velero, "snapshot-move-data", "spec.snapshotMoveData", Switch, "Whether the data of snapshots is moved to the location."),
		field(velero, "data-mover", "spec.datamover", Text, "Who moves the data of snapshots; Velero itself if not set."),
		field(velero, "default-volumes-to-fs-backup", "spec.defaultVolumesToFsBackup", Switch, "Whether the files of all volumes are backed up, unless a pod leaves one out."),
		field(eBackup, "default-volumes-to-fs-backup", "spec.defaultVolumesToRestic", Switch, "Whether the files of all volumes are backed up, unless a pod leaves one out."),
		field(both, "hooks-file", "spec.hooks", File, "A YAML file with the commands that run in pods before and after, as in spec.hooks; '-' is stdin."),
		field(velero, "resource-policies-configmap", "spec.resourcePolicy", ConfigMap, "The ConfigMap with policies for volumes and resources."),
		field(velero, "csi-snapshot-timeout", "spec.csiSnapshotTimeout", Duration, "How long a CSI snapshot may take."),
		field(velero, "item-operation-timeout", "spec.itemOperationTimeout", Duration, "How long an asynchronous operation of a plugin may take, such as the moving of data."),
		field(velero, "parallel-files-upload", "spec.uploaderConfig.parallelFilesUpload", Number, "How many files of a volume are uploaded at the same time."),
		field(velero, "volume-group-snapshot-label-key", "spec.volumeGroupSnapshotLabelKey", Text, "The label of claims whose volumes are snapshotted together."),
		field(both, "labels", "metadata.labels", Map, "Labels of the object."),
		field(both, "annotations", "metadata.annotations", Map, "Annotations of the object."),
		field(eBackup, "run-mode", "spec.runMode", Text, "e-backup: what is saved: Normal (objects and data), AppOnly, DataOnly or DryRun."),
		field(eBackup, "app-data", "spec.appData.volumes", Text, "e-backup: how volumes are saved: Restic or Snapshot."),
	}
	for i := range fields {
		switch fields[i].Flag {
		case "selector":
			fields[i].Short = "l"
		case "run-mode":
			fields[i].Only = []string{"Normal", "AppOnly", "DataOnly", "DryRun"}
		case "app-data":
			fields[i].Only = []string{"Restic", "Snapshot"}
		}
	}
	return fields
}

// veleroScheduleFields are those of Velero's Schedule: its own, and those of the
// backups that it makes, by the names of the flags of `velero schedule create`
// (velero@v1.18.3 pkg/cmd/cli/schedule/create.go).
func veleroScheduleFields() []Field {
	roles := []backup.Role{backup.RoleSchedule}
	fields := []Field{
		{Flag: "schedule", Path: "spec.schedule", Kind: Text, Systems: []string{Velero, EBackup}, Usage: "When backups are made: five fields of cron, or '@every 6h'."},
		{Flag: "paused", Path: "spec.paused", Kind: Switch, Systems: []string{Velero}, Usage: "Whether it makes no backups until it is resumed."},
		{Flag: "skip-immediately", Path: "spec.skipImmediately", Kind: Switch, Systems: []string{Velero}, Usage: "Whether a backup that is due already is left out."},
		{Flag: "use-owner-references-in-backup", Path: "spec.useOwnerReferencesInBackup", Kind: Switch, Systems: []string{Velero}, Usage: "Whether the Backup objects go with the schedule when it is deleted."},
	}
	for _, f := range veleroBackupFields() {
		if below, ok := strings.CutPrefix(f.Path, "spec."); ok {
			f.Path = "spec.template." + below
		}
		fields = append(fields, f)
	}
	for i := range fields {
		fields[i].Roles = roles
	}
	return fields
}
