package collect

import (
	"cmp"
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
)

// How much of the logs is read: the newest pods of a work, and the end of each.
const (
	logPods  = 3
	logLines = 200
)

// logPods is how many pods of a work are asked for their logs.
func (d Depth) logPods() int {
	switch {
	case !d.Logs:
		return 0
	case d.Many: // the one that may run now, and the one before it
		return 2
	}
	return logPods
}

var nodes = backup.Served{Version: "v1", Resource: "nodes", Kind: "Node"}

// pods reads the pods of a work. They are found by the Job's name even where
// the Job is gone, for its pods may outlive it.
func (g *gather) pods(ctx context.Context, w *backup.Work) {
	options := cluster.ListOptions{LabelSelector: cmp.Or(w.PodSelector, "job-name="+w.Ref.Name)}
	err := g.list(ctx, pods, w.Ref.Namespace, options, func(item map[string]any) error {
		if w.Env == nil {
			w.Env = literalEnv(object(item, "spec"), w.Container, g.envNames())
		}
		w.Pods = append(w.Pods, readPod(item, w.Container))
		return nil
	})
	w.PodsLookup = lookup(err)
	if err != nil {
		g.gap("pods of "+w.Ref.Human(), err)
	}
	slices.SortFunc(w.Pods, func(a, b backup.Pod) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.Ref.Name, b.Ref.Name))
	})
	for i := range w.Pods {
		pod := &w.Pods[i]
		if pod.Node != "" && pod.Phase != "Succeeded" && pod.Phase != "Failed" {
			pod.NodeReady = g.nodeReady(ctx, pod.Node)
		}
		if i < g.depth.logPods() && pod.Container != "" && pod.Container != "waiting" {
			pod.Log = g.tail(ctx, pod.Ref, w.Container)
		}
	}
}

// readPod copies what a pod says of itself and of the container of the work.
func readPod(raw map[string]any, container string) backup.Pod {
	pod := backup.Pod{
		Ref:   pods.Ref(nested(raw, "metadata", "namespace"), nested(raw, "metadata", "name")),
		Phase: nested(raw, "status", "phase"), Node: nested(raw, "spec", "nodeName"), Created: created(raw),
		Reason: nested(raw, "status", "reason"), Message: nested(raw, "status", "message"),
	}
	pod.Ref.UID = nested(raw, "metadata", "uid")
	for _, c := range conditions(raw) {
		if c.Type == "PodScheduled" && c.Status == "False" {
			pod.Reason, pod.Message = c.Reason, c.Message
		}
	}
	statuses := append(items(raw, "status", "initContainerStatuses"), items(raw, "status", "containerStatuses")...)
	for _, s := range statuses {
		mine := container == "" || nested(s, "name") == container
		readContainer(&pod, object(s, "state"), mine)
	}
	return pod
}

// readContainer reads the state of one container. Of the others only why they
// wait counts, since an init container can hold the pod.
func readContainer(pod *backup.Pod, state map[string]any, mine bool) {
	if waiting := object(state, "waiting"); waiting != nil {
		if mine {
			pod.Container = "waiting"
		}
		if reason := nested(waiting, "reason"); reason != "" && reason != "PodInitializing" && reason != "ContainerCreating" {
			pod.Reason, pod.Message = reason, nested(waiting, "message")
		}
	}
	if !mine {
		return
	}
	if running := object(state, "running"); running != nil {
		pod.Container, pod.Started = "running", instant(running, "startedAt")
	}
	if ended := object(state, "terminated"); ended != nil {
		code := number(ended, "exitCode")
		pod.Container, pod.ExitCode = "terminated", &code
		pod.Started, pod.Ended = instant(ended, "startedAt"), instant(ended, "finishedAt")
		pod.Reason, pod.Message = nested(ended, "reason"), nested(ended, "message")
	}
}

// nodeReady tells whether the kubelet of a node still reports; a node object
// that is gone or silent leaves the pod's state unknown.
func (g *gather) nodeReady(ctx context.Context, name string) backup.Answer {
	if name == "" {
		return backup.Unknown
	}
	raw, err := g.Cluster.Get(ctx, nodes, "", name)
	if err != nil {
		g.gap("node "+name, err)
		return backup.Unknown
	}
	for _, c := range conditions(raw) {
		if c.Type == "Ready" {
			return backup.AnswerOf(c.Status == "True")
		}
	}
	return backup.Unknown
}

func (g *gather) tail(ctx context.Context, pod backup.Ref, container string) *backup.LogTail {
	source, ok := g.Cluster.(cluster.LogSource)
	if !ok {
		return &backup.LogTail{Lookup: backup.NotAsked, Error: "this source holds no logs"}
	}
	read := func() backup.LogTail {
		return logs.Tail(ctx, source, pod.Namespace, pod.Name, container, logLines)
	}
	if shared, ok := g.Cluster.(*memo); ok {
		return shared.tail(ctx, pod, container, read)
	}
	tail := read()
	return &tail
}
