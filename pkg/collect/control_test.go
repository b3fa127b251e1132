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

const dyingShop = `
- {kind: Namespace, apiVersion: v1, metadata: {name: shop, deletionTimestamp: "2026-11-21T08:00:00Z", labels: {team: a}}, spec: {finalizers: [kubernetes]}}
- {kind: Namespace, apiVersion: v1, metadata: {name: ops}}
- {kind: ConfigMap, apiVersion: v1, metadata: {name: living, namespace: shop}}
- {kind: ConfigMap, apiVersion: v1, metadata: {name: held, namespace: shop, deletionTimestamp: "2026-11-21T08:00:00Z", finalizers: [example.com/hold]}}
- {kind: ConfigMap, apiVersion: v1, metadata: {name: other, namespace: ops, finalizers: [example.com/hold]}}
- {kind: Pod, apiVersion: v1, metadata: {name: lost, namespace: shop, deletionTimestamp: "2026-11-21T08:00:30Z", deletionGracePeriodSeconds: 30}, spec: {nodeName: n1}, status: {phase: Running}}
- {kind: Node, apiVersion: v1, metadata: {name: n1}, status: {conditions: [{type: Ready, status: Unknown}]}}
- {kind: APIService, apiVersion: apiregistration.k8s.io/v1, metadata: {name: v1.apps}, spec: {}}
- kind: APIService
  apiVersion: apiregistration.k8s.io/v1
  metadata: {name: v1.metrics.example.com}
  spec: {service: {namespace: ops, name: gone}}
  status: {conditions: [{type: Available, status: "False", reason: ServiceNotFound, message: nothing there}]}
- kind: ValidatingWebhookConfiguration
  apiVersion: admissionregistration.k8s.io/v1
  metadata: {name: guards}
  webhooks:
  - name: maps.example.com
    failurePolicy: Fail
    rules: [{operations: [DELETE], apiGroups: [""], apiVersions: [v1], resources: [configmaps]}]
    clientConfig: {service: {namespace: ops, name: guard}}
  - name: others.example.com
    failurePolicy: Fail
    namespaceSelector: {matchLabels: {team: b}}
    rules: [{operations: ["*"], apiGroups: ["*"], apiVersions: ["*"], resources: ["*"]}]
    clientConfig: {url: https://guard.example.com}
- {kind: Service, apiVersion: v1, metadata: {name: guard, namespace: ops}, spec: {}}
- kind: EndpointSlice
  apiVersion: discovery.k8s.io/v1
  metadata: {name: guard-1, namespace: ops, labels: {kubernetes.io/service-name: guard}}
  endpoints:
  - {addresses: [10.0.0.1], conditions: {ready: true}, targetRef: {name: guard-a}}
  - {addresses: ["fd00::1"], targetRef: {name: guard-a}}
  - {addresses: [10.0.0.2], conditions: {ready: false}, targetRef: {name: guard-b}}
`

// shop is a fake cluster with a namespace that cannot go.
func shop(t *testing.T, deny ...string) *recorded {
	t.Helper()
	listed := []string{"list", "delete"}
	r := &recorded{deny: deny, objects: map[string][]map[string]any{}, served: []backup.Served{
		{Version: "v1", Resource: "configmaps", Kind: "ConfigMap", Namespaced: true, Verbs: listed, Preferred: true},
		{Version: "v1", Resource: "namespaces", Kind: "Namespace", ShortNames: []string{"ns"}, Singular: "namespace", Verbs: listed, Preferred: true},
		{Version: "v1", Resource: "pods", Kind: "Pod", Namespaced: true, Verbs: listed, Preferred: true},
		{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices", Kind: "EndpointSlice", Namespaced: true, Preferred: true, Verbs: listed},
		{Group: "metrics.k8s.io", Version: "v1", Resource: "pods", Kind: "PodMetrics", Namespaced: true, Verbs: []string{"list"}, Preferred: true},
	}}
	var objects []map[string]any
	if err := yaml.Unmarshal([]byte(dyingShop), &objects); err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		key := resourceOf(o["kind"].(string), o["apiVersion"].(string))
		r.objects[key] = append(r.objects[key], o)
	}
	return r
}

