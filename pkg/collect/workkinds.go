package collect

import (
	"cmp"
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// findWorks looks for the works that the profile finds by what they are: each
// resource is listed once, with the label that selects.
func (g *gather) findWorks(ctx context.Context) {
	if g.hit.Kind == nil {
		return
	}
	queries := g.hit.Kind.WorkQueries(g.ev.Raw)
	if len(queries) > 0 {
		g.ev.Object.WorksLookup = backup.Found
	}
	for _, query := range queries {
		works := g.found(ctx, &query)
		for _, w := range works {
			if w.Lookup != backup.Found {
				g.ev.Object.WorksLookup = w.Lookup
			}
		}
		g.ev.Object.Works = append(g.ev.Object.Works, works...)
	}
}

// found are the works of one query. What could not be listed is one work that
// nobody read, so that it never passes for none.
func (g *gather) found(ctx context.Context, query *system.WorkQuery) []backup.Work {
	served, ok := g.resource(query.Work.Ref.Group, query.Work.Ref.Resource)
	if !ok { // a kind that is not served has no objects
		return nil
	}
	var out []backup.Work
	options := cluster.ListOptions{}
	if query.Label != "" {
		options.LabelSelector = query.Label + "=" + query.Value
	}
	err := g.list(ctx, served, query.Work.Ref.Namespace, options, func(item map[string]any) error {
		if query.Matches(item) != backup.No {
			w := g.readWork(query.Work, served, item)
			if kind := g.kindOf(served.Group, served.Resource); kind != nil && g.depth.Follow {
				w.Logs = kind.Logs(item)
			}
			out = append(out, w)
		}
		return nil
	})
	if err != nil {
		g.gap(gapOf(served, query.Work.Ref.Namespace, err).What, err)
		return []backup.Work{unread(query.Work, served, err)}
	}
	slices.SortFunc(out, func(a, b backup.Work) int {
		return cmp.Or(cmp.Compare(a.Ref.Namespace, b.Ref.Namespace), cmp.Compare(a.Ref.Name, b.Ref.Name))
	})
	return out
}

// readWork reads an object as a work. One of a kind that no profile knows has no
// phase, which is unknown.
func (c *Collector) readWork(w backup.Work, served backup.Served, item map[string]any) backup.Work {
	if served.Group == "" && served.Resource == pods.Resource {
		return readPodWork(w, item)
	}
	if kind := c.kindOf(served.Group, served.Resource); kind != nil {
		return kind.ReadWork(w, item)
	}
	w.Ref = served.Ref(nested(item, "metadata", "namespace"), nested(item, "metadata", "name"))
	w.Ref.UID = nested(item, "metadata", "uid")
	w.Lookup, w.Phase, w.Created = backup.Found, backup.PhaseUnknown, created(item)
	return w
}

// podPhase is the phase of a pod in the words of works.
func podPhase(word string) backup.Phase {
	switch word {
	case "Pending":
		return backup.PhasePending
	case "Running":
		return backup.PhaseRunning
	case "Succeeded":
		return backup.PhaseCompleted
	case "Failed":
		return backup.PhaseFailed
	}
	return backup.PhaseUnknown
}

// readPodWork reads a pod that is a work of its own, not that of a Job.
func readPodWork(w backup.Work, item map[string]any) backup.Work {
	pod := readPod(item, w.Container)
	w.Ref, w.Lookup, w.Phase, w.NativePhase, w.Created = pod.Ref, backup.Found, podPhase(pod.Phase), pod.Phase, pod.Created
	w.Node, w.Deleting = pod.Node, instant(item, "metadata", "deletionTimestamp") != nil
	w.Pods, w.PodsLookup = []backup.Pod{pod}, backup.Found
	return w
}

// unread stands for works of a resource that could not be listed.
func unread(w backup.Work, served backup.Served, err error) backup.Work {
	w.Ref = served.Ref(w.Ref.Namespace, "*")
	w.Lookup, w.Error = lookup(err), shortError(err)
	if w.Lookup.Known() {
		w.Lookup = backup.Failed
	}
	return w
}

// readCustom reads a work that the profile names and that is no Job.
func (g *gather) readCustom(ctx context.Context, w *backup.Work) {
	served, ok := g.resource(w.Ref.Group, w.Ref.Resource)
	if !ok {
		w.Lookup = backup.Absent
		return
	}
	raw, err := g.Cluster.Get(ctx, served, w.Ref.Namespace, w.Ref.Name)
	if err != nil {
		w.Lookup, w.Error = lookup(err), shortError(err)
		if !w.Lookup.Known() {
			g.gap(w.Ref.Human(), err)
		}
		return
	}
	*w = g.readWork(*w, served, raw)
}

// around reads what a work that is no Job runs on: its node and its pods.
func (g *gather) around(ctx context.Context, w *backup.Work) {
	if w.Node != "" && !w.Phase.Terminal() {
		w.NodeReady = g.nodeReady(ctx, w.Node)
	}
	if len(w.Pods) == 1 { // the work is a pod
		w.Pods[0].NodeReady = w.NodeReady
		return
	}
	if w.PodSelector == "" {
		w.PodsLookup = backup.Absent // it runs in a program that is not its own
		return
	}
	g.pods(ctx, w)
}
