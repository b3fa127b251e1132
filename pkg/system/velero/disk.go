package velero

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// snapshotAnnotation holds the vSphere plugin's Snapshot object, in JSON and
// base64, on the claim in the backup (velero-plugin-for-vsphere pkg/constants
// ItemSnapshotLabel, pkg/plugin/util).
const snapshotAnnotation = "velero-plugin-for-vsphere/item-snapshot-blob"

// diskSnapshot is the ID under which the vSphere plugin stores a disk,
// "ivd:DISK:SNAPSHOT". Plugins before 1.1 give it as the snapshot's handle; later
// ones wrap it as "pvc:NAMESPACE/NAME:BASE64".
func diskSnapshot(handle string) (id string, ok bool) {
	if rest, wrapped := strings.CutPrefix(handle, "pvc:"); wrapped {
		_, encoded, _ := strings.Cut(rest, ":")
		inner, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return "", false
		}
		handle = string(inner)
	}
	parts := strings.Split(handle, ":")
	if len(parts) != 3 || parts[0] != "ivd" || checkName(parts[1]) != nil || checkName(parts[2]) != nil {
		return "", false
	}
	return handle, true
}

// diskOf reads the snapshot that a claim's annotation records.
func diskOf(annotation string) (handle, phase string, err error) {
	data, err := base64.StdEncoding.DecodeString(annotation)
	if err != nil {
		return "", "", fmt.Errorf("annotation %s: %w", snapshotAnnotation, err)
	}
	var snapshot struct {
		Status struct{ SnapshotID, Phase string }
	}
	if err := json.Unmarshal(data, &snapshot); err != nil {
		return "", "", fmt.Errorf("annotation %s: %w", snapshotAnnotation, err)
	}
	return snapshot.Status.SnapshotID, snapshot.Status.Phase, nil
}

// sumDisk looks at the objects of one disk: info, metadata and data lie apart
// (vmware-tanzu/astrolabe pkg/s3repository).
func sumDisk(ctx context.Context, bucket Bucket, layout Layout, id string) *backup.StoredVolume {
	root := layout.PluginData()
	out := &backup.StoredVolume{Lookup: backup.Found}
	switch _, err := bucket.Stat(ctx, root+"peinfo/"+id); {
	case err == nil:
		out.Info = backup.Found
	case errors.Is(err, fs.ErrNotExist):
		out.Info = backup.Absent
	default:
		out.Info, out.Lookup, out.Error = backup.Failed, backup.Failed, err.Error()
	}
	for _, sum := range []struct {
		prefix string
		into   *backup.Count
	}{{"md/", &out.Metadata}, {"data/", &out.Data}} {
		err := bucket.List(ctx, root+sum.prefix+id, func(object backup.StoredObject) error {
			sum.into.Objects++
			sum.into.Bytes += object.Bytes
			return nil
		})
		if err != nil {
			out.Lookup, out.Error, sum.into.AtLeast = backup.Failed, err.Error(), true
		}
	}
	return out
}
