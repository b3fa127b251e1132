package collect_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// drilledShop is what a drill of the namespace shop restored into drill-1-shop.
const drilledShop = `
- {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: late}, volumeBindingMode: WaitForFirstConsumer}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: drill-1-shop}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: shop}}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: web, namespace: drill-1-shop, generation: 1}
  spec: {replicas: 2}
  status: {observedGeneration: 1, readyReplicas: 1}
- apiVersion: apps/v1
  kind: StatefulSet
  metadata: {name: db, namespace: drill-1-shop, generation: 1}
  spec: {replicas: 1}
  status: {readyReplicas: 1}
- apiVersion: apps/v1
  kind: DaemonSet
  metadata: {name: agent, namespace: drill-1-shop, generation: 1}
  status: {observedGeneration: 1, desiredNumberScheduled: 2, numberReady: 2}
- apiVersion: v1
  kind: Pod
  metadata: {name: web-1, namespace: drill-1-shop}
  spec: {volumes: [{persistentVolumeClaim: {claimName: db}}]}
  status: {containerStatuses: [{state: {waiting: {reason: ErrImagePull, message: no such image}}}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: single, namespace: drill-1-shop}
  status: {conditions: [{type: Ready, status: "True"}]}
- apiVersion: v1
  kind: Pod
  metadata: {name: homeless, namespace: drill-1-shop}
  status: {conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: no room}]}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata: {name: db, namespace: drill-1-shop}
  spec: {volumeName: pv-9, storageClassName: late}
  status: {phase: Bound, capacity: {storage: 1Gi}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata: {name: files, namespace: drill-1-shop}
  spec: {resources: {requests: {storage: 2Gi}}}
  status: {phase: Pending}
`

func drillLook() *backup.DrillLook {
	object := func(resource, name string) backup.DrillObject {
		return backup.DrillObject{Resource: resource, Namespace: "shop", Name: name}
	}
	made := object("pods", "web-0")
	made.Made = true
	return &backup.DrillLook{
		Name: "drill-1-nightly", Namespaces: []backup.DrillNamespace{{From: "shop", To: "drill-1-shop"}},
		LeftOut: []backup.DrillLeftOut{{Resource: "ingresses.networking.k8s.io", Items: 1, Why: "so"}},
		Contents: backup.DrillContents{Objects: []backup.DrillObject{
			object("configmaps", "settings"), object("configmaps", "other"), object("widgets.example.com", "blue"), object("ingresses.networking.k8s.io", "web"),
			made, object("pods", "single"), object("pods", "homeless"),
		}},
		Found: &backup.DrillFound{},
	}
}

func TestWhatADrillRestoredIsComparedByName(t *testing.T) {
	c := collector(t, clusterOf(t, drilledShop))
	if _, _, err := c.Kinds(context.Background()); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, kind := range c.DrillKinds(context.Background(), drillLook()) {
		got[kind.Resource] = fmt.Sprintf("%s %d/%d, %d made, %d missing %v, left out %q", kind.Lookup, kind.Restored, kind.InBackup, kind.Not, kind.Missing, kind.Names, kind.LeftOut)
	}
	for resource, want := range map[string]string{
		"configmaps":                  `found 1/2, 0 made, 1 missing [shop/other], left out ""`,
		"pods":                        `found 2/3, 1 made, 0 missing [], left out ""`,
		"widgets.example.com":         `absent 0/1, 0 made, 1 missing [shop/blue], left out ""`,
		"ingresses.networking.k8s.io": ` 0/1, 0 made, 0 missing [], left out "so"`,
	} {
		if got[resource] != want {
			t.Errorf("%s: %s, want %s", resource, got[resource], want)
		}
	}
}

func TestAKindThatMayNotBeListedIsNotMissing(t *testing.T) {
	source := clusterOf(t, drilledShop)
	source.deny = []string{"configmaps"}
	c := collector(t, source)
	if _, _, err := c.Kinds(context.Background()); err != nil {
		t.Fatal(err)
	}
	kinds := c.DrillKinds(context.Background(), drillLook())
	i := slices.IndexFunc(kinds, func(k backup.DrillKind) bool { return k.Resource == "configmaps" })
	if k := kinds[i]; k.Lookup != backup.Denied || k.Missing != 0 || k.Rule == "" {
		t.Errorf("%+v", k)
	}
}

