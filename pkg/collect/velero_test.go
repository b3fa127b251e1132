package collect_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// veleroObjects are a backup that is done for Velero while one of its two
// volumes still moves, what it refers to, and another backup without works.
const veleroObjects = `
- {apiVersion: velero.io/v1, kind: Backup, metadata: {name: nightly, namespace: velero, uid: u1}, spec: {storageLocation: default}, status: {phase: Completed, startTimestamp: "2026-11-21T08:00:00Z", completionTimestamp: "2026-11-21T08:05:00Z"}}
- {apiVersion: velero.io/v1, kind: Backup, metadata: {name: other, namespace: velero, uid: u2}, spec: {storageLocation: default}, status: {phase: Completed}}
- {apiVersion: velero.io/v1, kind: Backup, metadata: {name: orphan, namespace: velero, uid: u3}, spec: {storageLocation: gone}, status: {phase: Deleting}}
- {apiVersion: velero.io/v1, kind: BackupStorageLocation, metadata: {name: default, namespace: velero}, spec: {provider: aws, config: {region: eu-west-1}, objectStorage: {bucket: b, prefix: p}}}
- {apiVersion: velero.io/v2alpha1, kind: DataUpload, metadata: {name: nightly-1, namespace: velero, labels: {velero.io/backup-uid: u1}}, spec: {sourceNamespace: shop, sourcePVC: data-0}, status: {phase: Completed}}
- {apiVersion: velero.io/v2alpha1, kind: DataUpload, metadata: {name: nightly-2, namespace: velero, labels: {velero.io/backup-uid: u1}}, spec: {sourceNamespace: shop, sourcePVC: data-1}, status: {phase: InProgress, node: n1, progress: {bytesDone: 1, totalBytes: 4}}}
- {apiVersion: velero.io/v1, kind: DeleteBackupRequest, metadata: {name: orphan-x, namespace: velero, labels: {velero.io/backup-uid: u3}}, status: {phase: Processed, errors: [no such location]}}
- {apiVersion: velero.io/v1, kind: Restore, metadata: {name: back, namespace: velero, uid: u4, finalizers: [restores.velero.io/external-resources-finalizer], deletionTimestamp: "2026-11-21T08:30:00Z"}, spec: {backupName: nightly}, status: {phase: Completed}}
- {apiVersion: v1, kind: Pod, metadata: {name: nightly-2, namespace: velero, labels: {velero.io/data-upload: nightly-2}}, spec: {nodeName: n1}, status: {phase: Running, containerStatuses: [{name: u9, state: {running: {startedAt: "2026-11-21T08:01:00Z"}}}]}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: velero, namespace: velero, labels: {component: velero}}, spec: {replicas: 1, template: {spec: {containers: [{name: velero}]}}}, status: {readyReplicas: 1}}
- {apiVersion: apps/v1, kind: Deployment, metadata: {name: backup-driver, namespace: velero, labels: {component: velero}}, spec: {replicas: 1, template: {spec: {containers: [{name: backup-driver}]}}}, status: {readyReplicas: 1}}
- {apiVersion: apps/v1, kind: DaemonSet, metadata: {name: node-agent, namespace: velero}, spec: {template: {spec: {containers: [{name: node-agent}]}}}, status: {desiredNumberScheduled: 3, numberReady: 2}}
`

func velero(t *testing.T) *recorded {
	t.Helper()
	r := &recorded{objects: map[string][]map[string]any{}}
	for _, s := range []backup.Served{
		{Group: "velero.io", Version: "v1", Resource: "backups", Kind: "Backup"},
		{Group: "velero.io", Version: "v1", Resource: "restores", Kind: "Restore"},
		{Group: "velero.io", Version: "v1", Resource: "backupstoragelocations", Kind: "BackupStorageLocation"},
		{Group: "velero.io", Version: "v1", Resource: "deletebackuprequests", Kind: "DeleteBackupRequest"},
		{Group: "velero.io", Version: "v2alpha1", Resource: "datauploads", Kind: "DataUpload"},
		{Version: "v1", Resource: "pods", Kind: "Pod"},
	} {
		s.Namespaced, s.Preferred, s.Verbs = true, true, []string{"list"}
		r.served = append(r.served, s)
	}
	var items []map[string]any
	if err := yaml.Unmarshal([]byte(veleroObjects), &items); err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		key := resourceOf(item["kind"].(string), item["apiVersion"].(string))
		r.objects[key] = append(r.objects[key], item)
	}
	return r
}

