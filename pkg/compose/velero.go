package compose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// veleroBackupFields are those of Velero's Backup and of the template of its Schedule,
// by the names of the flags of `velero backup create` (velero@v1.18.3
// pkg/cmd/cli/backup/create.go), and what e-backup adds to them.
func veleroBackupFields() []Field {
	both := []string{Velero, EBackup}
	roles := []backup.Role{backup.RoleBackup}
	field := func(flag, path string, kind Kind, usage string) Field {
		return Field{Flag: flag, Path: "spec." + path, Kind: kind, Usage: usage, Systems: both, Roles: roles}
	}
	return []Field{
		field("include-namespaces", "includedNamespaces", List, "The namespaces to back up; '*' are all."),
		field("exclude-namespaces", "excludedNamespaces", List, "The namespaces to leave out."),
		field("selector", "labelSelector", Selector, "Only what has these labels, as kubectl takes them."),
		field("or-selector", "orLabelSelectors", OrSelectors, "Only what fits one of these selectors, with ' or ' between them."),
		field("ttl", "ttl", Duration, "How long the backup is kept, such as 30d or 72h."),
		field("storage-location", "storageLocation", Text, "The location to store it in; the default one if not set."),
		field("snapshot-volumes", "snapshotVolumes", Switch, "Whether snapshots of volumes are taken; by itself where a location for snapshots is there."),
	}
}
