package collect_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// recordedAt is when the recorded objects were taken.
var recordedAt = time.Date(2026, 11, 21, 9, 0, 8, 0, time.UTC)

func collector(t *testing.T, source cluster.Reader) *collect.Collector {
	t.Helper()
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return collect.New(collect.Sources{Cluster: source, Registry: registry, Now: func() time.Time { return recordedAt }})
}

func evidence(t *testing.T, source *recorded, depth collect.Depth) backup.Evidence {
	t.Helper()
	c := collector(t, source)
	hit, err := c.Find(context.Background(), collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "tidb-test"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Evidence(context.Background(), hit, depth)
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

func TestEvidenceOfARecordedCase(t *testing.T) {
	ev := evidence(t, newRecorded(t, "testdata/tidb-stuck"), collect.Full())

	if ev.Object.Phase != backup.PhaseDeleting || ev.Object.Written.Answer != backup.No {
		t.Errorf("phase %s, written %v; want Deleting, and no by the run's own words", ev.Object.Phase, ev.Object.Written)
	}
	if ev.Namespace.Lookup != backup.Found || ev.Namespace.Terminating() != backup.No {
		t.Errorf("namespace %+v; want a living one", ev.Namespace)
	}
	clean := work(t, ev, backup.WorkClean)
	if clean.Lookup != backup.Found || clean.Failed != 3 || clean.Active != 1 || clean.Limit != 6 || clean.Ref.UID == "" || clean.ResourceVersion != "14119" {
		t.Errorf("clean-up Job %+v; want 3 failed pods of 7, one active", clean)
	}
	if len(clean.Pods) != 4 || clean.Pods[0].Container != "running" || clean.Env["S3_ENDPOINT"] != "http://dead.lab.svc:9999" {
		t.Errorf("pods %+v, environment %v; want 4, the running one first, and the run's endpoint", clean.Pods, clean.Env)
	}
	if log := clean.Pods[1].Log; log == nil || !strings.Contains(strings.Join(log.Lines, "\n"), "connection refused") {
		t.Errorf("log of the newest failed pod: %+v; want the refused connection", log)
	}
	if run := work(t, ev, backup.WorkRun); run.Lookup != backup.Absent {
		t.Errorf("backup Job %+v; want absent", run)
	}
	if !slices.IsSortedFunc(ev.Events, func(a, b backup.Event) int { return a.At.Compare(b.At) }) || len(ev.Events) == 0 {
		t.Errorf("%d events; want some, by time", len(ev.Events))
	}
	if ev.DependentsLookup != backup.Found || len(ev.Dependents) != 1 || ev.Dependents[0].Finished != backup.No {
		t.Errorf("dependents %v %+v; want the one Job, not finished", ev.DependentsLookup, ev.Dependents)
	}
	if len(ev.Storage) != 1 || ev.Storage[0].Reason != backup.ReasonNotLooked {
		t.Errorf("storage %+v; want one place, not looked at", ev.Storage)
	}
}

func work(t *testing.T, ev backup.Evidence, role backup.WorkRole) backup.Work {
	t.Helper()
	for _, w := range ev.Object.Works {
		if w.Role == role {
			return w
		}
	}
	t.Fatalf("no work of role %s in %+v", role, ev.Object.Works)
	return backup.Work{}
}

func TestWhatMayNotBeReadIsAGapAndUnknown(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	source.deny = []string{"pods", "namespaces", "deployments.apps", "serviceaccounts"}
	ev := evidence(t, source, collect.Full())

	if ev.Namespace.Terminating() != backup.Unknown {
		t.Error("a namespace that may not be read is not known to live")
	}
	if got := work(t, ev, backup.WorkClean).PodsLookup; got != backup.Denied {
		t.Errorf("pods are %q; want denied", got)
	}
	if ev.DependentsLookup != backup.Denied {
		t.Errorf("dependents are %q; want denied, since pods and service accounts could not be listed", ev.DependentsLookup)
	}
	if len(ev.Owners) != 1 || ev.Owners[0].Alive(ev.At) != backup.Unknown {
		t.Errorf("owners %+v; want one that is not known to live", ev.Owners)
	}
	for _, gap := range ev.Gaps {
		if gap.Lookup == backup.Denied && gap.Rule == "" {
			t.Errorf("gap %+v does not say which rule is missing", gap)
		}
	}
	if len(ev.Gaps) < 4 {
		t.Errorf("gaps %+v; want one for each thing that may not be read", ev.Gaps)
	}
}

// A pod that waits may do so because its node is down; one that ended needs no node.
func TestNodesOfPodsThatHaveNotEndedAreRead(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	source.objects["nodes"] = []map[string]any{{
		"apiVersion": "v1", "kind": "Node", "metadata": map[string]any{"name": "down"},
		"status": map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "False"}}},
	}}
	for phase, want := range map[string]backup.Answer{"Pending": backup.No, "Running": backup.No, "Failed": backup.Unknown, "Succeeded": backup.Unknown} {
		for _, pod := range source.objects["pods"] {
			pod["spec"].(map[string]any)["nodeName"] = "down"
			pod["status"] = map[string]any{"phase": phase}
		}
		for _, pod := range work(t, evidence(t, source, collect.Full()), backup.WorkClean).Pods {
			if pod.NodeReady != want {
				t.Errorf("node of a pod %s is %s; want %s", pod.Phase, pod.NodeReady, want)
			}
		}
	}
}

func TestWithoutStorageNoSecretIsRead(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	depth := collect.Full()
	depth.Storage = false
	evidence(t, source, depth)
	for _, call := range source.asked {
		if strings.HasPrefix(call, "secret ") || call == "get secrets" {
			t.Errorf("asked for %q", call)
		}
	}
}
