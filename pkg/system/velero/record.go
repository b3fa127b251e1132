package velero

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// stored is the part of the stored Backup that is looked into
// (velero@v1.18.3 pkg/apis/velero/v1/backup_types.go; runMode is e-backup's).
type stored struct {
	APIVersion, Kind string
	Metadata         struct {
		Name, Namespace, UID string
		Annotations          map[string]string
	}
	Spec struct {
		StorageLocation, RunMode          string
		SnapshotVolumes, SnapshotMoveData *bool
		DefaultVolumesToFsBackup          *bool
		DefaultVolumesToRestic            *bool // its name before 1.10, and in e-backup
		ResourcePolicy                    *struct{ Name string }
		LabelSelector                     map[string]any
		OrLabelSelectors                  []any
	}
	Status status
}

type status struct {
	Phase, FormatVersion, FailureReason                                                      string
	StartTimestamp, CompletionTimestamp, Expiration                                          *time.Time
	Errors, Warnings                                                                         int64
	VolumeSnapshotsAttempted, VolumeSnapshotsCompleted                                       int64
	CSIVolumeSnapshotsAttempted, CSIVolumeSnapshotsCompleted                                 int64
	BackupItemOperationsAttempted, BackupItemOperationsCompleted, BackupItemOperationsFailed int64
	Progress                                                                                 struct{ TotalItems, ItemsBackedUp int64 }
	HookStatus                                                                               *struct{ HooksAttempted, HooksFailed int64 }
}

// readRecord reads velero-backup.json, the Backup as it was when it was uploaded.
func readRecord(ctx context.Context, bucket Bucket, key string, limit int64) (*backup.ArchiveRecord, error) {
	data, err := readPlain(ctx, bucket, key, limit)
	if err != nil {
		return nil, err
	}
	var object stored
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&object); err != nil {
		return nil, damaged(key, err)
	}
	if object.Kind != "Backup" {
		return nil, damaged(key, fmt.Errorf("it holds an object of kind %q, not a Backup", object.Kind))
	}
	record := object.record()
	if err := json.Unmarshal(data, &record.Object); err != nil {
		return nil, damaged(key, err)
	}
	return record, nil
}

// recordOf is what the object in the cluster says of itself, for readers who do
// not get the stored one; nil where it says nothing.
func recordOf(raw map[string]any) *backup.ArchiveRecord {
	data, err := json.Marshal(raw)
	var object stored
	if err != nil || json.Unmarshal(data, &object) != nil || object.Kind != "Backup" {
		return nil
	}
	record := object.record()
	record.Object = raw
	return record
}

func (s *stored) record() *backup.ArchiveRecord {
	st := &s.Status
	record := &backup.ArchiveRecord{
		Ref: backup.Ref{
			Group: "velero.io", Version: "v1", Resource: "backups", Kind: "Backup",
			Namespace: s.Metadata.Namespace, Name: s.Metadata.Name, UID: s.Metadata.UID,
		},
		Phase: backupPhase(st.Phase), NativePhase: st.Phase,
		Started: st.StartTimestamp, Finished: st.CompletionTimestamp, Expires: st.Expiration,
		Format: st.FormatVersion, Location: s.Spec.StorageLocation, Failure: st.FailureReason,
		Cluster: s.Metadata.Annotations["velero.io/source-cluster-k8s-gitversion"],
		Errors:  st.Errors, Warnings: st.Warnings, RunMode: s.Spec.RunMode,
		Items:      backup.Tally{Attempted: st.Progress.TotalItems, Completed: st.Progress.ItemsBackedUp},
		Snapshots:  backup.Tally{Attempted: st.VolumeSnapshotsAttempted, Completed: st.VolumeSnapshotsCompleted},
		CSI:        backup.Tally{Attempted: st.CSIVolumeSnapshotsAttempted, Completed: st.CSIVolumeSnapshotsCompleted},
		Operations: backup.Tally{Attempted: st.BackupItemOperationsAttempted, Completed: st.BackupItemOperationsCompleted, Failed: st.BackupItemOperationsFailed},
		Volumes:    s.volumePolicy(),
	}
	if hooks := st.HookStatus; hooks != nil {
		record.Hooks = backup.Tally{Attempted: hooks.HooksAttempted, Completed: hooks.HooksAttempted - hooks.HooksFailed, Failed: hooks.HooksFailed}
	}
	return record
}

func (s *stored) volumePolicy() backup.VolumePolicy {
	policy := backup.VolumePolicy{
		Snapshots: answer(s.Spec.SnapshotVolumes), Move: answer(s.Spec.SnapshotMoveData),
		FileSystem: answer(s.Spec.DefaultVolumesToFsBackup),
		Selector:   len(s.Spec.LabelSelector) > 0 || len(s.Spec.OrLabelSelectors) > 0,
	}
	if policy.FileSystem == backup.Unknown {
		policy.FileSystem = answer(s.Spec.DefaultVolumesToRestic)
	}
	if s.Spec.ResourcePolicy != nil {
		policy.Policies = s.Spec.ResourcePolicy.Name
	}
	return policy
}

func answer(value *bool) backup.Answer {
	if value == nil {
		return backup.Unknown
	}
	return backup.AnswerOf(*value)
}

// backupPhase knows the words of Velero up to 1.18; a later one is Unknown.
func backupPhase(word string) backup.Phase {
	switch word {
	case "", "New", "Queued", "ReadyToStart":
		return backup.PhasePending
	case "InProgress", "WaitingForPluginOperations", "WaitingForPluginOperationsPartiallyFailed", "Finalizing", "FinalizingPartiallyFailed":
		return backup.PhaseRunning
	case "Completed":
		return backup.PhaseCompleted
	case "PartiallyFailed":
		return backup.PhasePartiallyFailed
	case "Failed":
		return backup.PhaseFailed
	case "FailedValidation":
		return backup.PhaseInvalid
	case "Deleting":
		return backup.PhaseDeleting
	}
	return backup.PhaseUnknown
}
