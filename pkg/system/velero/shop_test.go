package velero

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// shop is a backup as Velero 1.18 leaves it: a namespace with a database that was
// copied as files, a cache whose CSI snapshot was moved, and a queue with a snapshot.
func shop(t testing.TB) files {
	t.Helper()
	at := func(name string) string { return "backups/shop/" + name }
	object, err := json.Marshal(shopObject())
	if err != nil {
		t.Fatal(err)
	}
	return files{
		at("velero-backup.json"):                              object,
		at("shop.tar.gz"):                                     tarball(t, shopItems()...),
		at("shop-logs.gz"):                                    zippedText(t, shopLog),
		at("shop-results.gz"):                                 zipped(t, map[string]any{"errors": map[string]any{}, "warnings": map[string]any{"namespaces": map[string]any{"shop": []string{"resource: /pods name: /web message: /hook failed"}}}}),
		at("shop-resource-list.json.gz"):                      zipped(t, shopResources()),
		at("shop-volumeinfo.json.gz"):                         zipped(t, shopVolumes()),
		at("shop-podvolumebackups.json.gz"):                   zipped(t, []any{shopPodVolume()}),
		at("shop-volumesnapshots.json.gz"):                    zipped(t, []any{}),
		at("shop-itemoperations.json.gz"):                     zipped(t, []any{shopOperation()}),
		"kopia/shop/kopia.repository":                         []byte("{}"),
		"kopia/shop/p0b7aa3f5":                                []byte("data"),
		"backups/other/velero-backup.json":                    []byte("{}"),
		"backups/shop-2/shop-2-logs.gz":                       zippedText(t, shopLog),
		"restores/again/restore-again-logs.gz":                zippedText(t, shopLog),
		"restores/again/again-volumeinfo.json.gz":             zipped(t, []any{map[string]any{"pvcName": "db", "pvcNamespace": "shop", "restoreMethod": "PodVolumeRestore", "snapshotDataMoved": false, "pvrInfo": map[string]any{"snapshotHandle": "k1", "uploaderType": "kopia", "volumeName": "data", "podName": "db-0", "podNamespace": "shop", "size": 4096}}}),
		"restores/again/restore-again-results.gz":             zipped(t, map[string]any{"errors": map[string]any{"cluster": []string{"no StorageClass fast"}}, "warnings": map[string]any{}}),
		"restores/again/restore-again-resource-list.json.gz":  zipped(t, map[string][]string{"v1/Pod": {"shop/db-0(created)", "shop/web(skipped)"}}),
		"restores/again/restore-again-itemoperations.json.gz": zipped(t, []any{}),
	}
}

const shopLog = `time="2026-11-20T01:00:00Z" level=info msg="Setting up backup log" backup=velero/shop logSource="pkg/controller/backup_controller.go:1"
time="2026-11-20T01:00:01Z" level=warning msg="level=error is only text here" backup=velero/shop
time="2026-11-20T01:00:02Z" level=error msg="Error executing hook" backup=velero/shop error="exit 1"
`

func shopObject() object {
	return object{
		"apiVersion": "velero.io/v1", "kind": "Backup",
		"metadata": object{"name": "shop", "namespace": "velero", "uid": "u-1", "annotations": object{"velero.io/source-cluster-k8s-gitversion": "v1.36.3"}},
		"spec": object{
			"storageLocation": "default", "ttl": "720h0m0s", "snapshotMoveData": true, "defaultVolumesToFsBackup": false,
			"csiSnapshotTimeout": "10m0s", "includedNamespaces": []string{"shop"}, "hooks": object{},
		},
		"status": object{
			"phase": "Completed", "formatVersion": "1.1.0", "version": 1, "expiration": "2026-12-20T01:00:00Z",
			"startTimestamp": "2026-11-20T01:00:00Z", "completionTimestamp": "2026-11-20T01:05:00Z",
			"progress": object{"totalItems": 9, "itemsBackedUp": 9}, "warnings": 1, "hookStatus": object{"hooksAttempted": 1, "hooksFailed": 1},
			"backupItemOperationsAttempted": 1, "backupItemOperationsCompleted": 1,
		},
	}
}

