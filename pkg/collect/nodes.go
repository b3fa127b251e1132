package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// wholePods is how many pods are read whole where only their metadata was listed.
const wholePods = 20

// ends reads what has to confirm the end of pods: the target if it is a pod,
// the pods of a target that is a Job, and the nodes of all that blocks.
func (g *gather) ends(ctx context.Context) {
	switch g.ev.Object.Ref.GroupResource() {
	case "pods":
		g.ev.Pods, g.ev.PodsLookup = []backup.Lingering{g.lingering(pods, g.ev.Raw)}, backup.Found
	case "jobs.batch":
		g.jobEnd(ctx)
	}
	named := map[string]*backup.Node{}
	ready := func(name string) backup.Answer {
		if name == "" {
			return backup.Unknown
		}
		if named[name] == nil {
			node := g.node(ctx, name)
			named[name] = &node
			g.ev.Nodes = append(g.ev.Nodes, node)
		}
		return named[name].Ready
	}
	for i := range g.ev.Pods {
		g.ev.Pods[i].NodeReady = ready(g.ev.Pods[i].Node)
	}
	for i := range g.ev.Blocking {
		for j := range g.ev.Blocking[i].Blockers {
			b := &g.ev.Blocking[i].Blockers[j]
			if b.Ref.GroupResource() == "pods" && b.Phase == "" && j < wholePods {
				g.whole(ctx, &b.Lingering)
			}
			if !b.Ended() {
				b.NodeReady = ready(b.Node)
			}
		}
	}
	if g.ev.Object.Ref.GroupResource() == "volumeattachments.storage.k8s.io" {
		ready(nested(g.ev.Raw, "spec", "nodeName"))
	}
}

// whole reads the rest of a pod of which only the metadata was listed.
func (g *gather) whole(ctx context.Context, l *backup.Lingering) {
	raw, err := g.Cluster.Get(ctx, pods, l.Ref.Namespace, l.Ref.Name)
	switch {
	case err == nil:
		*l = g.lingering(pods, raw)
	case !lookup(err).Known():
		g.gap(l.Ref.Human(), err)
	}
}

// jobEnd reads the pods of a Job that have not ended, and what the Job says
// about the end of its pods.
func (g *gather) jobEnd(ctx context.Context) {
	work := backup.Work{}
	readJob(&work, g.ev.Raw, nil)
	g.ev.Job = &backup.JobEnd{ReplacementPolicy: nested(g.ev.Raw, "spec", "podReplacementPolicy"), Finished: work.Phase.Terminal()}
	if manager := nested(g.ev.Raw, "spec", "managedBy"); manager != "kubernetes.io/job-controller" {
		g.ev.Job.ManagedBy = manager
	}
	options := cluster.ListOptions{LabelSelector: "job-name=" + g.hit.Name}
	err := g.list(ctx, pods, g.hit.Namespace, options, func(item map[string]any) error {
		pod := g.lingering(pods, item)
		if !pod.Ended() && pod.Controller != nil && pod.Controller.UID == g.ev.Object.Ref.UID {
			g.ev.Pods = append(g.ev.Pods, pod)
		}
		return nil
	})
	g.ev.PodsLookup = lookup(err)
	if err != nil {
		g.gap("pods of Job "+g.hit.Namespace+"/"+g.hit.Name, err)
	}
}

// node reads whether the kubelet of a node still reports.
func (g *gather) node(ctx context.Context, name string) backup.Node {
	raw, err := g.Cluster.Get(ctx, nodes, "", name)
	node := backup.Node{Name: name, Lookup: lookup(err)}
	if err != nil {
		if !node.Lookup.Known() {
			g.gap("node "+name, err)
		}
		return node
	}
	for _, c := range conditions(raw) {
		if c.Type == "Ready" {
			node.Ready, node.Reason, node.Since = backup.AnswerOf(c.Status == "True"), c.Reason, c.At
		}
	}
	for _, taint := range items(raw, "spec", "taints") {
		node.Taints = append(node.Taints, nested(taint, "key")+":"+nested(taint, "effect"))
	}
	slices.Sort(node.Taints)
	if node.Ready == backup.Yes {
		return node
	}
	// A right for leases is rare, and the lease only adds to what is known.
	if lease, err := g.Cluster.Get(ctx, leases, "kube-node-lease", name); err == nil {
		node.Renewed = instant(lease, "spec", "renewTime")
	}
	return node
}