func controlOf(t *testing.T, source *recorded, kind, name string) backup.Evidence {
	t.Helper()
	c := collector(t, source)
	hit, err := c.Find(context.Background(), collect.Target{Type: kind, Name: name}, collect.Scope{Namespace: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, collect.Full())
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestControlOfADyingNamespace(t *testing.T) {
	ev := controlOf(t, shop(t), "ns", "shop")
	control := ev.Control
	if ev.Namespace.Terminating() != backup.Yes || !slices.Equal(ev.Namespace.Finalizers, []string{"kubernetes"}) {
		t.Errorf("namespace %+v; want one that is being deleted, with spec.finalizers", ev.Namespace)
	}
	if len(control.Content) != 2 || control.ContentLookup != backup.Found {
		t.Fatalf("content %+v, lookup %s; want ConfigMaps and pods of this namespace", control.Content, control.ContentLookup)
	}
	maps := control.Content[0]
	if maps.Resource != "configmaps" || maps.Count != 2 || maps.Deleting != 1 || maps.Samples[0].Name != "held" || maps.Finalizers[0] != (backup.FinalizerCount{Name: "example.com/hold", Count: 1}) {
		t.Errorf("ConfigMaps %+v; want 2, the one that is being deleted first", maps)
	}
	if len(control.Pods) != 1 || control.Pods[0].NodeReady != backup.No || *control.Pods[0].GraceSeconds != 30 {
		t.Errorf("pods %+v; want one on a node that is not ready", control.Pods)
	}
	if len(control.APIServices) != 1 || control.APIServices[0].Available != backup.No || control.APIServices[0].Backend.Serves() != backup.No {
		t.Errorf("API services %+v; want the one that is down, and none of the server's own", control.APIServices)
	}
	var names []string
	for _, w := range control.Webhooks {
		names = append(names, w.Name+" of "+w.Resource)
	}
	if !slices.Contains(names, "maps.example.com of configmaps") || slices.Contains(names, "maps.example.com of pods") {
		t.Errorf("webhooks %v; want the one that sees the ConfigMaps go", names)
	}
	for _, w := range control.Webhooks {
		switch w.Name {
		case "maps.example.com":
			if w.Backend.Ready != 1 || w.Backend.Serves() != backup.Yes || w.Backend.NamespaceDeleted != backup.No || w.Selects != backup.Yes {
				t.Errorf("webhook %+v; want one ready endpoint, counted once", w)
			}
		case "others.example.com":
			if w.Selects != backup.No || w.Backend.URL == "" {
				t.Errorf("webhook %+v; want one that leaves the namespace out", w)
			}
		}
	}
}

func TestControlThatMayNotBeRead(t *testing.T) {
	source := shop(t, "configmaps", "apiservices.apiregistration.k8s.io", "validatingwebhookconfigurations.admissionregistration.k8s.io", "services")
	ev := controlOf(t, source, "namespace", "shop")
	control := ev.Control
	if control.ContentLookup != backup.Denied || control.APIServicesLookup != backup.Denied || control.WebhooksLookup != backup.Denied {
		t.Errorf("content %s, API services %s, webhooks %s; want denied", control.ContentLookup, control.APIServicesLookup, control.WebhooksLookup)
	}
	var gaps []string
	for _, gap := range ev.Gaps {
		gaps = append(gaps, gap.What)
	}
	for _, want := range []string{"configmaps in shop", "API services", "validatingwebhookconfigurations.admissionregistration.k8s.io"} {
		if !slices.Contains(gaps, want) {
			t.Errorf("gaps %v lack %q", gaps, want)
		}
	}
}

func TestControlIsLeftAloneForTheLiving(t *testing.T) {
	source := shop(t)
	ev := controlOf(t, source, "ns", "ops")
	if ev.Control.WebhooksLookup != backup.NotAsked || ev.Control.APIServicesLookup != backup.NotAsked {
		t.Errorf("control %+v; want nothing asked", ev.Control)
	}
	for _, call := range source.asked {
		if strings.Contains(call, "webhook") || strings.Contains(call, "apiservices") {
			t.Errorf("%s was asked for a namespace that nobody deletes", call)
		}
	}
}

func TestPodsAreThoseOfTheCoreGroup(t *testing.T) {
	c := collector(t, shop(t))
	hit, err := c.Find(context.Background(), collect.Target{Type: "pod", Name: "lost"}, collect.Scope{Namespace: "shop"})
	if err != nil || hit.Served.Group != "" {
		t.Errorf("pod/lost is %v, %v; want the pod, not its metrics", hit.Ref(), err)
	}
}

func TestSuspectsOfAnUnknownFinalizer(t *testing.T) {
	source := shop(t)
	source.served = append(source.served, backup.Served{Group: "example.com", Version: "v1", Resource: "things", Kind: "Thing", Namespaced: true})
	ev := controlOf(t, source, "configmap", "held")
	if len(ev.Control.Suspects) != 1 {
		t.Fatalf("suspects %+v; want one for the finalizer", ev.Control.Suspects)
	}
	s := ev.Control.Suspects[0]
	if s.Domain != "example.com" || !slices.Equal(s.Groups, []string{"example.com"}) || s.DeploymentsLookup != backup.Found || len(s.Deployments) != 0 || len(s.Webhooks) != 2 {
		t.Errorf("suspect %+v; want its domain, its API group, no Deployment, and both webhooks of the domain", s)
	}
}
