package collect

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// samples is how many objects of a group are named, and how many pods are described.
const samples = 5

// content lists, as metadata, what is left behind a namespace or a definition.
// The conditions of a namespace are no proof of it: while pods are left they
// say that everything is removed (kubernetes/kubernetes#138208).
func (g *gather) content(ctx context.Context) {
	switch {
	case g.targetIs(namespaces):
		g.listContent(ctx, g.contentKinds(), g.ev.Object.Ref.Name)
		g.leftPods(ctx)
	case g.targetIs(definitions):
		group, resource := nested(g.ev.Raw, "spec", "group"), nested(g.ev.Raw, "spec", "names", "plural")
		if served, ok := g.resource(group, resource); ok {
			g.listContent(ctx, []backup.Served{served}, "")
		} else {
			g.ev.Control.ContentLookup = backup.Failed // the definition says that there may be some
			g.ev.Control.Content = []backup.Remaining{{Resource: resource + "." + group, Lookup: backup.Failed, Error: "the API server no longer serves the kind"}}
		}
	}
}

// contentKinds are the kinds that the namespace controller deletes: namespaced
// ones that can be listed and deleted, one version of each.
func (g *gather) contentKinds() []backup.Served {
	seen := map[string]bool{}
	var out []backup.Served
	for _, s := range g.distinct() {
		key := s.Ref("", "").GroupResource()
		if !s.Namespaced || seen[key] || !slices.Contains(s.Verbs, "list") || !slices.Contains(s.Verbs, "delete") || s.Resource == "events" {
			continue
		}
		seen[key] = true
		out = append(out, s) // of several versions the preferred one comes first
	}
	return out
}

func (g *gather) listContent(ctx context.Context, kinds []backup.Served, namespace string) {
	control := &g.ev.Control
	control.ContentLookup = backup.Found
	var mu sync.Mutex
	group := errgroup.Group{}
	group.SetLimit(listers)
	for _, served := range kinds {
		group.Go(func() error {
			left := g.remaining(ctx, served, namespace)
			mu.Lock()
			defer mu.Unlock()
			if left.Lookup != backup.Found {
				control.ContentLookup = left.Lookup
			}
			if left.Count > 0 || left.Lookup != backup.Found {
				control.Content = append(control.Content, left)
			}
			return nil
		})
	}
	_ = group.Wait() // every failure is in its group already
	slices.SortFunc(control.Content, func(a, b backup.Remaining) int { return cmp.Compare(a.Resource, b.Resource) })
}

// remaining counts what is left of one kind. Where a conversion fails another
// version is tried, and the definition is read to say why.
func (g *gather) remaining(ctx context.Context, served backup.Served, namespace string) backup.Remaining {
	name := served.Ref("", "").GroupResource()
	left, err := g.count(ctx, served, namespace)
	if conversionFailed(err) {
		if !g.targetIs(definitions) {
			g.addDefinition(ctx, name)
		}
		for _, other := range g.otherVersions(served) {
			if again, retried := g.count(ctx, other, namespace); retried == nil {
				left, err = again, nil
				break
			}
		}
	}
	left.Lookup, left.Error = lookup(err), shortError(err)
	if err != nil && lookup(err) != backup.Absent {
		g.gap(name+" in "+cmp.Or(namespace, "all namespaces"), err)
	} else {
		left.Lookup = backup.Found // a kind that is gone has nothing left
	}
	return left
}

func (g *gather) count(ctx context.Context, served backup.Served, namespace string) (backup.Remaining, error) {
	left := backup.Remaining{Resource: served.Ref("", "").GroupResource(), Namespaced: served.Namespaced}
	var deleting, living []backup.Ref
	err := g.list(ctx, served, namespace, cluster.ListOptions{Metadata: true}, func(item map[string]any) error {
		left.Count++
		ref := served.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name"))
		if instant(item, "metadata", "deletionTimestamp") != nil {
			left.Deleting++
			deleting = keep(deleting, ref)
		} else {
			living = keep(living, ref)
		}
		finalizers, _, _ := unstructured.NestedStringSlice(item, "metadata", "finalizers")
		for _, name := range finalizers {
			left.Finalizers = tally(left.Finalizers, name)
		}
		return nil
	})
	left.Samples = append(deleting, living...)
	left.Samples = left.Samples[:min(samples, len(left.Samples))]
	return left, err
}

func keep(list []backup.Ref, ref backup.Ref) []backup.Ref {
	if len(list) == samples {
		return list
	}
	return append(list, ref)
}

func tally(counts []backup.FinalizerCount, name string) []backup.FinalizerCount {
	for i := range counts {
		if counts[i].Name == name {
			counts[i].Count++
			return counts
		}
	}
	return append(counts, backup.FinalizerCount{Name: name, Count: 1})
}

// leftPods describes a few of the pods that are left, with their nodes: on a
// node that does not answer nobody confirms that a pod has ended.
func (g *gather) leftPods(ctx context.Context) {
	i := slices.IndexFunc(g.ev.Control.Content, func(r backup.Remaining) bool { return r.Resource == "pods" })
	if i < 0 {
		return
	}
	for _, ref := range g.ev.Control.Content[i].Samples {
		raw, err := g.Cluster.Get(ctx, pods, ref.Namespace, ref.Name)
		if err != nil {
			if lookup(err) != backup.Absent {
				g.gap(ref.Human(), err)
			}
			continue
		}
		pod := readPod(raw, "")
		left := backup.Lingering{Ref: pod.Ref, Deleted: instant(raw, "metadata", "deletionTimestamp"), Phase: pod.Phase, Node: pod.Node}
		left.Finalizers, _, _ = unstructured.NestedStringSlice(raw, "metadata", "finalizers")
		if object(raw, "metadata")["deletionGracePeriodSeconds"] != nil {
			grace := number(raw, "metadata", "deletionGracePeriodSeconds")
			left.GraceSeconds = &grace
		}
		if pod.Node != "" {
			left.NodeReady = g.nodeReady(ctx, pod.Node)
		}
		g.ev.Control.Pods = append(g.ev.Control.Pods, left)
	}
}
