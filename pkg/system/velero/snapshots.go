package velero

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// nativeSnapshot is velero@v1.18.3 internal/volume/native_snapshot.go: a snapshot
// that a VolumeSnapshotter plugin took.
type nativeSnapshot struct {
	Spec   struct{ Location, PersistentVolumeName, ProviderVolumeID, VolumeType string }
	Status struct{ ProviderSnapshotID, Phase string }
}

func readSnapshots(ctx context.Context, bucket Bucket, key string, limit int64) ([]backup.ArchivedVolume, error) {
	var all []backup.ArchivedVolume
	err := eachOf(ctx, bucket, key, limit, func(s nativeSnapshot) { all = append(all, s.volume()) })
	return all, err
}

func (s nativeSnapshot) volume() backup.ArchivedVolume {
	v := backup.ArchivedVolume{
		PV: s.Spec.PersistentVolumeName, Method: backup.MethodNativeSnapshot, Source: backup.FileSnapshots, Driver: s.Spec.VolumeType,
		Handle: s.Status.ProviderSnapshotID, NativePhase: s.Status.Phase, State: resultState("", s.Status.Phase, false),
	}
	if _, ok := diskSnapshot(v.Handle); ok {
		v.Method = backup.MethodVSphere
	}
	return v
}

// csiSnapshot and csiContent are the parts of VolumeSnapshot and its content
// that are looked into (snapshot.storage.k8s.io/v1).
type csiSnapshot struct {
	Metadata struct{ Namespace, Name string }
	Spec     struct {
		Source struct{ PersistentVolumeClaimName string }
	}
	Status struct {
		BoundVolumeSnapshotContentName string
		ReadyToUse                     *bool
		RestoreSize                    quantity
		Error                          *struct{ Message string }
	}
}

type csiContent struct {
	Metadata struct{ Name string }
	Spec     struct{ Driver string }
	Status   struct {
		SnapshotHandle string
		RestoreSize    *int64
	}
}

// csiFiles are the two lists that versions up to 1.16 write about CSI snapshots.
type csiFiles struct {
	snapshots []csiSnapshot
	contents  []csiContent
}

// volumes joins the snapshots with their contents.
func (f csiFiles) volumes() []backup.ArchivedVolume {
	byName := map[string]csiContent{}
	for _, content := range f.contents {
		byName[content.Metadata.Name] = content
	}
	var all []backup.ArchivedVolume
	for _, snapshot := range f.snapshots {
		all = append(all, snapshot.volume(byName[snapshot.Status.BoundVolumeSnapshotContentName]))
	}
	return all
}

func (s csiSnapshot) volume(content csiContent) backup.ArchivedVolume {
	v := backup.ArchivedVolume{
		Namespace: s.Metadata.Namespace, Claim: s.Spec.Source.PersistentVolumeClaimName,
		Method: backup.MethodCSISnapshot, Source: backup.FileCSISnapshots, State: backup.VolumeCopied,
		Driver: content.Spec.Driver, Handle: content.Status.SnapshotHandle, Bytes: s.Status.RestoreSize.bytes(),
	}
	if v.Bytes == nil {
		v.Bytes = content.Status.RestoreSize
	}
	switch ready := s.Status.ReadyToUse; {
	case s.Status.Error != nil:
		v.State, v.Why = backup.VolumeFailed, s.Status.Error.Message
	case ready == nil:
		v.State = backup.VolumeUnknown
	case !*ready:
		v.State, v.Why = backup.VolumeMoving, "the snapshot is not ready to use"
	}
	return v
}
