package compose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// veleroRestoreFields are those of Velero's Restore, by the names of the flags of
// `velero restore create` (velero@v1.18.3 pkg/cmd/cli/restore/create.go), and what
// e-backup, which knows less of them, adds (the product's manual).
func veleroRestoreFields() []Field {
	roles := []backup.Role{backup.RoleRestore}
	field := func(flag, path string, kind Kind, usage string) Field {
		return Field{Flag: flag, Path: path, Kind: kind, Usage: usage, Systems: []string{Velero}, Roles: roles}
	}
	both := func(flag, path string, kind Kind, usage string) Field {
		f := field(flag, path, kind, usage)
		f.Systems = []string{Velero, EBackup}
		return f
	}
	ebackup := func(flag, path string, kind Kind, usage string) Field {
		f := field(flag, path, kind, usage)
		f.Systems = []string{EBackup}
		return f
	}
	policy := field("existing-resource-policy", "spec.existingResourcePolicy", Text, "What becomes of objects that exist: none leaves them as they are, update overwrites them.")
	policy.Only = []string{"none", "update"}
	return []Field{
		both("from-backup", "spec.backupName", Text, "The backup to restore."),
		field("from-schedule", "spec.scheduleName", Text, "The schedule whose last Completed backup is restored."),
		field("allow-partially-failed", "", Switch, "With --from-schedule: take the last backup also where it is PartiallyFailed."),
		both("include-namespaces", "spec.includedNamespaces", List, "The namespaces to restore, as the backup names them; '*' are all."),
		both("exclude-namespaces", "spec.excludedNamespaces", List, "The namespaces to leave out."),
		both("include-resources", "spec.includedResources", List, "The resources to restore, such as deployments.apps; '*' are all."),
		both("exclude-resources", "spec.excludedResources", List, "The resources to leave out, such as storageclasses.storage.k8s.io."),
		both("namespace-mappings", "spec.namespaceMapping", Mapping, "Restore namespaces under other names, as in old:new,old2:new2."),
		both("selector", "spec.labelSelector", Selector, "Only what has these labels, as kubectl takes them."),
		field("or-selector", "spec.orLabelSelectors", OrSelectors, "Only what fits one of these selectors, with ' or ' between them."),
		field("restore-volumes", "spec.restorePVs", Switch, "Whether volumes are restored from snapshots."),
		both("preserve-nodeports", "spec.preserveNodePorts", Switch, "Whether Services keep their node ports."),
		both("include-cluster-resources", "spec.includeClusterResources", Switch, "Whether objects without a namespace are restored; by itself where all namespaces are."),
		policy,
		field("status-include-resources", "spec.restoreStatus.includedResources", List, "The resources whose status is restored, too; '*' are all."),
		field("status-exclude-resources", "spec.restoreStatus.excludedResources", List, "The resources whose status is not restored."),
		field("resource-modifier-configmap", "spec.resourceModifier", ConfigMap, "The ConfigMap with patches for the objects that are restored."),
		field("resource-policies-configmap", "spec.resourcePolicy", ConfigMap, "The ConfigMap with filters for what is restored (Velero 1.18 on)."),
		field("item-operation-timeout", "spec.itemOperationTimeout", Duration, "How long plugins may take for what they do in the background."),
		field("parallel-files-download", "spec.uploaderConfig.parallelFilesDownload", Number, "How many files are read from the repository at the same time."),
		field("write-sparse-files", "spec.uploaderConfig.writeSparseFiles", Switch, "Whether files are written with holes where they hold zeros."),
		both("hooks-file", "spec.hooks", File, "A file with the hooks, as YAML of spec.hooks."),
		ebackup("storage-class-mapping", "spec.storageClassMapping", Mapping, "Restore claims with other storage classes of the same type, as in old:new."),
		ebackup("image-repository-mapping", "spec.imageRepositoryMapping", Map, "Take images from other repositories, as in old=new; the name and the tag stay."),
		both("labels", "metadata.labels", Map, "Labels of the restore itself."),
		both("annotations", "metadata.annotations", Map, "Annotations of the restore itself."),
	}
}
