package compose

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// drillOf is a drill of a namespace with a claim, two pods, an outer Service and a CronJob.
func drillOf(fields ...string) Drill {
	properties := map[string]any{}
	for _, field := range fields {
		properties[field] = map[string]any{}
	}
	objects := []backup.DrillObject{{Resource: "pods", Namespace: "shop"}, {Resource: "pods", Namespace: "shop"}, {Resource: "pods", Namespace: "other"}}
	return Drill{
		Restore: backup.Served{Group: "velero.io", Version: "v1", Resource: "restores", Kind: "Restore", Namespaced: true},
		Home:    "velero", Backup: "nightly",
		Look: &backup.DrillLook{
			Name: "drill-1-nightly", Namespaces: DrillNamespaces("1", []string{"shop"}),
			LeftOut: []backup.DrillLeftOut{{Resource: "ingresses.networking.k8s.io"}},
			Contents: backup.DrillContents{
				Objects: objects, Claims: []backup.DrillClaim{{Namespace: "shop", Bytes: 1 << 30}}, CronJobs: 1,
				Services: []backup.DrillService{{Namespace: "shop", Name: "web", Type: "LoadBalancer", Ports: 2}},
				Security: map[string]map[string]string{"shop": {"pod-security.kubernetes.io/enforce": "baseline"}},
			},
		},
		Schema: map[string]any{"properties": map[string]any{"spec": map[string]any{"properties": properties}}},
	}
}

func TestADrillHasNamespacesOfItsOwn(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 60)
	got := DrillNamespaces("abc", []string{"shop", long + "a", long + "b"})
	names := map[string]bool{}
	for _, n := range got {
		if len(n.To) > maxNamespace || names[n.To] || !strings.HasPrefix(n.To, "drill-abc-") {
			t.Errorf("%+v", got)
		}
		names[n.To] = true
	}
	if got[0].To != "drill-abc-shop" {
		t.Errorf("%+v", got[0])
	}
}

func TestADrillOverwritesNothingAndLetsNothingOut(t *testing.T) {
	t.Parallel()
	steps := drillOf("resourceModifier", "restorePVs", "existingResourcePolicy").Steps()
	var made []string
	for _, step := range steps {
		if made = append(made, step.Target.String()); Get(step.Object, "metadata.labels") == nil || step.Effect != backup.EffectCreates {
			t.Errorf("%+v has no label of the drill, or costs something", step)
		}
	}
	want := []string{"namespaces/drill-1-shop", "resourcequotas/kubectl-backup-drill", "configmaps/drill-1-nightly", "restores.velero.io/drill-1-nightly"}
	if !slices.Equal(made, want) {
		t.Fatalf("%v, want %v", made, want)
	}
	text, err := yaml.Marshal([]any{Get(steps[0].Object, "metadata.labels"), Get(steps[1].Object, "spec"), Get(steps[3].Object, "spec")})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text); got != `- kubectl-backup.dev/drill: drill-1-nightly
  pod-security.kubernetes.io/enforce: baseline
  velero.io/exclude-from-backup: "true"
- hard:
    pods: "24"
    requests.storage: "2147483648"
    services.loadbalancers: "0"
    services.nodeports: "0"
- backupName: nightly
  excludedResources:
  - ingresses.networking.k8s.io
  existingResourcePolicy: none
  includedNamespaces:
  - shop
  namespaceMapping:
    shop: drill-1-shop
  resourceModifier:
    kind: configmap
    name: drill-1-nightly
  restorePVs: true
` {
		t.Errorf("got\n%s", got)
	}
}