func veleroEvidence(t *testing.T, source *recorded, target collect.Target) backup.Evidence {
	t.Helper()
	c := collector(t, source)
	hit, err := c.Find(context.Background(), target, collect.Scope{Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, collect.Depth{})
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestWorksOfABackupAreFoundByTheirLabel(t *testing.T) {
	o := veleroEvidence(t, velero(t), collect.Target{Name: "nightly"}).Object
	if o.Data != backup.DataMoving || o.DataWhy != "DataUpload velero/nightly-2 is InProgress" || o.WorksLookup != backup.Found {
		t.Errorf("data %s (%s), works %s", o.Data, o.DataWhy, o.WorksLookup)
	}
	if len(o.Works) != 2 || o.Works[1].Node != "n1" || o.Works[1].Volume != "shop/data-1" || len(o.Works[1].Pods) != 1 || o.Works[1].Pods[0].Container != "" && o.Works[1].Pods[0].Container != "running" {
		t.Fatalf("the works are %+v", o.Works)
	}
	if len(o.Locations) != 1 || o.Locations[0].URL() != "s3://b/p/backups/nightly/" || o.Locations[0].Credentials.String() != "Secret velero/cloud-credentials" {
		t.Errorf("the places are %+v", o.Locations)
	}
}

func TestAMoverThatMayNotBeListedLeavesTheDataUnknown(t *testing.T) {
	source := velero(t)
	source.deny = []string{"datauploads.velero.io"}
	ev := veleroEvidence(t, source, collect.Target{Name: "other"})
	if ev.Object.Data != backup.DataUnknown || ev.Object.WorksLookup != backup.Denied || len(ev.Object.Works) != 1 || ev.Object.Works[0].Ref.Name != "*" {
		t.Errorf("data %s, works %s %+v", ev.Object.Data, ev.Object.WorksLookup, ev.Object.Works)
	}
	if !slices.ContainsFunc(ev.Gaps, func(g backup.Gap) bool { return strings.HasPrefix(g.What, "datauploads.velero.io") }) {
		t.Errorf("no gap says so: %+v", ev.Gaps)
	}
}

func TestRowsHaveTheirWorksWithOneListOfEachKind(t *testing.T) {
	source := velero(t)
	rows := map[string]backup.Object{}
	gaps, err := collector(t, source).List(context.Background(), collect.Query{Namespace: "velero", Explicit: true}, func(o backup.Object) { rows[o.Ref.Name] = o })
	if err != nil || len(gaps) != 1 { // the schema, since this cluster serves no definitions
		t.Fatalf("gaps %v, error %v", gaps, err)
	}
	if rows["nightly"].Data != backup.DataMoving || rows["other"].Data != backup.DataInline || len(rows["nightly"].Works) != 2 {
		t.Errorf("nightly %s, other %s", rows["nightly"].Data, rows["other"].Data)
	}
	if places := rows["nightly"].Locations; len(places) != 1 || places[0].Bucket != "b" {
		t.Errorf("the places are %+v", places)
	}
	if o := rows["orphan"]; o.Stuck(recordedAt) != backup.Yes || len(o.Locations) != 1 || o.Locations[0].Provider != "" {
		t.Errorf("what cannot be deleted is stuck %s, its places are %+v", o.Stuck(recordedAt), o.Locations)
	}
	lists := 0
	for _, call := range source.asked {
		if call == "list datauploads.velero.io" {
			lists++
		}
	}
	if lists != 1 {
		t.Errorf("DataUploads were listed %d times for three backups", lists)
	}
}

func TestThePlaceOfARestoreIsThatOfItsBackup(t *testing.T) {
	ev := veleroEvidence(t, velero(t), collect.Target{Type: "restore", Name: "back"})
	if places := ev.Object.Locations; len(places) != 1 || places[0].URL() != "s3://b/p/restores/back/" {
		t.Errorf("the places are %+v", places)
	}
	if len(ev.Owners) != 1 || len(ev.Owners[0].Deployments) != 1 || ev.Owners[0].Deployments[0].Ref.Name != "velero" {
		t.Errorf("the owner is %+v, want only the Deployment with the container velero", ev.Owners)
	}
}

func TestTheOwnerOfAMoverIsADaemonSet(t *testing.T) {
	source := velero(t)
	mover := source.objects["datauploads.velero.io"][1]["metadata"].(map[string]any)
	mover["finalizers"] = []any{"velero.io/data-upload-download-finalizer"}
	ev := veleroEvidence(t, source, collect.Target{Type: "datauploads.velero.io", Name: "nightly-2"})
	want := backup.Deployment{Ref: backup.Ref{Group: "apps", Version: "v1", Resource: "daemonsets", Kind: "DaemonSet", Namespace: "velero", Name: "node-agent"}, Replicas: 3, Ready: 2}
	if len(ev.Owners) != 1 || len(ev.Owners[0].Deployments) != 1 || ev.Owners[0].Deployments[0].Ref != want.Ref || ev.Owners[0].Deployments[0].Ready != 2 {
		t.Errorf("the owner is %+v", ev.Owners)
	}
	if works := ev.Object.Works; len(works) != 1 || works[0].Ref.Human() != "Pod velero/nightly-2" || works[0].Phase != backup.PhaseRunning || len(works[0].Pods) != 1 {
		t.Errorf("the works are %+v, want its pod", works)
	}
}

func TestABareNameMeansNoWork(t *testing.T) {
	_, err := collector(t, velero(t)).Find(context.Background(), collect.Target{Name: "nightly-1"}, collect.Scope{Namespace: "velero"})
	if err == nil {
		t.Error("a DataUpload is found by its bare name")
	}
}

func TestTheSchemaTellsWhoseTheBackupsAre(t *testing.T) {
	for name, field := range map[string]string{"velero": "ttl", "e-backup": "runMode"} {
		source := velero(t)
		spec := map[string]any{"properties": map[string]any{field: map[string]any{}}}
		schema := map[string]any{"openAPIV3Schema": map[string]any{"properties": map[string]any{"spec": spec}}}
		source.objects["customresourcedefinitions.apiextensions.k8s.io"] = []map[string]any{{
			"metadata": map[string]any{"name": "backups.velero.io"},
			"spec":     map[string]any{"versions": []any{map[string]any{"name": "v1", "schema": schema}}},
		}}
		kinds, gaps, err := collector(t, source).Kinds(context.Background())
		if err != nil || len(gaps) != 0 {
			t.Fatalf("gaps %v, error %v", gaps, err)
		}
		for _, kind := range kinds {
			if kind.Role == backup.RoleBackup && kind.System != name {
				t.Errorf("%s: %s reads %s", name, kind.System, kind.Served.Resource)
			}
		}
	}
}
