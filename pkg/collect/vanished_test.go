package collect_test

import (
	"context"
	"slices"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// unserved is a fake cluster that answers a list of TidbClusters as a server
// does that has no such path. Where gone is set, discovery forgets them after it
// was asked for the first time.
type unserved struct {
	*recorded
	gone       bool
	discovered int
}

func (u *unserved) Discover(ctx context.Context) ([]backup.Served, []backup.Gap, error) {
	u.discovered++
	served, gaps, err := u.recorded.Discover(ctx)
	if u.gone && u.discovered > 1 {
		served = slices.DeleteFunc(slices.Clone(served), func(s backup.Served) bool { return s.Resource == "tidbclusters" })
	}
	return served, gaps, err
}

func (u *unserved) List(ctx context.Context, s backup.Served, namespace string, opts cluster.ListOptions, each func(map[string]any) error) error {
	if s.Resource == "tidbclusters" {
		answer := apierrors.NewGenericServerResponse(404, "list", schema.GroupResource{Group: s.Group, Resource: s.Resource}, "", "404 page not found", 0, true)
		return &cluster.Error{What: "list " + s.Resource, Err: answer}
	}
	return u.recorded.List(ctx, s, namespace, opts, each)
}

func TestKindThatWentSinceDiscoveryHasNoObjects(t *testing.T) {
	for name, c := range map[string]struct {
		gone bool
		want backup.Lookup
	}{
		"its definition was deleted": {true, backup.Found},
		"it is said to be served":    {false, backup.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			source := &unserved{recorded: newRecorded(t, "testdata/tidb-stuck"), gone: c.gone}
			collector := collector(t, source.recorded)
			collector.Cluster = source
			hit, err := collector.Find(context.Background(), collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "tidb-test"})
			if err != nil {
				t.Fatal(err)
			}
			ev, err := collector.Evidence(context.Background(), hit, collect.Depth{Gate: true})
			if err != nil {
				t.Fatal(err)
			}
			if ev.DependentsLookup != c.want {
				t.Errorf("dependents are %q, want %q; gaps: %+v", ev.DependentsLookup, c.want, ev.Gaps)
			}
		})
	}
}
