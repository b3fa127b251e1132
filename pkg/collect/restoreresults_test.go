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

// failedRestore are a restore that ended with an error, its server, what it made,
// and pods of which two crash since.
const failedRestore = `
- {apiVersion: velero.io/v1, kind: Restore, metadata: {name: third, namespace: velero, uid: u6}, spec: {backupName: nightly}, status: {phase: PartiallyFailed, errors: 1, startTimestamp: "2026-11-21T08:00:00Z", completionTimestamp: "2026-11-21T08:05:00Z"}}
- {apiVersion: example.com/v1, kind: Thing, metadata: {name: one, namespace: shop, labels: {velero.io/restore-name: third}}}
- {apiVersion: example.com/v1, kind: Thing, metadata: {name: other, namespace: shop}}
- {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: things.example.com}}
- {apiVersion: v1, kind: Pod, metadata: {name: manager, namespace: things}, spec: {serviceAccountName: manager, containers: [{name: manager, image: example.com/thing-manager}]}, status: {phase: Running, containerStatuses: [{name: manager, restartCount: 5, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: Error, exitCode: 2, finishedAt: "2026-11-21T08:50:00Z"}}}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: bystander, namespace: shop}, spec: {containers: [{name: web, image: web}]}, status: {phase: Running, containerStatuses: [{name: web, restartCount: 1, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: Error, exitCode: 1, finishedAt: "2026-11-21T08:51:00Z"}}}]}}
- {apiVersion: v1, kind: Pod, metadata: {name: before, namespace: things}, spec: {serviceAccountName: manager, containers: [{name: manager, image: example.com/thing-manager}]}, status: {phase: Running, containerStatuses: [{name: manager, restartCount: 5, state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {reason: Error, exitCode: 2, finishedAt: "2026-11-20T08:50:00Z"}}}]}}
`

// reviewing is a recorded cluster that tells who may update things.
type reviewing struct{ *recorded }

func (reviewing) MayUser(_ context.Context, user, verb string, ref backup.Ref) (backup.Answer, string, error) {
	return backup.AnswerOf(user == "system:serviceaccount:things:manager" && verb == "update" && ref.Group == "example.com"), "", nil
}

func failedCluster(t *testing.T) *recorded {
	t.Helper()
	source := veleroWithKeys(t)
	for _, s := range []backup.Served{
		{Group: "example.com", Version: "v1", Resource: "things", Kind: "Thing", Namespaced: true},
		{Version: "v1", Resource: "serviceaccounts", Kind: "ServiceAccount", Namespaced: true},
	} {
		s.Preferred, s.Verbs = true, []string{"list"}
		source.served = append(source.served, s)
	}
	var items []map[string]any
	if err := yaml.Unmarshal([]byte(failedRestore), &items); err != nil {
		t.Fatal(err)
	}
	for _, item := range items {
		key := resourceOf(item["kind"].(string), item["apiVersion"].(string))
		source.objects[key] = append(source.objects[key], item)
	}
	for _, d := range source.objects["deployments.apps"] {
		if d["metadata"].(map[string]any)["name"] == "velero" {
			spec := templateOf("velero", "velero/velero:v1.18.3")
			container := spec["template"].(map[string]any)["spec"].(map[string]any)["containers"].([]any)[0].(map[string]any)
			container["args"] = []any{"server", "--restore-resource-priorities=pods,serviceaccounts"}
			d["spec"] = spec
		}
	}
	return source
}

func restoreFiles(t *testing.T) map[string]string {
	files := nightlyFiles(t)
	files["p/restores/third/restore-third-results.gz"] = zipped(t, `{"errors":{"namespaces":{"shop":["error restoring pods/shop/web: serviceaccount \"app\" not found; password=hunter2"]}}}`)
	files["p/restores/third/restore-third-resource-list.json.gz"] = zipped(t, `{"v1/ServiceAccount":["shop/app(created)"],"example.com/v1/Thing":["shop/one(created)"],"gone.example.com/v1/Old":["x(created)"]}`)
	return files
}