func TestHowReadyADrillIs(t *testing.T) {
	source := clusterOf(t, drilledShop)
	source.objects["storageclasses.storage.k8s.io"] = source.objects["storageclasss.storage.k8s.io"]
	c := collector(t, source)
	look := drillLook()
	c.DrillReady(context.Background(), look, look.Found)
	var got []string
	for _, w := range look.Found.Workloads {
		got = append(got, fmt.Sprintf("%s %s/%s %d/%d %s", w.Resource, w.Namespace, w.Name, w.Ready, w.Wanted, w.Why))
	}
	want := []string{
		"pods shop/single 1/1 ", "pods shop/homeless 0/1 Unschedulable: no room", "deployments.apps shop/web 1/2 pod web-1: ErrImagePull: no such image",
		"statefulsets.apps shop/db 0/1 ", "daemonsets.apps shop/agent 2/2 ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("workloads\n%q, want\n%q", got, want)
	}
	claims := []backup.DrillClaim{
		{Namespace: "shop", Name: "db", Class: "late", Bytes: 1 << 30, Phase: "Bound", PV: "pv-9", Waits: true, Used: true},
		{Namespace: "shop", Name: "files", Bytes: 2 << 30, Phase: "Pending"},
	}
	if !slices.Equal(look.Found.Claims, claims) || len(look.Found.Unread) > 0 {
		t.Errorf("claims %+v, unread %v", look.Found.Claims, look.Found.Unread)
	}
}

func TestWhatCannotBeReadOfADrillIsAGap(t *testing.T) {
	source := clusterOf(t, drilledShop)
	source.deny = []string{"pods"}
	look := drillLook()
	collector(t, source).DrillReady(context.Background(), look, look.Found)
	if len(look.Found.Unread) != 1 || look.Found.Unread[0].Lookup != backup.Denied {
		t.Errorf("%+v", look.Found.Unread)
	}
}

func TestWhatABackupHoldsForADrill(t *testing.T) {
	c := withStorage(t, veleroWithKeys(t), bucketOf(t, "b", nightlyFiles(t)))
	hit, err := c.Find(context.Background(), collect.Target{Type: "backup", Name: "nightly"}, collect.Scope{Namespace: "velero"})
	if err != nil {
		t.Fatal(err)
	}
	ev, contents, read, err := c.DrillContents(context.Background(), hit, nil)
	if err != nil || read.Lookup != backup.Found || len(contents.Objects) == 0 || ev.Archive == nil {
		t.Errorf("%+v, %+v, %v", contents, read, err)
	}
	if kinds := c.BackupKinds(); !slices.Contains(kinds, "backups.velero.io") || !slices.Contains(kinds, "backups.pingcap.com") {
		t.Errorf("%v", kinds)
	}
}

func TestWhatOutlivesADrill(t *testing.T) {
	source := clusterOf(t, `
- {apiVersion: v1, kind: PersistentVolume, metadata: {name: kept}, spec: {persistentVolumeReclaimPolicy: Retain, claimRef: {namespace: drill-1-shop, name: db}}}
- {apiVersion: v1, kind: PersistentVolume, metadata: {name: going}, spec: {persistentVolumeReclaimPolicy: Delete, claimRef: {namespace: drill-1-shop, name: db}}}
- {apiVersion: v1, kind: PersistentVolume, metadata: {name: original}, spec: {persistentVolumeReclaimPolicy: Retain, claimRef: {namespace: shop, name: db}}}
- {apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshotContent, metadata: {name: content}, spec: {deletionPolicy: Retain, volumeSnapshotRef: {namespace: drill-1-shop}}}
- {apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshotContent, metadata: {name: erasing}, spec: {deletionPolicy: Delete, volumeSnapshotRef: {namespace: drill-1-shop}}}
`)
	c := collector(t, source)
	if _, _, err := c.Kinds(context.Background()); err != nil {
		t.Fatal(err)
	}
	left, err := c.DrillLeft(context.Background(), drillLook())
	if err != nil || len(left) != 2 || left[0].Name != "kept" || left[1].Name != "content" {
		t.Errorf("%v, %v", left, err)
	}
	source.deny = []string{"persistentvolumes"}
	if _, err := c.DrillLeft(context.Background(), drillLook()); err == nil {
		t.Error("that volumes may not be listed is not told")
	}
}
