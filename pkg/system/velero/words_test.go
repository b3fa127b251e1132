package velero

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestPhases(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]backup.Phase{
		"": backup.PhasePending, "Queued": backup.PhasePending, "ReadyToStart": backup.PhasePending, "InProgress": backup.PhaseRunning,
		"WaitingForPluginOperationsPartiallyFailed": backup.PhaseRunning, "Finalizing": backup.PhaseRunning, "Completed": backup.PhaseCompleted,
		"PartiallyFailed": backup.PhasePartiallyFailed, "Failed": backup.PhaseFailed, "FailedValidation": backup.PhaseInvalid,
		"Deleting": backup.PhaseDeleting, "Hovering": backup.PhaseUnknown,
	} {
		if got := backupPhase(word); got != want {
			t.Errorf("%q is %s, want %s", word, got, want)
		}
	}
	for word, want := range map[string]backup.Phase{
		"New": backup.PhasePending, "InProgress": backup.PhaseRunning, "Completed": backup.PhaseCompleted, "Failed": backup.PhaseFailed, "": backup.PhaseUnknown,
	} {
		if got := operationPhase(word); got != want {
			t.Errorf("operation %q is %s, want %s", word, got, want)
		}
	}
}

// What one entry of the volume information says, alone.
func TestVolumeInfo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		info   object
		method backup.VolumeMethod
		state  backup.VolumeState
		driver string
	}{
		"a native snapshot":  {object{"backupMethod": "NativeSnapshot", "result": "succeeded", "nativeSnapshotInfo": object{"snapshotHandle": "snap-1", "Phase": "Completed"}}, backup.MethodNativeSnapshot, backup.VolumeCopied, ""},
		"a disk of vSphere":  {object{"backupMethod": "NativeSnapshot", "result": "succeeded", "nativeSnapshotInfo": object{"snapshotHandle": disk}}, backup.MethodVSphere, backup.VolumeCopied, ""},
		"another mover":      {object{"backupMethod": "CSISnapshot", "snapshotDataMoved": true, "snapshotDataMovementInfo": object{"dataMover": "acme", "uploaderType": "kopia", "Phase": "Completed"}}, backup.MethodCSIMoved, backup.VolumeCopied, "acme"},
		"cancelled":          {object{"backupMethod": "CSISnapshot", "snapshotDataMoved": true, "snapshotDataMovementInfo": object{"Phase": "Canceled"}}, backup.MethodCSIMoved, backup.VolumeFailed, ""},
		"failed for now":     {object{"backupMethod": "CSISnapshot", "result": "failed", "snapshotDataMoved": true, "snapshotDataMovementInfo": object{"Phase": "Prepared"}}, backup.MethodCSIMoved, backup.VolumeMoving, ""},
		"without details":    {object{"backupMethod": "CSISnapshot", "result": "failed"}, backup.MethodCSISnapshot, backup.VolumeFailed, ""},
		"not ready to use":   {object{"backupMethod": "CSISnapshot", "csiSnapshotInfo": object{"ReadyToUse": false, "driver": "csi.lab"}}, backup.MethodCSISnapshot, backup.VolumeUnknown, "csi.lab"},
		"a method of 2.0":    {object{"backupMethod": "Teleport", "result": ""}, "Teleport", backup.VolumeUnknown, ""},
		"a volume of a pod":  {object{"backupMethod": "PodVolumeBackup", "result": "succeeded", "pvbInfo": object{"uploaderType": "restic", "podNamespace": "a", "incrementalSize": 7}}, backup.MethodPodVolume, backup.VolumeCopied, "restic"},
		"moved, no mover":    {object{"backupMethod": "CSISnapshot", "snapshotDataMoved": true}, backup.MethodCSIMoved, backup.VolumeUnknown, ""},
		"no native snapshot": {object{"backupMethod": "NativeSnapshot", "result": "failed"}, backup.MethodNativeSnapshot, backup.VolumeFailed, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := files{"f.gz": zipped(t, []any{c.info})}.bucket(t)
			volumes, err := readVolumeInfo(t.Context(), bucket, "f.gz", 1<<20)
			if err != nil || len(volumes) != 1 {
				t.Fatal(volumes, err)
			}
			if v := volumes[0]; v.Method != c.method || v.State != c.state || v.Driver != c.driver {
				t.Errorf("%+v", v)
			}
		})
	}
}

