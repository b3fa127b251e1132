package collect

import (
	"context"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var daemonSets = backup.Served{Group: "apps", Version: "v1", Resource: "daemonsets", Kind: "DaemonSet", Namespaced: true}

// workloads finds what runs the owner: Deployments by their labels, DaemonSets
// by their names beside the target. The labels are those of their pods.
func (g *gather) workloads(ctx context.Context, owner *backup.Owner) (podLabels []string, err error) {
	add := func(workload backup.Deployment, raw map[string]any) {
		if hasContainer(raw, owner.Selector.Container) {
			owner.Deployments = append(owner.Deployments, workload)
			podLabels = append(podLabels, matchLabels(raw))
		}
	}
	namespace := ""
	if owner.Selector.OwnNamespace {
		namespace = g.hit.Namespace
	}
	if owner.Selector.Deployments != "" {
		options := cluster.ListOptions{LabelSelector: owner.Selector.Deployments}
		err = g.list(ctx, deployments, namespace, options, func(item map[string]any) error {
			add(readDeployment(item), item)
			return nil
		})
	}
	if err != nil || owner.Selector.DaemonSets == "" {
		return podLabels, err
	}
	names := strings.Split(owner.Selector.DaemonSets, ",")
	err = g.list(ctx, daemonSets, g.hit.Namespace, cluster.ListOptions{}, func(item map[string]any) error {
		if slices.Contains(names, nested(item, "metadata", "name")) {
			add(readDaemonSet(item), item)
		}
		return nil
	})
	return podLabels, err
}

// readDaemonSet counts as replicas the nodes that are to have a pod.
func readDaemonSet(raw map[string]any) backup.Deployment {
	d := readDeployment(raw)
	d.Ref = daemonSets.Ref(d.Ref.Namespace, d.Ref.Name)
	d.Replicas, d.Ready = number(raw, "status", "desiredNumberScheduled"), number(raw, "status", "numberReady")
	return d
}

// hasContainer tells whether a workload runs a container of the name: programs
// of one product may share their labels.
func hasContainer(raw map[string]any, name string) bool {
	return name == "" || slices.ContainsFunc(items(raw, "spec", "template", "spec", "containers"), func(c map[string]any) bool {
		return nested(c, "name") == name
	})
}
