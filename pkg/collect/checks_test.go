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

// troubled are a restore that hangs on an image and on a class that does not
// exist, and what else is in its cluster.
const troubled = `
- {apiVersion: velero.io/v1, kind: Restore, metadata: {name: again, namespace: velero, uid: u5, creationTimestamp: "2026-11-21T08:30:00Z"}, spec: {backupName: nightly}, status: {phase: InProgress}}
- {apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {velero.io/restore-name: again}}, spec: {initContainers: [{name: restore-wait, image: "velero/velero:v1.18.3"}]}, status: {phase: Pending, initContainerStatuses: [{name: restore-wait, state: {waiting: {reason: ImagePullBackOff}}}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: other, namespace: shop, labels: {velero.io/restore-name: other}}, spec: {initContainers: [{name: restore-wait, image: "velero/velero:v1.18.3"}]}, status: {phase: Pending, initContainerStatuses: [{name: restore-wait, state: {waiting: {reason: ImagePullBackOff}}}]}}
- {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: shop, labels: {velero.io/restore-name: again}}, spec: {storageClassName: fast}, status: {phase: Pending}}
- {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: b, namespace: shop, labels: {velero.io/restore-name: again}}, spec: {storageClassName: slow}, status: {phase: Pending}}
- {apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: slow}}
`

func troubledCluster(t *testing.T) *recorded {
	t.Helper()
	source := velero(t)
	for _, s := range []backup.Served{
		{Version: "v1", Resource: "persistentvolumeclaims", Kind: "PersistentVolumeClaim", Namespaced: true},
		{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses", Kind: "StorageClass"},
	} {
		s.Preferred, s.Verbs = true, []string{"list"}
		source.served = append(source.served, s)
	}
	var items []map[string]any
	if err := yaml.Unmarshal([]byte(troubled), &items); err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		key := resourceOf(item["kind"].(string), item["apiVersion"].(string))
		if item["kind"] == "StorageClass" {
			key = "storageclasses.storage.k8s.io"
		}
		source.objects[key] = append(source.objects[key], item)
	}
	return source
}

func checkedIn(t *testing.T, source *recorded) map[string]backup.Checked {
	t.Helper()
	c := collector(t, source)
	hit, err := c.Find(context.Background(), collect.Target{Type: "restore", Name: "again"}, collect.Scope{Namespace: "velero"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, collect.Depth{Blockers: true})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]backup.Checked{}
	for _, c := range ev.Checked {
		out[c.Code] = c
	}
	return out
}

func TestChecksOfProfilesAreAsked(t *testing.T) {
	found := checkedIn(t, troubledCluster(t))
	image := found["BK-E121"]
	if len(image.Hits) != 1 || image.Hits[0].Ref.Human() != "Pod shop/web" || image.Lookup != backup.Found || image.Hits[0].Proof == "" {
		t.Fatalf("the image: %+v", image)
	}
	if got := image.Hits[0].Values["image"]; got != "<registry>/velero/velero:v1.18.3" {
		t.Errorf("the image to set is %q", got)
	}
	if class := found["BK-E124"]; len(class.Hits) != 1 || class.Hits[0].Ref.Name != "a" || class.Lookup != backup.Found {
		t.Errorf("the class that does not exist: %+v", class)
	}
	if place := found["BK-E101"]; len(place.Hits) != 1 || place.Hits[0].Ref.Name != "default" {
		t.Errorf("the location that was never validated: %+v", place)
	}
	if len(found) != 3 {
		t.Errorf("found %+v", found)
	}
}

func TestWhatCannotBeCheckedIsUnknown(t *testing.T) {
	source := troubledCluster(t)
	source.deny = []string{"pods", "storageclasses.storage.k8s.io"}
	found := checkedIn(t, source)
	for code, why := range map[string]string{"BK-E121": "pods", "BK-E124": "storageclasses.storage.k8s.io/"} {
		c := found[code]
		if c.Lookup != backup.Denied || len(c.Hits) != 0 || !slices.ContainsFunc(c.Unreadable, func(text string) bool { return strings.Contains(text, why) }) {
			t.Errorf("%s: %+v", code, c)
		}
	}
}

func TestWhatIsBesideACandidateIsReadWithIt(t *testing.T) {
	agent := map[string]any{"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": map[string]any{"name": "node-agent", "namespace": "velero", "uid": "u9"}}
	agent["spec"] = templateOf("node-agent", "velero/velero:v1.16.2")
	source := func() *recorded {
		r := troubledCluster(t)
		for _, kind := range []string{"Deployment", "DaemonSet"} {
			r.served = append(r.served, backup.Served{Group: "apps", Version: "v1", Resource: strings.ToLower(kind) + "s", Kind: kind, Namespaced: true, Preferred: true, Verbs: []string{"list"}})
		}
		r.objects["daemonsets.apps"] = []map[string]any{agent}
		for _, d := range r.objects["deployments.apps"] {
			name := d["metadata"].(map[string]any)["name"].(string)
			d["spec"] = templateOf(name, name+"/"+name+":v1.18.3")
		}
		return r
	}
	if c := checkedIn(t, source())["BK-E191"]; len(c.Hits) != 1 || c.Hits[0].Values["image"] != "velero/velero:v1.18.3" {
		t.Errorf("the node-agent of an older release: %+v", c)
	}
	denied := source()
	denied.deny = []string{"deployments.apps"}
	if c := checkedIn(t, denied)["BK-E191"]; len(c.Hits) != 0 || c.Lookup != backup.Denied {
		t.Errorf("beside a server that may not be read: %+v", c)
	}
}

// templateOf is the spec of a workload with one container, which is ready.
func templateOf(container, image string) map[string]any {
	containers := []any{map[string]any{"name": container, "image": image}}
	return map[string]any{"replicas": int64(1), "template": map[string]any{"spec": map[string]any{"containers": containers}}}
}

func TestAClassThatTheClusterDoesNotServeIsUnknown(t *testing.T) {
	source := troubledCluster(t)
	source.served = slices.DeleteFunc(source.served, func(s backup.Served) bool { return s.Resource == "storageclasses" })
	if c := checkedIn(t, source)["BK-E124"]; len(c.Hits) != 0 || c.Lookup == backup.Found {
		t.Errorf("the class: %+v", c)
	}
}

func TestWhatMovesABackupAlongIsAnOwner(t *testing.T) {
	owners := veleroEvidence(t, velero(t), collect.Target{Name: "nightly"}).Owners
	if len(owners) != 2 || owners[0].Selector.Called != "the Velero server" || owners[1].Selector.Called != "the node-agent" {
		t.Fatalf("the owners are %+v", owners)
	}
	if len(owners[0].Deployments) != 1 || len(owners[1].Deployments) != 1 || owners[1].Deployments[0].Ready != 2 {
		t.Errorf("their workloads are %+v and %+v", owners[0].Deployments, owners[1].Deployments)
	}
}