// Velero lists a volume as skipped that another method copied; the copy counts.
func TestACopyOutweighsASkip(t *testing.T) {
	t.Parallel()
	f := shop(t)
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(t, []any{object{"pvcName": "db", "pvcNamespace": "shop", "pvName": "pv-db", "skipped": true, "skippedReason": "csiSnapshot: skipped b/c it's not a CSI volume;"}})
	for _, v := range readShop(t, f, all).Volumes {
		if v.Claim == "db" && (v.State != backup.VolumeCopied || v.PV != "pv-db" || v.Handle != "k1") {
			t.Errorf("%+v", v)
		}
	}
}

func TestEmptyVolume(t *testing.T) {
	t.Parallel()
	f := shop(t)
	empty := shopPodVolume()
	empty["status"] = object{"phase": "Completed", "message": "volume was empty so no snapshot was taken"}
	info := shopVolumes()
	info[0].(object)["pvbInfo"] = object{"uploaderType": "kopia", "volumeName": "data", "podName": "db-0", "podNamespace": "shop", "Phase": "Completed"}
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(t, info)
	f["backups/shop/shop-podvolumebackups.json.gz"] = zipped(t, []any{empty})
	if v := verified(t, f); v.Status != backup.StatusOK {
		t.Errorf("%s: %+v", v.Verdict, v.Findings)
	}
}

func TestCountedLevels(t *testing.T) {
	t.Parallel()
	counted := &backup.ArchiveLog{}
	for _, line := range []string{
		`{"backup":"velero/shop","level":"error","msg":"x"}`, `{"level":"warning"}`, `{"level":"info","msg":"\"level\":\"error\""}`,
		`time="2026-11-21T08:00:00Z" level=error msg=x`, `time="2026-11-21T08:00:00Z" level=info msg="a long text before level=error comes at last"`, "plain",
	} {
		count([]byte(line), counted)
	}
	if counted.Lines != 6 || counted.Errors != 2 || counted.Warnings != 1 {
		t.Errorf("%+v", counted)
	}
}

func TestErrorsNameTheFile(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	for _, err := range []error{&DamageError{Key: "a/b", State: backup.FileCorrupt, Err: cause}, &SourceError{Key: "a/b", Err: cause}} {
		if !strings.Contains(err.Error(), `"a/b"`) || !errors.Is(err, cause) {
			t.Errorf("%v", err)
		}
	}
	if s, detail := state(cause); s != backup.FileUnread || detail != "cause" {
		t.Errorf("%s %s", s, detail)
	}
}

// An object in the tarball that is not JSON spoils the tarball, and a claim whose
// annotation is spoilt stays a volume that nobody knows.
func TestSpoiltObjects(t *testing.T) {
	t.Parallel()
	f := shop(t)
	f["backups/shop/shop.tar.gz"] = tarball(t, entry{"resources/pods/namespaces/a/p.json", "{"})
	archive := readShop(t, f, all)
	if file := archive.File(backup.FileContents); file.State != backup.FileTruncated {
		t.Errorf("%s (%s)", file.State, file.Detail)
	}
	for _, annotation := range []string{"!", "bm8="} {
		f := vSphere(t, 1)
		claim := claimOf("pv-db", "1Gi")
		claim["metadata"] = object{"annotations": object{snapshotAnnotation: annotation}}
		f["backups/shop/shop.tar.gz"] = tarball(t, inNamespace("persistentvolumeclaims", "shop", "db", claim)...)
		if v := readShop(t, f, all).Volumes[0]; v.State != backup.VolumeUnknown || !strings.Contains(v.Why, snapshotAnnotation) {
			t.Errorf("%+v", v)
		}
	}
}
