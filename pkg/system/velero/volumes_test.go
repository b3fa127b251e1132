package velero

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// volumeCase is a backup of one claim, data, of which no file says that it was copied.
type volumeCase struct {
	spec  object
	items []entry
	info  []any
	// wants
	name, why string
	meant     bool
}

func TestWhyAVolumeWasNotCopied(t *testing.T) {
	t.Parallel()
	mounted := object{"name": "v", "persistentVolumeClaim": object{"claimName": "data"}}
	bound := inNamespace("persistentvolumeclaims", "a", "data", claimOf("pv-data", "1Gi"))
	with := func(entries ...[]entry) []entry { return slices.Concat(entries...) }
	onPod := func(phase string, annotations object) []entry {
		return inNamespace("pods", "a", "p", podOf(phase, annotations, mounted))
	}
	for name, c := range map[string]volumeCase{
		"no annotation": {
			items: with(bound, onPod("Running", nil)),
			why:   `pod p does not name volume "v" in annotation backup.velero.io/backup-volumes`,
		},
		"another volume is named": {
			items: with(bound, onPod("Running", object{optInAnnotation: "w,vv"})),
			why:   `pod p does not name volume "v"`,
		},
		"the pod does not run": {
			items: with(bound, onPod("Pending", object{optInAnnotation: "w,v"})),
			why:   "pod p was Pending, and Velero skips the volumes of a pod that does not run",
		},
		"the pod does not run, by default": {
			spec: object{"defaultVolumesToFsBackup": true}, items: with(bound, onPod("Succeeded", nil)),
			why: "pod p was Succeeded",
		},
		"opted out": {
			spec: object{"defaultVolumesToFsBackup": true}, items: with(bound, onPod("Running", object{optOutAnnotation: "v"})),
			why: "pod p opts it out", meant: true,
		},
		"no pod": {items: bound, why: "no pod in the backup uses it"},
		"not bound": {
			items: inNamespace("persistentvolumeclaims", "a", "data", claimOf("", "1Gi")),
			why:   "the claim was not bound", meant: true,
		},
		"a hostPath volume": {
			items: with(bound, clusterWide("persistentvolumes", "pv-data", object{"spec": object{"hostPath": object{"path": "/data"}}})),
			why:   "its volume is a hostPath",
		},
		"no snapshots": {spec: object{"snapshotVolumes": false}, items: bound, why: "spec.snapshotVolumes is false"},
		"neither way":  {spec: object{"snapshotVolumes": false, "defaultVolumesToFsBackup": false}, items: bound, why: "are false", meant: true},
		"only applications": {
			spec: object{"runMode": "AppOnly"}, items: bound, why: "spec.runMode is AppOnly", meant: true,
		},
		"a volume policy": {
			spec: object{"resourcePolicy": object{"kind": "configmap", "name": "rules"}}, items: bound, why: "ConfigMap rules may skip it",
		},
		"skipped by a policy": {
			items: bound, info: []any{object{"pvcName": "data", "pvcNamespace": "a", "skipped": true, "skippedReason": "podvolume: matched action is 'skip' in chosen resource policies;"}},
			why: "podvolume: matched action is 'skip'", meant: true,
		},
		"skipped because nothing was responsible": {
			items: bound, info: []any{object{"pvcName": "data", "pvcNamespace": "a", "skipped": true, "skippedReason": "volumeSnapshot: not satisfy the criteria for VolumePolicy or the legacy snapshot way;"}},
			why: "no pod in the backup uses it, and no snapshot was taken (recorded: volumeSnapshot: not satisfy",
		},
		"recorded as opted out, and no annotation says so": {
			items: with(bound, onPod("Running", nil)), info: []any{object{"pvcName": "data", "pvcNamespace": "a", "skipped": true, "skippedReason": "podvolume: opted out due to annotation in pod p;"}},
			why: "pod p does not name volume",
		},
		"recorded as opted out, and an annotation says so": {
			spec:  object{"defaultVolumesToFsBackup": true},
			items: with(bound, onPod("Running", object{optOutAnnotation: "x,v"})), info: []any{object{"pvcName": "data", "pvcNamespace": "a", "skipped": true, "skippedReason": "podvolume: opted out due to annotation in pod p;"}},
			why: "pod p opts it out", meant: true,
		},
		"a selector misses the claim": {
			spec: object{"labelSelector": object{"matchLabels": object{"app": "x"}}}, items: onPod("Running", nil),
			why: "the label selector of the backup misses it",
		},
		"filters leave the claim out": {items: onPod("Running", nil), why: "its filters leave it out"},
		"hostPath of a pod": {
			items: inNamespace("pods", "a", "p", podOf("Running", nil, object{"name": "v", "hostPath": object{"path": "/var/log"}})),
			name:  "a/p:v", why: "hostPath /var/log", meant: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := c.read(t)
			wantName := orElse(c.name, "a/data")
			if v.Name() != wantName || v.State != backup.VolumeNotCopied || v.Method != backup.MethodNone || v.Meant != c.meant || !strings.Contains(v.Why, c.why) {
				t.Errorf("%+v, want %q", v, c.why)
			}
		})
	}
}

