package unstick

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

func now() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }

// fake is a fake cluster with TiDB backups in one namespace.
type fake struct {
	cluster.Reader
	backups []map[string]any
	deny    bool
}

// tidb is a backup with a label; deleted is for how long it is being deleted.
func tidb(name, team string, deleted time.Duration) map[string]any {
	metadata := map[string]any{"name": name, "namespace": "here", "uid": name, "labels": map[string]any{"team": team}}
	if deleted > 0 {
		metadata["deletionTimestamp"] = now().Add(-deleted).Format(time.RFC3339)
	}
	return map[string]any{"apiVersion": "pingcap.com/v1alpha1", "kind": "Backup", "metadata": metadata}
}

func (f *fake) Info(context.Context) backup.ClusterInfo { return backup.ClusterInfo{} }

func (f *fake) Discover(context.Context) ([]backup.Served, []backup.Gap, error) {
	return []backup.Served{{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup", Namespaced: true, Preferred: true, Verbs: []string{"list"}}}, nil, nil
}

func (f *fake) List(_ context.Context, served backup.Served, namespace string, opts cluster.ListOptions, each func(map[string]any) error) error {
	if f.deny {
		forbidden := apierrors.NewForbidden(schema.GroupResource{Group: served.Group, Resource: served.Resource}, "", errors.New("not allowed"))
		return &cluster.Error{What: "list", Rule: "list backups.pingcap.com", Err: forbidden}
	}
	selector, err := labels.Parse(opts.LabelSelector)
	if err != nil {
		return err
	}
	for _, object := range f.backups {
		team := object["metadata"].(map[string]any)["labels"].(map[string]any)["team"].(string)
		if selector.Matches(labels.Set{"team": team}) && (namespace == "" || namespace == "here") {
			if err := each(object); err != nil {
				return err
			}
		}
	}
	return nil
}

func selecting(t *testing.T, source *fake, f *flags) *options {
	t.Helper()
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	o := printing(f)
	o.Scope = collect.Scope{Namespace: "here", Explicit: true}
	o.Reader, o.Collector = source, collect.New(collect.Sources{Cluster: source, Registry: registry, Now: now})
	return o
}

func TestSelection(t *testing.T) {
	t.Parallel()
	source := &fake{backups: []map[string]any{
		tidb("zulu", "a", time.Hour), tidb("alive", "a", 0), tidb("alpha", "b", 2*time.Hour), tidb("fresh", "b", 30*time.Second),
	}}
	for name, c := range map[string]struct {
		flags *flags
		want  []string // in this order they are carried out
		alive int
	}{
		"all that hang":        {typed(func(f *flags) { f.allStuck = true }), []string{"alpha", "zulu"}, 0},
		"by labels":            {typed(func(f *flags) { f.selector = "team=a" }), []string{"zulu"}, 1},
		"by labels, just now":  {typed(func(f *flags) { f.selector = "team=b" }), []string{"alpha", "fresh"}, 0},
		"labels that hang":     {typed(func(f *flags) { f.selector, f.allStuck = "team=b", true }), []string{"alpha"}, 0},
		"labels that none has": {typed(func(f *flags) { f.selector = "team=c" }), nil, 0},
	} {
		chosen, err := selecting(t, source, c.flags).choose(t.Context())
		var got []string
		for _, hit := range chosen.hits {
			got = append(got, hit.Name)
		}
		if err != nil || !slices.Equal(got, c.want) || chosen.alive != c.alive {
			t.Errorf("%s: %v, %d alive, %v", name, got, chosen.alive, err)
		}
	}
}

func TestASelectionThatIsDeniedIsAGap(t *testing.T) {
	t.Parallel()
	o := selecting(t, &fake{deny: true}, typed(func(f *flags) { f.allStuck = true }))
	chosen, err := o.choose(t.Context())
	if err != nil || len(chosen.hits) != 0 || len(chosen.gaps) != 1 || chosen.gaps[0].Rule == "" {
		t.Fatalf("%+v, %v; want one gap with its rule", chosen, err)
	}
	list, err := o.batch(chosen).Plans(t.Context())
	if err != nil || code(act.LeftCode(list)) != 4 || list.Items == nil {
		t.Errorf("%+v, %v; want an empty list that is not known to be all", list, err)
	}
}

func TestASystemsOwnDeletionIsSelectedWhereItHangs(t *testing.T) {
	t.Parallel()
	request := func(phase backup.Phase, lookup backup.Lookup) backup.Object {
		return backup.Object{Phase: backup.PhaseDeleting, WorksLookup: lookup, Works: []backup.Work{{
			Role: backup.WorkClean, Ref: backup.Ref{Group: "velero.io", Resource: "deletebackuprequests", Name: "demo"},
			Phase: phase, Lookup: lookup, Created: now().Add(-time.Minute), Usual: backup.Duration(10 * time.Minute),
		}}}
	}
	for name, c := range map[string]struct {
		row   backup.Object
		stuck backup.Answer // with --all-stuck
		named backup.Answer // with -l
	}{
		"its request failed":              {request(backup.PhaseFailed, backup.Found), backup.Yes, backup.Yes},
		"its request is gone":             {backup.Object{Phase: backup.PhaseDeleting, WorksLookup: backup.Found}, backup.Yes, backup.Yes},
		"its request is at work":          {request(backup.PhaseRunning, backup.Found), backup.No, backup.Yes},
		"its requests may not be listed":  {request("", backup.Denied), backup.Unknown, backup.Yes},
		"nobody deletes it":               {backup.Object{Phase: backup.PhaseFailed, WorksLookup: backup.Found}, backup.No, backup.No},
		"what deletes it was not read":    {backup.Object{Phase: backup.PhaseDeleting, WorksLookup: backup.Failed}, backup.Unknown, backup.Yes},
		"the API server deletes it a day": {backup.Object{Phase: backup.PhaseRunning, Deleted: new(now().Add(-24 * time.Hour))}, backup.Yes, backup.Yes},
	} {
		all := (&options{flags: typed(func(f *flags) { f.allStuck = true })}).wants(c.row, now())
		named := (&options{flags: typed(func(f *flags) { f.selector = "a=b" })}).wants(c.row, now())
		if all != c.stuck || named != c.named {
			t.Errorf("%s: --all-stuck %s, -l %s", name, all, named)
		}
		if why := unlisted(c.row); all == backup.Unknown && why == "" {
			t.Errorf("%s: nothing says why that is not known", name)
		}
	}
}
