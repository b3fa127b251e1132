package velero

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func jsonText(t testing.TB, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Velero 1.4 writes neither results nor operations nor volume information, and
// its only uploader is restic.
func TestVelero14WithRestic(t *testing.T) {
	t.Parallel()
	copied := shopPodVolume()
	copied["metadata"] = object{}
	delete(copied["spec"].(object), "uploaderType")
	f := files{
		"backups/shop/velero-backup.json":            jsonText(t, object{"kind": "Backup", "spec": object{"defaultVolumesToRestic": true}, "status": object{"phase": "Completed"}}),
		"backups/shop/shop.tar.gz":                   tarball(t, shopItems()...),
		"backups/shop/shop-logs.gz":                  zippedText(t, shopLog),
		"backups/shop/shop-podvolumebackups.json.gz": zipped(t, []any{copied}),
		"backups/shop/shop-volumesnapshots.json.gz":  zipped(t, []any{object{"spec": object{"persistentVolumeName": "pv-cache", "volumeType": "gp2"}, "status": object{"providerSnapshotID": "snap-1", "phase": "Completed"}}}),
		"backups/shop/shop-resource-list.json.gz":    zipped(t, shopResources()),
		"restic/shop/config":                         []byte("x"),
		"restic/shop/data/0b/0b7aa3f5":               []byte("x"),
	}
	archive := readShop(t, f, Options{})
	if archive.Record.Volumes.FileSystem != backup.Yes || archive.VolumesRead != backup.Yes {
		t.Errorf("policy %+v, volumes read %s", archive.Record.Volumes, archive.VolumesRead)
	}
	if need := archive.File(backup.FileVolumes).Need; need != backup.NeedOptional {
		t.Errorf("volume information is %s", need)
	}
	cache, db, queue := archive.Volumes[0], archive.Volumes[1], archive.Volumes[2]
	if cache.Method != backup.MethodNativeSnapshot || cache.State != backup.VolumeCopied || cache.Name() != "shop/cache" {
		t.Errorf("cache %+v", cache)
	}
	if db.Method != backup.MethodPodVolume || db.Driver != "restic" || db.Name() != "shop/db" || db.State != backup.VolumeCopied {
		t.Errorf("db %+v", db)
	}
	if queue.State != backup.VolumeNotCopied {
		t.Errorf("queue %+v", queue)
	}
	if r := archive.Repositories; len(r) != 1 || r[0].Type != "restic" || r[0].Format != backup.Found || r[0].HasData != backup.Yes {
		t.Errorf("repositories %+v", r)
	}
}

func TestCSISnapshotsBefore117(t *testing.T) {
	t.Parallel()
	f := shop(t)
	delete(f, "backups/shop/shop-volumeinfo.json.gz")
	stored := shopObject()
	delete(stored["status"].(object), "hookStatus")
	f["backups/shop/velero-backup.json"] = jsonText(t, stored)
	snapshot := func(claim, content string, status object) object {
		status["boundVolumeSnapshotContentName"] = content
		return object{"metadata": object{"namespace": "shop", "name": "velero-" + claim}, "spec": object{"source": object{"persistentVolumeClaimName": claim}}, "status": status}
	}
	f["backups/shop/shop-csi-volumesnapshots.json.gz"] = zipped(t, []any{
		snapshot("cache", "vsc-1", object{"readyToUse": true, "restoreSize": "2Gi"}),
		snapshot("queue", "vsc-2", object{"readyToUse": false, "error": object{"message": "quota exceeded"}}),
	})
	f["backups/shop/shop-csi-volumesnapshotcontents.json.gz"] = zipped(t, []any{object{"metadata": object{"name": "vsc-1"}, "spec": object{"driver": "csi.lab"}, "status": object{"snapshotHandle": "snap-1"}}})
	f["backups/shop/shop-csi-volumesnapshotclasses.json.gz"] = zipped(t, nil)
	archive := readShop(t, f, Options{})
	cache, queue := archive.Volumes[0], archive.Volumes[2]
	if cache.State != backup.VolumeCopied || cache.Handle != "snap-1" || cache.Driver != "csi.lab" || *cache.Bytes != 2<<30 {
		t.Errorf("cache %+v", cache)
	}
	if queue.State != backup.VolumeFailed || queue.Why != "quota exceeded" {
		t.Errorf("queue %+v", queue)
	}
	if archive.VolumesRead != backup.Yes {
		t.Errorf("volumes read: %s", archive.VolumesRead)
	}
}

func TestEBackup(t *testing.T) {
	t.Parallel()
	f := files{
		"backups/shop/velero-backup.json": jsonText(t, object{"kind": "Backup", "spec": object{"runMode": "AppOnly", "appData": object{"volumes": "Restic"}}, "status": object{"phase": "Completed"}}),
		"backups/shop/shop.tar.gz":        tarball(t, shopItems()...),
	}
	archive := readShop(t, f, Options{})
	if archive.Record.RunMode != "AppOnly" {
		t.Errorf("record %+v", archive.Record)
	}
	for _, file := range archive.Files {
		if required := file.Role == backup.FileObject || file.Role == backup.FileContents; required != (file.Need == backup.NeedRequired) || file.Need == backup.NeedExpected {
			t.Errorf("%s is %s", file.Role, file.Need)
		}
	}
}

const disk = "ivd:4b8c1a1e-1:5c7d2b2f-2"

// vSphere keeps a disk in three places; the backup names it on the claim.
func vSphere(t *testing.T, data int) files {
	t.Helper()
	snapshot := jsonText(t, object{"status": object{"phase": "Snapshotted", "snapshotID": "pvc:shop/db:" + base64.StdEncoding.EncodeToString([]byte(disk))}})
	claim := claimOf("pv-db", "1Gi")
	claim["metadata"] = object{"annotations": object{snapshotAnnotation: base64.StdEncoding.EncodeToString(snapshot)}}
	f := shop(t)
	f["backups/shop/shop.tar.gz"] = tarball(t, inNamespace("persistentvolumeclaims", "shop", "db", claim)...)
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(t, nil)
	f["backups/shop/shop-podvolumebackups.json.gz"] = zipped(t, nil)
	f["backups/shop/shop-itemoperations.json.gz"] = zipped(t, nil)
	f["backups/shop/shop-resource-list.json.gz"] = zipped(t, nil)
	root := "plugins/vsphere-astrolabe-repo/ivd/"
	f[root+"peinfo/"+disk] = []byte("{}")
	f[root+"md/"+disk+".md/000000-0000000000000000"] = make([]byte, 3)
	f[root+"data/"+disk+".data/000000-0000000000000000"] = make([]byte, data)
	f[root+"data/ivd:other:1.data/000000-0000000000000000"] = make([]byte, 99)
	return f
}

func TestDisksOfVSphere(t *testing.T) {
	t.Parallel()
	v := readShop(t, vSphere(t, 7), all).Volumes[0]
	if v.Method != backup.MethodVSphere || v.Handle != disk || v.State != backup.VolumeCopied || *v.Bytes != 7 || v.NativePhase != "Snapshotted" {
		t.Errorf("%+v", v)
	}
	if v.Stored.Info != backup.Found || v.Stored.Metadata.Bytes != 3 || v.Stored.Data.Objects != 1 {
		t.Errorf("%+v", v.Stored)
	}
	f := vSphere(t, 0)
	delete(f, "plugins/vsphere-astrolabe-repo/ivd/peinfo/"+disk)
	if v := readShop(t, f, all).Volumes[0]; v.State != backup.VolumeUnknown || v.Stored.Info != backup.Absent || *v.Bytes != 0 {
		t.Errorf("%+v, %+v", v, v.Stored)
	}
	bucket := f.bucket(t)
	bucket.fail["plugins/vsphere-astrolabe-repo/ivd/data/"+disk] = errors.New("AccessDenied")
	if v := ReadBackup(t.Context(), bucket, Layout{}, "shop", all).Volumes[0]; v.Bytes != nil || v.Stored.Lookup != backup.Failed {
		t.Errorf("%+v, %+v", v, v.Stored)
	}
}

// Plugins before 1.1 are VolumeSnapshotters.
func TestDisksOfVSphereBefore11(t *testing.T) {
	t.Parallel()
	f := vSphere(t, 0)
	f["backups/shop/shop.tar.gz"] = tarball(t, shopItems()...)
	f["backups/shop/shop-volumesnapshots.json.gz"] = zipped(t, []any{object{"spec": object{"persistentVolumeName": "pv-db"}, "status": object{"providerSnapshotID": disk, "phase": "Completed"}}})
	for _, v := range readShop(t, f, all).Volumes {
		if v.Claim == "db" && (v.Method != backup.MethodVSphere || v.Bytes == nil || *v.Bytes != 0 || v.State != backup.VolumeCopied) {
			t.Errorf("%+v", v)
		}
	}
	for _, handle := range []string{"", "snap-1", "ivd:a", "ivd:..:b", "ivd:a/b:c", "pvc:a/b:!!", "pvc:a/b"} {
		if id, ok := diskSnapshot(handle); ok {
			t.Errorf("%q is the disk %q", handle, id)
		}
	}
}

func TestReadLog(t *testing.T) {
	t.Parallel()
	long := make([]byte, 3<<20)
	for i := range long {
		long[i] = 'x'
	}
	bucket := files{"backups/b/b-logs.gz": zippedText(t, "one\r\n\n"+string(long)+"\nlast")}.bucket(t)
	key, there, err := LogKey(t.Context(), bucket, Layout{}, backup.RoleBackup, "b")
	if err != nil || !there {
		t.Fatal(there, err)
	}
	var lines []int
	stop := errors.New("stop")
	if err := ReadLog(t.Context(), bucket, key, Limits{}, func(line []byte) error {
		lines = append(lines, len(line))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(lines) != 4 || lines[0] != 3 || lines[1] != 0 || lines[2] != maxLine || lines[3] != 4 {
		t.Errorf("lengths %d", lines)
	}
	if err := ReadLog(t.Context(), bucket, key, Limits{}, func([]byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
	if _, there, err := LogKey(t.Context(), bucket, Layout{}, backup.RoleRestore, "b"); there || err != nil {
		t.Errorf("%t %v", there, err)
	}
}
