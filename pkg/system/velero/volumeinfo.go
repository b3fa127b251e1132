package velero

import (
	"context"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// volumeInfo is velero@v1.18.3 internal/volume/volumes_information.go, of backups
// (BackupVolumeInfo) and of restores (RestoreVolumeInfo).
type volumeInfo struct {
	PVCName, PVCNamespace, PVName       string
	BackupMethod, RestoreMethod         string
	SnapshotDataMoved, Skipped          bool
	PreserveLocalSnapshot               bool
	SkippedReason, Result               string
	StartTimestamp, CompletionTimestamp *time.Time
	CSISnapshotInfo                     *csiInfo
	SnapshotDataMovementInfo            *moveInfo
	NativeSnapshotInfo                  *nativeInfo
	PVBInfo, PVRInfo                    *podVolumeInfo
}

type csiInfo struct {
	SnapshotHandle, Driver, VSCName, OperationID string
	Size                                         int64
	ReadyToUse                                   *bool
}

type moveInfo struct {
	DataMover, UploaderType, SnapshotHandle, OperationID, Phase string
	Size, IncrementalSize                                       int64
}

type nativeInfo struct{ SnapshotHandle, VolumeType, VolumeAZ, IOPS, Phase string }

type podVolumeInfo struct {
	SnapshotHandle, UploaderType, VolumeName, PodName, PodNamespace, NodeName, Phase string
	Size, IncrementalSize                                                            int64
}

func readVolumeInfo(ctx context.Context, bucket Bucket, key string, limit int64) ([]backup.ArchivedVolume, error) {
	var all []backup.ArchivedVolume
	err := eachOf(ctx, bucket, key, limit, func(v volumeInfo) { all = append(all, v.volume()) })
	return all, err
}

func (v volumeInfo) volume() backup.ArchivedVolume {
	out := backup.ArchivedVolume{
		Namespace: v.PVCNamespace, Claim: v.PVCName, PV: v.PVName, Method: backup.MethodNone, Source: backup.FileVolumes,
		Started: v.StartTimestamp, Finished: v.CompletionTimestamp,
	}
	if v.Skipped {
		out.State, out.Why, out.Meant = backup.VolumeNotCopied, skipReason(v.SkippedReason), meant(v.SkippedReason)
		return out
	}
	switch method := v.BackupMethod + v.RestoreMethod; {
	case method == string(backup.MethodCSISnapshot) && v.SnapshotDataMoved:
		v.SnapshotDataMovementInfo.fill(&out)
		out.Local = v.local()
	case method == string(backup.MethodCSISnapshot):
		v.CSISnapshotInfo.fill(&out)
	case method == string(backup.MethodNativeSnapshot):
		v.NativeSnapshotInfo.fill(&out)
	case method == string(backup.MethodPodVolume), method == "PodVolumeRestore":
		v.PVBInfo.fill(&out)
		v.PVRInfo.fill(&out)
		out.Method = backup.MethodPodVolume
	default:
		out.Method = backup.VolumeMethod(method)
	}
	if v.RestoreMethod != "" && out.Bytes != nil && *out.Bytes == 0 {
		out.Bytes = nil // Velero fills in the size for backups alone
	}
	out.Result = v.Result
	out.State = resultState(v.Result, out.NativePhase, v.RestoreMethod != "")
	return out
}

// skipReason takes the punctuation of a list out of "approach: reason;".
func skipReason(recorded string) string {
	var reasons []string
	for reason := range strings.SplitSeq(recorded, ";") {
		if reason = strings.TrimLeft(strings.TrimSpace(reason), ": "); reason != "" {
			reasons = append(reasons, reason)
		}
	}
	return strings.Join(reasons, "; ")
}

// meant tells whether somebody wanted the volume to be skipped: a volume policy or
// a label says so. That no snapshotter was responsible, or that the pod did not
// run, nobody wanted. "Opted out due to annotation" is what Velero records also
// where no annotation opts in (velero@v1.18.3 pkg/backup/item_backupper.go), so
// that the pod itself has to tell.
func meant(reason string) bool {
	return strings.Contains(reason, "resource polic") || strings.Contains(reason, "exclude-from-backup")
}

// resultState takes the word for the whole volume; where there is none, a phase
// of the work tells whether it still goes on.
func resultState(result, phase string, restore bool) backup.VolumeState {
	switch result {
	case "succeeded":
		return backup.VolumeCopied
	case "failed":
		if moving(phase) {
			return backup.VolumeMoving
		}
		return backup.VolumeFailed
	}
	switch {
	case moving(phase):
		return backup.VolumeMoving
	case phase == "Completed", restore && phase == "":
		return backup.VolumeCopied
	case phase == "Failed", phase == "Canceled":
		return backup.VolumeFailed
	}
	return backup.VolumeUnknown
}

// moving knows the phases in which a mover is not done
// (velero@v1.18.3 pkg/apis/velero/v2alpha1/data_upload_types.go, v1/pod_volume_backup_types.go).
func moving(phase string) bool {
	switch phase {
	case "New", "Accepted", "Prepared", "InProgress", "Canceling":
		return true
	}
	return false
}

// local is the snapshot that stays beside the data that was moved.
func (v volumeInfo) local() *backup.LocalSnapshot {
	c := v.CSISnapshotInfo
	if !v.PreserveLocalSnapshot || c == nil {
		return nil
	}
	return &backup.LocalSnapshot{Content: c.VSCName, Handle: c.SnapshotHandle, Driver: c.Driver, Bytes: c.Size}
}

func (c *csiInfo) fill(v *backup.ArchivedVolume) {
	v.Method = backup.MethodCSISnapshot
	if c == nil {
		return
	}
	v.Handle, v.Driver, v.Bytes = c.SnapshotHandle, c.Driver, &c.Size
	v.Content, v.Operation = c.VSCName, c.OperationID
	if c.Size == 0 {
		v.Bytes = nil // the driver does not say
	}
	if c.ReadyToUse != nil && !*c.ReadyToUse {
		v.Why = "the snapshot is not ready to use"
	}
}

func (m *moveInfo) fill(v *backup.ArchivedVolume) {
	v.Method = backup.MethodCSIMoved
	if m == nil {
		return
	}
	v.Handle, v.NativePhase, v.Bytes = m.SnapshotHandle, m.Phase, &m.Size
	v.Operation = m.OperationID
	v.Driver = uploader(m.UploaderType, m.DataMover)
	if m.IncrementalSize > 0 {
		v.Incremental = &m.IncrementalSize
	}
}

// uploader is the built-in mover's uploader, or the name of another mover.
func uploader(kind, mover string) string {
	if mover != "" && mover != "velero" {
		return mover
	}
	return kind
}

func (n *nativeInfo) fill(v *backup.ArchivedVolume) {
	v.Method = backup.MethodNativeSnapshot
	if n == nil {
		return
	}
	v.Handle, v.NativePhase = n.SnapshotHandle, n.Phase
	v.Zone, v.IOPS = n.VolumeAZ, n.IOPS
	if _, ok := diskSnapshot(n.SnapshotHandle); ok {
		v.Method = backup.MethodVSphere
	}
}

func (p *podVolumeInfo) fill(v *backup.ArchivedVolume) {
	if p == nil {
		return
	}
	v.Handle, v.Driver, v.NativePhase, v.Bytes = p.SnapshotHandle, p.UploaderType, p.Phase, &p.Size
	v.Pod, v.PodVolume, v.Node = p.PodName, p.VolumeName, p.NodeName
	if v.Namespace == "" {
		v.Namespace = p.PodNamespace
	}
	if p.IncrementalSize > 0 {
		v.Incremental = &p.IncrementalSize
	}
}