func restoreEvidence(t *testing.T, c *collect.Collector, depth collect.Depth) backup.Evidence {
	t.Helper()
	hit, err := c.Find(context.Background(), collect.Target{Type: "restore", Name: "third"}, collect.Scope{Namespace: "velero"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, depth)
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestResultsOfAFailedRestoreAreReadWithItsOrder(t *testing.T) {
	c := withStorage(t, failedCluster(t), bucketOf(t, "b", restoreFiles(t)))
	results := restoreEvidence(t, c, collect.Depth{Blockers: true, Storage: true}).RestoreResults
	if results == nil || results.Lookup != backup.Found || len(results.Messages) != 1 || len(results.Restored) != 3 {
		t.Fatalf("the results are %+v", results)
	}
	if strings.Contains(results.Messages[0].Text, "hunter2") {
		t.Errorf("a password is in %q", results.Messages[0].Text)
	}
	if len(results.Resources) != 2 || results.Resources["v1/ServiceAccount"] != "serviceaccounts" || results.Resources["example.com/v1/Thing"] != "things.example.com" {
		t.Errorf("the resources are %v", results.Resources)
	}
	order := results.Order
	if order == nil || order.Flag != "pods,serviceaccounts" || order.Argument != 1 || order.List != "args" || order.Server.Name != "velero" || !slices.Contains(order.Last, "clusters.cluster.x-k8s.io") {
		t.Errorf("the order is %+v, %s", order, results.OrderWhy)
	}
}

func TestResultsThatCannotBeReadAreUnknown(t *testing.T) {
	whole := collect.Depth{Blockers: true, Storage: true}
	lost := restoreFiles(t)
	delete(lost, "p/restores/third/restore-third-results.gz")
	for name, c := range map[string]struct {
		files map[string]string
		depth collect.Depth
		want  backup.Lookup
	}{
		"a missing file": {lost, whole, backup.Failed}, "storage left alone": {restoreFiles(t), collect.Depth{Blockers: true}, backup.NotAsked},
	} {
		results := restoreEvidence(t, withStorage(t, failedCluster(t), bucketOf(t, "b", c.files)), c.depth).RestoreResults
		if results == nil || results.Lookup != c.want || results.Error == "" || len(results.Messages) != 0 {
			t.Errorf("%s: %+v", name, results)
		}
	}
	for name, change := range map[string]func(*recorded){
		"denied":    func(r *recorded) { r.deny = []string{"deployments.apps"} },
		"no server": func(r *recorded) { r.objects["deployments.apps"] = nil },
		"two servers": func(r *recorded) {
			r.objects["deployments.apps"] = append(r.objects["deployments.apps"], r.objects["deployments.apps"][0])
		},
	} {
		source := failedCluster(t)
		change(source)
		results := restoreEvidence(t, withStorage(t, source, bucketOf(t, "b", restoreFiles(t))), whole).RestoreResults
		if results == nil || results.Order != nil || results.OrderWhy == "" {
			t.Errorf("%s: the order is %+v", name, results)
		}
	}
}

func TestControllersOfWhatWasRestoredThatCrash(t *testing.T) {
	source := failedCluster(t)
	crashing := restoreEvidence(t, collector(t, source), collect.Depth{Blockers: true}).Crashing
	if crashing == nil || crashing.Lookup != backup.Found || len(crashing.Pods) != 2 {
		t.Fatalf("what crashes is %+v", crashing)
	}
	for _, pod := range crashing.Pods { // by their names
		if controls := len(pod.Controls) > 0; controls {
			t.Errorf("%s controls %+v: %s", pod.Ref.Name, pod.Controls, pod.Because)
		}
	}
	crashing = restoreEvidence(t, collector(t, reviewing{source}), collect.Depth{Blockers: true}).Crashing
	manager := crashing.Pods[0]
	if manager.Ref.Name != "manager" || manager.ExitCode != 2 || manager.Restarts != 5 || len(manager.Controls) != 1 || manager.Controls[0].Count != 1 || manager.Controls[0].Ref.Name != "one" {
		t.Errorf("the controller is %+v", manager)
	}
	if len(crashing.Pods[1].Controls) != 0 {
		t.Errorf("the bystander controls %+v", crashing.Pods[1].Controls)
	}
	source.deny = []string{"things.example.com"}
	if c := restoreEvidence(t, collector(t, reviewing{source}), collect.Depth{Blockers: true}).Crashing; c.Lookup != backup.Denied || len(c.Unreadable) != 1 {
		t.Errorf("with things that may not be listed: %+v", c)
	}
	source.deny = []string{"pods"}
	if c := restoreEvidence(t, collector(t, reviewing{source}), collect.Depth{Blockers: true}).Crashing; c.Lookup != backup.Denied || len(c.Pods) != 0 {
		t.Errorf("with pods that may not be listed: %+v", c)
	}
}
