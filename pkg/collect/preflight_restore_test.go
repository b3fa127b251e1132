package collect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// shopObjects are what a restore of namespace shop meets.
const shopObjects = `
- {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
- {apiVersion: v1, kind: Namespace, metadata: {name: leaving, deletionTimestamp: "2026-11-21T08:00:00Z"}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop, managedFields: [{manager: kubectl, time: "%s"}, {manager: status, subresource: status, time: "2026-11-21T09:59:00Z"}]}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt, namespace: shop}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: classes, namespace: velero, labels: {velero.io/plugin-config: "", velero.io/change-storage-class: RestoreItemAction}}, data: {old: fast}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: helper, namespace: velero, labels: {velero.io/plugin-config: "", velero.io/pod-volume-restore: RestoreItemAction}}, data: {image: "registry.example.com/helper:v1"}}
- {apiVersion: v1, kind: Service, metadata: {name: web, namespace: other}, spec: {ports: [{nodePort: 30080}, {}]}}
- {apiVersion: v1, kind: Node, metadata: {name: n1, labels: {topology.kubernetes.io/zone: a}}}
- {apiVersion: v1, kind: Node, metadata: {name: n2, labels: {failure-domain.beta.kubernetes.io/zone: b}}}
- {apiVersion: v1, kind: Node, metadata: {name: n3}}
`

