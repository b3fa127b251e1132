package collect_test

import (
	"context"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// chatty is a cluster in which somebody changes the backup after it was read.
type chatty struct {
	*recorded
	change map[string][]string // what is set after the first evidence began: value to path
	reads  int
}

func (c *chatty) Get(ctx context.Context, s backup.Served, namespace, name string) (map[string]any, error) {
	object, err := c.recorded.Get(ctx, s, namespace, name)
	if err != nil || s.Resource != "backups" {
		return object, err
	}
	object = runtime.DeepCopyJSON(object)
	if c.reads++; c.reads > 1 {
		for value, path := range c.change {
			if err := unstructured.SetNestedField(object, value, path...); err != nil {
				return nil, err
			}
		}
	}
	return object, nil
}

func TestTheTargetIsReadOnceMoreAtTheEnd(t *testing.T) {
	version := []string{"metadata", "resourceVersion"}
	for name, c := range map[string]struct {
		change map[string][]string
		later  bool
	}{
		"a status is written": {map[string][]string{"99999": version, "Restart": {"status", "phase"}}, true},
		"another place":       {map[string][]string{"99999": version, "elsewhere": {"spec", "s3", "prefix"}}, false},
		"another object":      {map[string][]string{"99999": version, "3f2a": {"metadata", "uid"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			registry, err := system.Load(system.Options{})
			if err != nil {
				t.Fatal(err)
			}
			source := &chatty{recorded: newRecorded(t, "testdata/tidb-stuck"), change: c.change, reads: -1}
			collector := collect.New(collect.Sources{Cluster: source, Registry: registry, Now: func() time.Time { return recordedAt }})
			hit, err := collector.Find(t.Context(), collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "tidb-test"})
			if err != nil {
				t.Fatal(err)
			}
			ev, err := collector.Evidence(t.Context(), hit, collect.Full())
			if err != nil {
				t.Fatal(err)
			}
			if later := ev.ResourceVersion == "99999"; later != c.later {
				t.Errorf("resource version %s", ev.ResourceVersion)
			}
			if work(t, ev, backup.WorkClean).Lookup != backup.Found || ev.Object.Written.Answer != backup.No {
				t.Errorf("what was collected is lost: %+v, %v", ev.Object.Works, ev.Object.Written)
			}
		})
	}
}
