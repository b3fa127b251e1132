package collect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/clustertest"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// onOld runs a test over the recording of each old version.
func onOld(t *testing.T, test func(t *testing.T, version string, c *collect.Collector)) {
	t.Helper()
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range clustertest.Versions() {
		t.Run(version, func(t *testing.T) {
			live := clustertest.Server(t, version, cluster.Options{})
			// Some hours after the recordings, so that what is deleted in them hangs.
			now := func() time.Time { return time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC) }
			test(t, version, collect.New(collect.Sources{Cluster: live, Registry: registry, Now: now}))
		})
	}
}

func oldEvidence(t *testing.T, c *collect.Collector, kind, name, namespace string) backup.Evidence {
	t.Helper()
	hit, err := c.Find(t.Context(), collect.Target{Type: kind, Name: name}, collect.Scope{Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(t.Context(), hit, collect.Full())
	if err != nil {
		t.Fatal(err)
	}
	if onlyMetrics(ev.Gaps) {
		return ev
	}
	t.Errorf("gaps %+v; want none but for the metrics: what such a cluster cannot have is not missing", ev.Gaps)
	return ev
}

// onlyMetrics tells whether the one thing that was not seen is the API group
// whose server is really down.
func onlyMetrics(gaps []backup.Gap) bool {
	return len(gaps) == 1 && gaps[0].Group == "metrics.k8s.io"
}

// endpointsFrom is what lists the endpoints of a Service in a version.
func endpointsFrom(version string) string {
	if version == "1.21" {
		return "EndpointSlices"
	}
	return "Endpoints"
}

func TestOldNamespace(t *testing.T) {
	onOld(t, func(t *testing.T, version string, c *collect.Collector) {
		control := oldEvidence(t, c, "namespace", "shop", "default").Control
		var left []string
		for _, r := range control.Content {
			if r.Count != 1 || r.Lookup != backup.Found {
				t.Errorf("%+v; want one", r)
			}
			left = append(left, r.Resource)
		}
		// The Ingress is served in two groups and counts once.
		if want := []string{"configmaps", "cronjobs.batch", "ingresses.networking.k8s.io", "poddisruptionbudgets.policy", "pods"}; !slices.Equal(left, want) {
			t.Errorf("left are %v, want %v", left, want)
		}
		if len(control.Pods) != 1 || control.Pods[0].Node != "n1" {
			t.Errorf("pods %+v; want the one on its node", control.Pods)
		}
		if len(control.APIServices) != 1 || control.APIServices[0].Available != backup.No {
			t.Errorf("API services %+v; want the one that is down", control.APIServices)
		}
		if len(control.Webhooks) != 1 || control.Webhooks[0].Resource != "configmaps" {
			t.Fatalf("webhooks %+v; want the one that sees the ConfigMaps go", control.Webhooks)
		}
		if b := control.Webhooks[0].Backend; b.Ready != 1 || b.Serves() != backup.Yes || b.EndpointsFrom != endpointsFrom(version) {
			t.Errorf("its server %+v; want one ready endpoint, of two, from %s", b, endpointsFrom(version))
		}
	})
}

// A definition that was written as v1beta1, with a conversion webhook that is down.
func TestOldDefinition(t *testing.T) {
	onOld(t, func(t *testing.T, _ string, c *collect.Collector) {
		control := oldEvidence(t, c, "crd", "things.example.com", "default").Control
		if len(control.Definitions) != 1 {
			t.Fatalf("definitions %+v; want the target", control.Definitions)
		}
		d := control.Definitions[0]
		if d.Strategy != "Webhook" || d.Backend == nil || d.Backend.Serves() != backup.No || d.Storage != "v1" || !slices.Equal(d.Served, []string{"v1", "v1beta1"}) {
			t.Errorf("definition %+v, its server %+v; want a webhook without endpoints", d, d.Backend)
		}
		if d.Terminating == nil || d.Terminating.Reason != "InstanceDeletionInProgress" {
			t.Errorf("condition %+v", d.Terminating)
		}
		if len(control.Content) != 1 || control.Content[0].Count != 1 || control.Content[0].Finalizers[0].Name != "example.com/hold" {
			t.Errorf("content %+v; want the object that holds it", control.Content)
		}
	})
}

// The other version cannot be read, the stored one can.
func TestOldObjectBehindADeadConversion(t *testing.T) {
	onOld(t, func(t *testing.T, _ string, c *collect.Collector) {
		ev := oldEvidence(t, c, "things.v1beta1.example.com", "stuck", "ops")
		if ev.Object.Ref.Version != "v1" || !ev.Object.Deleting() || len(ev.Control.Definitions) != 1 {
			t.Errorf("%+v, definitions %+v", ev.Object.Ref, ev.Control.Definitions)
		}
	})
}

func TestOldBackup(t *testing.T) {
	onOld(t, func(t *testing.T, _ string, c *collect.Collector) {
		ev := oldEvidence(t, c, "backup", "demo", "ops")
		if ev.Object.System != "tidb-operator" || ev.Object.Phase != backup.PhaseDeleting {
			t.Errorf("it is %s of %s", ev.Object.Phase, ev.Object.System)
		}
		if len(ev.Owners) != 1 || ev.Owners[0].Lookup != backup.Found || len(ev.Owners[0].Deployments) != 1 || ev.Owners[0].LeaseLookup != backup.Absent {
			t.Errorf("owners %+v; want its Deployment, without a lease", ev.Owners)
		}
		if len(ev.Events) != 1 || ev.Events[0].Count != 3 {
			t.Errorf("events %+v", ev.Events)
		}
		if ev.DependentsLookup != backup.Found || ev.NeighboursLookup != backup.Found {
			t.Errorf("dependents %s, neighbours %s", ev.DependentsLookup, ev.NeighboursLookup)
		}
	})
}

func TestOldScanAndList(t *testing.T) {
	onOld(t, func(t *testing.T, _ string, c *collect.Collector) {
		survey, err := c.Scan(t.Context(), nil)
		if err != nil || !onlyMetrics(survey.Gaps) {
			t.Fatalf("gaps %+v, %v", survey.Gaps, err)
		}
		var got []string
		for _, suspect := range survey.Suspects {
			got = append(got, suspect.Hit.Ref().String())
		}
		slices.Sort(got)
		want := []string{
			"backups.pingcap.com/demo", "cronjobs.batch/nightly", "customresourcedefinitions.apiextensions.k8s.io/things.example.com",
			"ingresses.networking.k8s.io/front", "namespaces/shop", "poddisruptionbudgets.policy/shop", "pods/lost", "things.example.com/stuck",
		}
		if !slices.Equal(got, want) {
			t.Errorf("what hangs is %v, want %v", got, want)
		}
		// That metrics are down makes no list of backups incomplete.
		rows := 0
		gaps, err := c.List(t.Context(), collect.Query{All: true}, func(backup.Object) { rows++ })
		if err != nil || len(gaps) != 0 || rows != 1 {
			t.Errorf("%d rows, gaps %+v, %v; want the one backup", rows, gaps, err)
		}
	})
}

// A word that names a kind of two groups means the newer one.
func TestOldIngress(t *testing.T) {
	onOld(t, func(t *testing.T, _ string, c *collect.Collector) {
		for word, want := range map[string]string{"ingress": "networking.k8s.io", "ing": "networking.k8s.io", "ingresses.extensions": "extensions"} {
			hit, err := c.Find(t.Context(), collect.Target{Type: word, Name: "front"}, collect.Scope{Namespace: "shop"})
			if err != nil || hit.Served.Group != want {
				t.Errorf("%s is of group %q, %v; want %q", word, hit.Served.Group, err, want)
			}
		}
	})
}
