package render

import (
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func logLine(level, message string, fields map[string]string) *backup.LogEntry {
	fields["logSource"] = "github.com/vmware-tanzu/velero@v1.18.3/pkg/backup/item_backupper.go:613"
	fields["backup"] = "velero/nightly"
	return &backup.LogEntry{Source: "log", At: ago(2 * time.Hour), Level: level, Message: message, Fields: fields}
}

// archived is a backup with something of everything.
func archived() backup.Archive {
	refused := logLine("error", "Error executing hook", map[string]string{"error": "timed out after 30s", "hookPhase": "pre"})
	skipped := logLine("warning", "Volume was not copied", map[string]string{"resource": "persistentvolumes", "name": "pv-9", "persistentVolume": "pv-9"})
	other := logLine("error", "the plugin panicked", map[string]string{"pluginName": "example.com/notes"})
	claim := backup.Ref{Resource: "persistentvolumeclaims", Namespace: "shop", Name: "db"}
	return backup.Archive{
		System: "velero", Role: backup.RoleBackup, Name: "nightly", Place: "s3://velero/backups/nightly/", At: now, Listing: backup.Found,
		Files: []backup.ArchiveFile{
			{Role: backup.FileObject, Key: "backups/nightly/velero-backup.json", Need: backup.NeedRequired, State: backup.FileSound, Bytes: 5600, Modified: ago(time.Hour)},
			{Role: backup.FileContents, Key: "backups/nightly/nightly.tar.gz", Need: backup.NeedRequired, State: backup.FileTruncated, Bytes: 23000, Detail: "unexpected EOF"},
			{Role: backup.FileLog, Key: "backups/nightly/nightly-logs.gz", State: backup.FileListed, Bytes: 7700},
			{Role: backup.FileResults, Key: "backups/nightly/nightly-results.gz", Need: backup.NeedExpected, State: backup.FileMissing},
			{Role: backup.FileVolumes, Key: "backups/nightly/nightly-volumeinfo.json.gz", State: backup.FileUnread, Detail: "connection reset", Bytes: 10},
			{Role: backup.FileItemSnapshots, Key: "backups/nightly/nightly-itemsnapshots.json.gz", Need: backup.NeedOptional, State: backup.FileMissing},
		},
		Others: backup.Count{Objects: 2, Bytes: 4096},
		Record: &backup.ArchiveRecord{Errors: 1, Warnings: 1, Hooks: backup.Tally{Attempted: 3, Completed: 2, Failed: 1}},
		Resources: []backup.ArchivedKind{
			{Kind: "apps/v1/Deployment", Names: []string{"shop/web", "shop/cart", "bank/core"}},
			{Kind: "v1/Namespace", Names: []string{"shop"}},
			{Kind: "v1/Secret", Names: []string{"shop/a-secret-with-a-rather-long-name", "shop/another-secret-with-a-long-name", "shop/third"}},
		},
		Volumes: volumesOf(), VolumesRead: backup.No,
		Operations: []backup.ItemOperation{{
			ID: "du-1", Plugin: "velero.io/csi-pvc-backupper", Item: claim, Phase: backup.PhaseRunning, Native: "InProgress", Created: ptr(ago(2 * time.Hour)),
			Started: ptr(ago(2 * time.Hour)), Updated: ptr(ago(time.Hour)), Progress: &backup.Progress{Done: 10, Total: 40, Unit: "Bytes"},
			Then: []backup.Ref{{Group: "velero.io", Resource: "datauploads", Namespace: "velero", Name: "nightly-x"}, claim},
		}},
		Hooks: []backup.Hook{
			{
				Source: backup.HookInSpec, When: backup.HookPre, Name: "freeze", Pods: "namespaces shop; pods with app=db", Container: "db",
				Command: []string{"fsfreeze", "--freeze", "/data"}, Timeout: "30s", OnError: "Fail", Ran: 2, Failed: 1, Read: backup.Yes, Error: "timed out after 30s",
			},
			{Source: backup.HookInSpec, When: backup.HookPost, Name: "freeze", Pods: "all pods", Command: []string{"fsfreeze", "--unfreeze", "/data"}, Read: backup.Yes},
			{Source: backup.HookInAnnotation, When: backup.HookPre, Pods: "shop/web-0", Command: []string{"sync"}, Ran: 1, Read: backup.Yes},
			{Source: backup.HookInAnnotation, When: backup.HookPost, Pods: "shop/web-0", Command: []string{"true"}},
			{Source: backup.HookInAnnotation, When: backup.HookPre, Failed: 1, Read: backup.Yes, Error: "no container of that name"},
		},
		Messages: []backup.ArchiveMessage{
			{Severity: backup.SeverityCause, Scope: "velero", Text: " message: /Error executing hook error: /timed out after 30s", Line: refused},
			{Severity: backup.SeverityWarning, Scope: "cluster", Text: " resource: /persistentvolumes name: /pv-9 message: /Volume was not copied", Line: skipped},
			{Severity: backup.SeverityWarning, Scope: "namespace shop", Text: "a message without a line\nand with two"},
		},
		Log:          &backup.ArchiveLog{Lines: 900, Errors: 2, Warnings: 1, Notable: []backup.LogEntry{*refused, *skipped, *other}},
		Repositories: []backup.Repository{{Type: "kopia", Namespace: "shop", Format: backup.Found, HasData: backup.Yes}, {Type: "kopia", Namespace: "bank", Format: backup.Absent}},
	}
}

func volumesOf() []backup.ArchivedVolume {
	return []backup.ArchivedVolume{
		{
			Namespace: "shop", Claim: "db", PV: "pv-1", Method: backup.MethodCSIMoved, State: backup.VolumeCopied, Driver: "kopia", Handle: "k1", Operation: "du-1",
			NativePhase: "Completed", Bytes: ptr(int64(5 << 20)), Incremental: ptr(int64(1 << 20)), Capacity: ptr(int64(1 << 30)), Source: backup.FileVolumes,
			Started: ptr(ago(2 * time.Hour)), Finished: ptr(ago(time.Hour)),
			Local: &backup.LocalSnapshot{Content: "snapcontent-1", Handle: "snap-1", Driver: "csi.example.com", Bytes: 1 << 30},
		},
		{Namespace: "shop", Claim: "forgotten", Method: backup.MethodNone, State: backup.VolumeNotCopied, Why: "pod web-0 does not name volume \"data\""},
		{Namespace: "shop", Claim: "cache", Method: backup.MethodNone, State: backup.VolumeNotCopied, Meant: true, Why: "pod web-0 opts it out"},
		{Namespace: "shop", Pod: "web-0", PodVolume: "data", Node: "node-1", Method: backup.MethodPodVolume, State: backup.VolumeFailed, Driver: "kopia", Why: "timed out"},
		{Namespace: "shop", Claim: "disk", Method: backup.MethodVSphere, State: backup.VolumeMoving, Stored: &backup.StoredVolume{Lookup: backup.Found, Data: backup.Count{Bytes: 10 << 20}}},
		{Namespace: "shop", Claim: "empty", Method: backup.MethodCSISnapshot, State: backup.VolumeCopied, Driver: "csi.example.com", Content: "snapcontent-2", Bytes: ptr(int64(0))},
		{PV: "pv-2", Method: backup.MethodNativeSnapshot, State: backup.VolumeCopied, Driver: "gp3", Zone: "eu-1a", IOPS: "300", Handle: "snap-2"},
		{Namespace: "shop", Claim: "who-knows", Method: "Teleport", State: backup.VolumeUnknown, Why: "no file speaks of it"},
	}
}

// restored is a restore as its archive has it.
func restored() backup.Archive {
	return backup.Archive{
		System: "velero", Role: backup.RoleRestore, Name: "back", Place: "s3://velero/restores/back/", At: now, Listing: backup.Found,
		Files: []backup.ArchiveFile{{Role: backup.FileLog, Key: "restores/back/restore-back-logs.gz", State: backup.FileSound, Bytes: 100}},
		Resources: []backup.ArchivedKind{
			{Kind: "v1/Pod", Names: []string{"shop/web-0(created)", "shop/web-1(failed)", "shop/web-2(created)"}},
			{Kind: "v1/Namespace", Names: []string{"shop(skipped)"}},
		},
		Volumes:     []backup.ArchivedVolume{{Namespace: "shop", Claim: "db", Method: backup.MethodCSIMoved, State: backup.VolumeCopied, Driver: "kopia", Source: backup.FileVolumes}},
		VolumesRead: backup.Yes,
		Hooks:       []backup.Hook{{Source: backup.HookInSpec, When: backup.HookInit, Name: "wait", Pods: "all pods", Container: "init", Command: []string{"true"}, Read: backup.Yes}},
	}
}

// manifestOf is an object with each form of value.
func manifestOf() map[string]any {
	return map[string]any{
		"metadata": map[string]any{"labels": map[string]any{"team": "shop"}, "annotations": map[string]any{}},
		"spec": map[string]any{
			"ttl": "720h0m0s", "includedNamespaces": []any{"shop", "bank"}, "labelSelector": map[string]any{}, "snapshotVolumes": true, "orderedResources": nil,
			"hooks": map[string]any{"resources": []any{map[string]any{"name": "freeze", "pre": []any{map[string]any{"exec": map[string]any{"command": []any{"sync"}}}}}}},
			"odd":   []any{"plain", map[string]any{"a": 1}, []any{[]any{"deep"}}},
		},
		"status": map[string]any{"phase": "Completed", "formatVersion": "1.1.0", "validationErrors": []any{}, "conditions": []any{map[string]any{"type": "x"}}},
	}
}