func TestADrillChangesServicesAndCronJobs(t *testing.T) {
	t.Parallel()
	steps := drillOf("resourceModifier").Steps()
	data, _ := Get(steps[2].Object, "data").(map[string]any)
	text, _ := data["rules.yaml"].(string)
	var rules struct {
		Version               string
		ResourceModifierRules []struct {
			Conditions struct {
				GroupResource, ResourceNameRegex string
				Namespaces                       []string
			}
			Patches []struct{ Operation, Path, Value string }
		}
	}
	if err := yaml.UnmarshalStrict([]byte(text), &rules); err != nil || len(data) != 1 || len(rules.ResourceModifierRules) != 2 {
		t.Fatalf("%v of\n%s", err, text)
	}
	service, job := rules.ResourceModifierRules[0], rules.ResourceModifierRules[1]
	if service.Conditions.ResourceNameRegex != "^web$" || !slices.Equal(service.Conditions.Namespaces, []string{"shop"}) {
		t.Errorf("%+v", service.Conditions)
	}
	values := map[string]string{}
	for _, p := range service.Patches {
		values[p.Path] = p.Value
	}
	if values["/spec/type"] != "ClusterIP" || values["/spec/ports/0/nodePort"] != "0" || values["/spec/ports/1/nodePort"] != "0" || values["/spec/externalIPs"] != "null" {
		t.Errorf("%v", values)
	}
	if job.Conditions.GroupResource != "cronjobs.batch" || job.Patches[0].Path != "/spec/suspend" || job.Patches[0].Value != "true" {
		t.Errorf("%+v", job)
	}
}

// A server that knows less gets less: what it cannot change is left out then.
func TestADrillAsksForNoFieldThatTheServerDoesNotHave(t *testing.T) {
	t.Parallel()
	drill := drillOf()
	steps := drill.Steps()
	spec := Get(steps[len(steps)-1].Object, "spec").(map[string]any)
	if len(steps) != 3 || spec["restorePVs"] != nil || spec["existingResourcePolicy"] != nil || spec["resourceModifier"] != nil || drill.Modifies() {
		t.Errorf("%d steps, %v", len(steps), spec)
	}
}

func TestADrillLeavesOutWhatActsOutside(t *testing.T) {
	t.Parallel()
	contents := backup.DrillContents{CronJobs: 1, Services: make([]backup.DrillService, 1)}
	for _, resource := range []string{
		"pods", "events", "services", "cronjobs.batch", "ingresses.networking.k8s.io", "backups.pingcap.com", "datauploads.velero.io", "volumesnapshots.snapshot.storage.k8s.io",
	} {
		contents.Objects = append(contents.Objects, backup.DrillObject{Resource: resource, Namespace: "of-" + resource[:3]})
	}
	backups := []string{"backups.pingcap.com", "volumesnapshots.snapshot.storage.k8s.io"}
	for modifies, want := range map[bool]string{
		true:  "backups.pingcap.com, datauploads.velero.io, events, ingresses.networking.k8s.io",
		false: "backups.pingcap.com, cronjobs.batch, datauploads.velero.io, events, ingresses.networking.k8s.io, services",
	} {
		var got []string
		left := DrillLeftOut(contents, backups, modifies)
		for _, kind := range left {
			if got = append(got, kind.Resource); kind.Items != 1 || kind.Why == "" {
				t.Errorf("%+v", kind)
			}
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("%s, want %s", text, want)
		}
		if modifies {
			if chosen := DrillChosen(contents, left); !slices.Equal(chosen, []string{"of-cro", "of-pod", "of-ser", "of-vol"}) {
				t.Errorf("namespaces with something to restore: %v", chosen)
			}
		}
	}
}

func TestOneAnnotationIsSet(t *testing.T) {
	t.Parallel()
	ref := backup.Ref{Kind: "Backup", Resource: "backups", Name: "a", UID: "1"}
	step := Annotate(ref, map[string]any{"metadata": map[string]any{}}, "a.b/c", "d")
	if op := step.Patch[1]; step.Patch[0].Value != "1" || op.Path != "/metadata/annotations" {
		t.Errorf("%+v", step.Patch)
	}
	step = Annotate(ref, map[string]any{"metadata": map[string]any{"annotations": map[string]any{"x": "y"}}}, "a.b/c", "d")
	if op := step.Patch[1]; op.Op != "add" || op.Path != "/metadata/annotations/a.b~1c" || op.Value != "d" {
		t.Errorf("%+v", step.Patch)
	}
}
