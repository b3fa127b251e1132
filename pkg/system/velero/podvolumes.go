package velero

import (
	"context"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// podVolumeBackup is the part of a PodVolumeBackup that is looked into
// (velero@v1.18.3 pkg/apis/velero/v1/pod_volume_backup_types.go).
type podVolumeBackup struct {
	Metadata struct{ Annotations map[string]string }
	Spec     struct {
		Node, Volume, UploaderType string
		Pod                        struct{ Namespace, Name string }
	}
	Status struct {
		Phase, SnapshotID, Message          string
		StartTimestamp, CompletionTimestamp *time.Time
		Progress                            struct{ TotalBytes, BytesDone int64 }
		IncrementalBytes                    int64
	}
}

func readPodVolumes(ctx context.Context, bucket Bucket, key string, limit int64) ([]backup.ArchivedVolume, error) {
	var all []backup.ArchivedVolume
	err := eachOf(ctx, bucket, key, limit, func(p podVolumeBackup) { all = append(all, p.volume()) })
	return all, err
}

func (p podVolumeBackup) volume() backup.ArchivedVolume {
	st := p.Status
	v := backup.ArchivedVolume{
		Namespace: p.Spec.Pod.Namespace, Pod: p.Spec.Pod.Name, PodVolume: p.Spec.Volume, Node: p.Spec.Node,
		Claim:  p.Metadata.Annotations["velero.io/pvc-name"],
		Method: backup.MethodPodVolume, Source: backup.FilePodVolumes, Driver: p.Spec.UploaderType,
		Handle: st.SnapshotID, NativePhase: st.Phase, Bytes: &st.Progress.TotalBytes, Why: st.Message,
		Started: st.StartTimestamp, Finished: st.CompletionTimestamp, State: resultState("", st.Phase, false),
	}
	if v.Driver == "" {
		v.Driver = "restic" // before 1.10 there was no other
	}
	if st.IncrementalBytes > 0 {
		v.Incremental = &st.IncrementalBytes
	}
	if v.State == backup.VolumeCopied && emptyVolume(st.Message) {
		v.Meant = true
	}
	return v
}

// emptyVolume knows the message of a mover that found nothing to copy
// (velero@v1.18.3 pkg/controller/pod_volume_backup_controller.go).
func emptyVolume(message string) bool { return strings.HasPrefix(message, "volume was empty") }