// toShop is a cluster with Velero and what a restore meets.
func toShop(t *testing.T) *recorded {
	t.Helper()
	r := veleroWithKeys(t)
	r.served = append(r.served, []backup.Served{
		{Version: "v1", Resource: "configmaps", Kind: "ConfigMap", ShortNames: []string{"cm"}, Namespaced: true, Verbs: []string{"list"}},
		{Version: "v1", Resource: "namespaces", Kind: "Namespace", Verbs: []string{"list"}},
		{Version: "v1", Resource: "nodes", Kind: "Node", Verbs: []string{"list"}},
		{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets", Kind: "PodDisruptionBudget", Namespaced: true, Verbs: []string{"list"}},
	}...)
	var items []map[string]any
	text := fmt.Sprintf(shopObjects, recordedAt.Add(-2*time.Minute).Format(time.RFC3339))
	if err := yaml.Unmarshal([]byte(text), &items); err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		key := resourceOf(item["kind"].(string), item["apiVersion"].(string))
		r.objects[key] = append(r.objects[key], item)
	}
	server := r.objects["deployments.apps"][0]["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)
	server["image"], server["args"] = "velero/velero:v1.18.3", []any{"server", "--features=EnableAPIGroupVersions", "--restore-resource-priorities", "pods,services"}
	storageClass := map[string]any{"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": map[string]any{"name": "fast"}, "provisioner": "csi.example.com"}
	r.objects["storageclasses.storage.k8s.io"] = []map[string]any{storageClass}
	r.objects["pods"][0]["spec"].(map[string]any)["containers"] = []any{map[string]any{"image": "registry.example.com/a/b:1"}, map[string]any{"image": "nginx"}}
	return r
}

// shopFiles are those of a backup of namespace shop.
func shopFiles(t *testing.T) map[string]string {
	files := nightlyFiles(t)
	files["p/backups/nightly/nightly-resource-list.json.gz"] = zipped(t, `{"v1/ConfigMap":["shop/a","shop/b","shop/kube-root-ca.crt","off/c"],"v1/Namespace":["shop"],"v1/Node":["n1"],"v1/Gone":["shop/x"],
		"policy/v1beta1/PodDisruptionBudget":["shop/p"],"example.com/v1/Gadget":["shop/g"],"apiextensions.k8s.io/v1/CustomResourceDefinition":["gadgets.example.com"],"storage.k8s.io/v1/StorageClass":["old"]}`)
	return files
}

func lookBefore(t *testing.T, source *recorded, endpoint string, spec map[string]any, skip ...backup.PreflightCheck) *backup.RestoreLook {
	t.Helper()
	c := withStorage(t, source, endpoint)
	hit, err := c.Find(t.Context(), collect.Target{Name: "nightly"}, collect.Scope{Namespace: "velero"})
	if err != nil {
		t.Fatal(err)
	}
	return c.Restore(t.Context(), map[string]any{"spec": spec}, hit, skip)
}

func TestWhatARestoreMeetsIsRead(t *testing.T) {
	t.Parallel()
	l := lookBefore(t, toShop(t), bucketOf(t, "b", shopFiles(t)), map[string]any{"backupName": "nightly", "includedNamespaces": []any{"shop"}})
	if l.SourceRead.Lookup != backup.Found || l.Source.Archive.Listing != backup.Found || l.Source.Archive.File(backup.FileContents).State != backup.FileSound {
		t.Errorf("source %+v, archive %+v", l.SourceRead, l.Source.Archive)
	}
	if l.Location == nil || l.Location.Lookup != backup.Found || l.Location.Ref.Name != "default" {
		t.Errorf("location %+v", l.Location)
	}
	kinds := fmt.Sprint(l.Kinds.Kinds)
	if want := "[{example.com/v1/Gadget 1 no [] false} {policy/v1beta1/PodDisruptionBudget 1 no [v1] false} {v1/ConfigMap 3 yes [v1] false} {v1/Gone 1 no [] false}]"; kinds != want {
		t.Errorf("kinds %s, want %s", kinds, want)
	}
	e := l.Existing
	if e.Lookup != backup.Found || e.Planned != 6 || len(e.Namespaces) != 1 || len(e.Kinds) != 1 || e.Kinds[0].Count != 1 || e.Kinds[0].Changed != 1 || e.Kinds[0].By != "kubectl" {
		t.Errorf("existing %+v", e)
	}
	if l.Contents == nil || l.Contents.Lookup != backup.Found {
		t.Errorf("contents %+v", l.Contents)
	}
	if l.Classes.Provisioners["fast"] != "csi.example.com" || l.Classes.Mapped["old"] != "fast" || l.Classes.MappedBy != "ConfigMap classes" || l.Classes.Restored != nil {
		t.Errorf("classes %+v", l.Classes)
	}
	if l.Ports.Owners[30080] != "other/web" || len(l.Ports.Owners) != 1 {
		t.Errorf("ports %+v", l.Ports)
	}
	if s := l.Server; s.Lookup != backup.Found || s.Priorities != "pods,services" || !s.AllVersions || s.Helper != "registry.example.com/helper:v1" || s.HelperFrom.Name != "helper" {
		t.Errorf("server %+v", s)
	}
	if l.Images.Pods["registry.example.com"] != 1 || l.Images.Pods["docker.io"] != 1 {
		t.Errorf("registries %+v", l.Images)
	}
	if !slices.Equal(l.Zones.Zones, []string{"a", "b"}) || l.Zones.Unlabelled != 1 {
		t.Errorf("zones %+v", l.Zones)
	}
}

func TestARestoreOfEverythingBringsDefinitionsAndClasses(t *testing.T) {
	t.Parallel()
	l := lookBefore(t, toShop(t), bucketOf(t, "b", shopFiles(t)), map[string]any{"backupName": "nightly", "namespaceMapping": map[string]any{"shop": "leaving"}})
	for _, k := range l.Kinds.Kinds {
		if k.Kind == "example.com/v1/Gadget" && !k.Made || k.Kind == "v1/Gone" && k.Made {
			t.Errorf("kind %+v", k)
		}
	}
	if !slices.Equal(l.Classes.Restored, []string{"old"}) {
		t.Errorf("classes %+v", l.Classes)
	}
	if n := l.Existing.Namespaces; len(n) != 2 || n[0].Name != "leaving" || n[0].Deleted == nil || n[1].Lookup != backup.Absent {
		t.Errorf("namespaces %+v", n)
	}
}

func TestWhatIsSkippedIsNotReadBeforeARestore(t *testing.T) {
	t.Parallel()
	source := toShop(t)
	all := []backup.PreflightCheck{
		backup.CheckBackup, backup.CheckVersions, backup.CheckDefinitions, backup.CheckStorageClasses, backup.CheckNamespaces, backup.CheckNodePorts, backup.CheckHelperImages,
		backup.CheckRestoreOrder, backup.CheckNamespaceMapping, backup.CheckClusterIPs, backup.CheckZones, backup.CheckSizes, backup.CheckRecentChanges,
	}
	l := lookBefore(t, source, "http://127.0.0.1:1", map[string]any{}, all...)
	if l.Kinds != nil || l.Existing != nil || l.Contents != nil || l.Server != nil || l.Source.Archive != nil {
		t.Errorf("%+v", l)
	}
	for _, call := range source.asked {
		if strings.HasPrefix(call, "secret ") || call == "list services" {
			t.Errorf("asked for %q", call)
		}
	}
}

func TestWhatCannotBeReadBeforeARestoreIsUnknown(t *testing.T) {
	t.Parallel()
	source := toShop(t)
	source.deny = []string{"services", "nodes", "storageclasses.storage.k8s.io", "deployments.apps"}
	l := lookBefore(t, source, "http://127.0.0.1:1", map[string]any{"backupName": "nightly"})
	for name, r := range map[string]backup.Read{"ports": l.Ports.Read, "zones": l.Zones.Read, "classes": l.Classes.Read, "server": l.Server.Read} {
		if r.Lookup != backup.Denied {
			t.Errorf("%s: %+v", name, r)
		}
	}
	for name, r := range map[string]backup.Read{"contents": l.Contents.Read, "kinds": l.Kinds.Read, "existing": l.Existing.Read} {
		if r.Lookup != backup.Failed || r.Error == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestATarballThatIsCutOffIsDamageOfTheBackup(t *testing.T) {
	t.Parallel()
	files := shopFiles(t)
	files["p/backups/nightly/nightly.tar.gz"] = files["p/backups/nightly/nightly.tar.gz"][:60]
	l := lookBefore(t, toShop(t), bucketOf(t, "b", files), map[string]any{"backupName": "nightly"})
	if file := l.Source.Archive.File(backup.FileContents); !file.State.Damaged() || l.Contents.Damage == "" {
		t.Errorf("file %+v, contents %+v", file, l.Contents)
	}
}