// read returns the only volume of the case.
func (c volumeCase) read(t *testing.T) backup.ArchivedVolume {
	t.Helper()
	f := shop(t)
	spec := object{"storageLocation": "default"}
	for key, value := range c.spec {
		spec[key] = value
	}
	stored := shopObject()
	stored["spec"] = spec
	f["backups/shop/velero-backup.json"] = jsonText(t, stored)
	f["backups/shop/shop.tar.gz"] = tarball(t, c.items...)
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(t, c.info)
	f["backups/shop/shop-podvolumebackups.json.gz"] = zipped(t, nil)
	f["backups/shop/shop-itemoperations.json.gz"] = zipped(t, nil)
	f["backups/shop/shop-resource-list.json.gz"] = zipped(t, nil)
	archive := readShop(t, f, all)
	if len(archive.Volumes) != 1 {
		t.Fatalf("%d volumes: %+v", len(archive.Volumes), archive.Volumes)
	}
	return archive.Volumes[0]
}

func TestVolumesThatFailedOrMove(t *testing.T) {
	t.Parallel()
	f := shop(t)
	failed := shopPodVolume()
	failed["status"] = object{"phase": "Failed", "message": "data path is broken"}
	info := shopVolumes()
	info[0].(object)["result"] = "failed"
	info[0].(object)["pvbInfo"].(object)["Phase"] = "Failed"
	info[1].(object)["result"] = ""
	info[1].(object)["snapshotDataMovementInfo"].(object)["Phase"] = "InProgress"
	operation := shopOperation()
	operation["status"] = object{"phase": "InProgress", "description": "Current phase: InProgress"}
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(t, info)
	f["backups/shop/shop-podvolumebackups.json.gz"] = zipped(t, []any{failed})
	f["backups/shop/shop-itemoperations.json.gz"] = zipped(t, []any{operation})
	archive := readShop(t, f, Options{})
	cache, db := archive.Volumes[0], archive.Volumes[1]
	if cache.State != backup.VolumeMoving || cache.Why != "Current phase: InProgress" {
		t.Errorf("cache %+v", cache)
	}
	if db.State != backup.VolumeFailed || db.Why != "data path is broken" {
		t.Errorf("db %+v", db)
	}
}

// A volume of which only an operation speaks belongs to a plugin that nobody knows.
func TestVolumeOfAnUnknownPlugin(t *testing.T) {
	t.Parallel()
	f := shop(t)
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(t, nil)
	f["backups/shop/shop-podvolumebackups.json.gz"] = zipped(t, nil)
	operation := shopOperation()
	operation["spec"].(object)["backupItemAction"] = "example.com/copier"
	f["backups/shop/shop-itemoperations.json.gz"] = zipped(t, []any{operation})
	cache := readShop(t, f, all).Volumes[0]
	if cache.State != backup.VolumeUnknown || cache.Driver != "example.com/copier" || cache.Capacity == nil {
		t.Errorf("cache %+v", cache)
	}
	operation["status"] = object{"phase": "Failed", "error": "no licence"}
	f["backups/shop/shop-itemoperations.json.gz"] = zipped(t, []any{operation})
	if cache := readShop(t, f, all).Volumes[0]; cache.State != backup.VolumeFailed || cache.Why != "no licence" {
		t.Errorf("cache %+v", cache)
	}
}
