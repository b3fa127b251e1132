package logs

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var pods = backup.Served{Version: "v1", Resource: "pods", Kind: "Pod", Namespaced: true}

// podsOf hands on the pods of a source. A pod that is not there is none.
func podsOf(ctx context.Context, reader cluster.Reader, s backup.LogSource, each func(map[string]any) error) error {
	if s.Pod == "" {
		return reader.List(ctx, pods, s.Namespace, cluster.ListOptions{LabelSelector: s.Selector}, each)
	}
	pod, err := reader.Get(ctx, pods, s.Namespace, s.Pod)
	if cluster.IsAbsent(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return each(pod)
}

// containersOf are the containers of a pod that a source is about, in the order
// in which they run.
func containersOf(s backup.LogSource, pod map[string]any) []*container {
	ref := pods.Ref(text(pod, "metadata", "namespace"), text(pod, "metadata", "name"))
	ref.UID = text(pod, "metadata", "uid")
	var out []*container
	for _, field := range []string{"initContainers", "containers"} {
		list, _, _ := unstructured.NestedSlice(pod, "spec", field)
		for _, entry := range list {
			spec, _ := entry.(map[string]any)
			if name := text(spec, "name"); s.Container == "" || s.Container == name {
				out = append(out, &container{source: s, pod: ref, name: name})
			}
		}
	}
	return out
}

// statusOf reads what the pod says of a container.
func statusOf(pod map[string]any, name string) status {
	phase := text(pod, "status", "phase")
	out := status{final: phase == "Succeeded" || phase == "Failed"}
	out.ended = out.final
	for _, field := range []string{"initContainerStatuses", "containerStatuses"} {
		list, _, _ := unstructured.NestedSlice(pod, "status", field)
		for _, entry := range list {
			state, _ := entry.(map[string]any)
			if text(state, "name") != name {
				continue
			}
			out.restarts, _, _ = unstructured.NestedInt64(state, "restartCount")
			_, running, _ := unstructured.NestedMap(state, "state", "running")
			_, terminated, _ := unstructured.NestedMap(state, "state", "terminated")
			out.started = running || terminated
			out.ended = out.final || terminated
			done := text(state, "state", "terminated", "reason") == "Completed" && field == "initContainerStatuses"
			out.final = out.final || done || terminated && text(pod, "spec", "restartPolicy") == "Never"
		}
	}
	return out
}

func text(object map[string]any, path ...string) string {
	value, _, _ := unstructured.NestedString(object, path...)
	return value
}