func shopItems() []entry {
	return slices.Concat(
		clusterWide("namespaces", "shop", object{}),
		inNamespace("pods", "shop", "db-0", podOf("Running", object{optInAnnotation: "data"}, object{"name": "data", "persistentVolumeClaim": object{"claimName": "db"}})),
		inNamespace("pods", "shop", "web", podOf("Running", nil, object{"name": "tmp", "emptyDir": object{}})),
		inNamespace("persistentvolumeclaims", "shop", "db", claimOf("pv-db", "1Gi")),
		inNamespace("persistentvolumeclaims", "shop", "cache", claimOf("pv-cache", "2Gi")),
		inNamespace("persistentvolumeclaims", "shop", "queue", claimOf("pv-queue", "3Gi")),
		clusterWide("persistentvolumes", "pv-db", volumeOf("shop", "db", "1Gi")),
		clusterWide("persistentvolumes", "pv-cache", volumeOf("shop", "cache", "2Gi")),
		clusterWide("persistentvolumes", "pv-queue", volumeOf("shop", "queue", "3Gi")),
	)
}

func podOf(phase string, annotations object, volumes ...object) object {
	return object{"kind": "Pod", "metadata": object{"annotations": annotations}, "spec": object{"nodeName": "node-1", "volumes": volumes}, "status": object{"phase": phase}}
}

func claimOf(volume, size string) object {
	phase := "Bound"
	if volume == "" {
		phase = "Pending"
	}
	return object{"spec": object{"volumeName": volume, "resources": object{"requests": object{"storage": size}}}, "status": object{"phase": phase}}
}

func volumeOf(namespace, claim, size string) object {
	return object{"metadata": object{"name": "pv-" + claim}, "spec": object{"capacity": object{"storage": size}, "claimRef": object{"namespace": namespace, "name": claim}, "csi": object{"driver": "csi.lab"}}}
}

func shopResources() map[string][]string {
	return map[string][]string{
		"v1/Namespace": {"shop"}, "v1/Pod": {"shop/db-0", "shop/web"},
		"v1/PersistentVolumeClaim": {"shop/cache", "shop/db", "shop/queue"},
		"v1/PersistentVolume":      {"pv-cache", "pv-db", "pv-queue"},
	}
}

func shopVolumes() []any {
	return []any{
		object{
			"pvcName": "db", "pvcNamespace": "shop", "pvName": "pv-db", "backupMethod": "PodVolumeBackup", "snapshotDataMoved": false, "preserveLocalSnapshot": false,
			"skipped": false, "result": "succeeded", "startTimestamp": "2026-11-20T01:01:00Z", "completionTimestamp": "2026-11-20T01:02:00Z",
			"pvbInfo": object{"snapshotHandle": "k1", "size": 4096, "uploaderType": "kopia", "volumeName": "data", "podName": "db-0", "podNamespace": "shop", "nodeName": "node-1", "Phase": "Completed"},
		},
		object{
			"pvcName": "cache", "pvcNamespace": "shop", "pvName": "pv-cache", "backupMethod": "CSISnapshot", "snapshotDataMoved": true, "preserveLocalSnapshot": false,
			"skipped": false, "result": "succeeded",
			"snapshotDataMovementInfo": object{"dataMover": "velero", "uploaderType": "kopia", "snapshotHandle": "k2", "operationID": "du-1", "size": 2048, "incrementalSize": 10, "Phase": "Completed"},
		},
		object{
			"pvcName": "queue", "pvcNamespace": "shop", "pvName": "pv-queue", "backupMethod": "CSISnapshot", "snapshotDataMoved": false, "preserveLocalSnapshot": true,
			"skipped": false, "result": "succeeded",
			"csiSnapshotInfo": object{"snapshotHandle": "snap-9", "size": 3 << 30, "driver": "csi.lab", "vscName": "vsc-9", "ReadyToUse": true},
		},
	}
}

func shopPodVolume() object {
	return object{
		"metadata": object{"name": "shop-abc", "namespace": "velero", "annotations": object{"velero.io/pvc-name": "db"}},
		"spec":     object{"node": "node-1", "pod": object{"namespace": "shop", "name": "db-0"}, "volume": "data", "uploaderType": "kopia"},
		"status":   object{"phase": "Completed", "snapshotID": "k1", "progress": object{"totalBytes": 4096, "bytesDone": 4096}},
	}
}

func shopOperation() object {
	return object{
		"spec":   object{"backupName": "shop", "backupItemAction": "velero.io/csi-pvc-backupper", "operationID": "du-1", "resourceIdentifier": object{"Group": "", "Resource": "persistentvolumeclaims", "Namespace": "shop", "Name": "cache"}, "postOperationItems": []any{object{}}},
		"status": object{"phase": "Completed", "nCompleted": 2048, "nTotal": 2048, "operationUnits": "Bytes", "description": "Completed", "created": "2026-11-20T01:01:00Z"},
	}
}

// readShop reads the archive of what is in the files.
func readShop(t testing.TB, f files, options Options) backup.Archive {
	t.Helper()
	options.At = testAt()
	return ReadBackup(t.Context(), f.bucket(t), Layout{}, "shop", options)
}
