package collect

import (
	"cmp"
	"context"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

var (
	claims       = backup.Served{Version: "v1", Resource: "persistentvolumeclaims", Kind: "PersistentVolumeClaim", Namespaced: true}
	statefulSets = backup.Served{Group: "apps", Version: "v1", Resource: "statefulsets", Kind: "StatefulSet", Namespaced: true}
)

// DrillReady reads how far what a drill restored is: its claims, its workloads, and
// the pods that no controller made. Names are those of the backup.
func (c *Collector) DrillReady(ctx context.Context, look *backup.DrillLook, found *backup.DrillFound) {
	r := drillReady{Collector: c, look: look, found: found, waiting: map[string]bool{}}
	found.Claims, found.Workloads, found.Unread = nil, nil, nil
	r.each(ctx, storageClasses, "", func(item map[string]any) {
		r.waiting[nested(item, "metadata", "name")] = nested(item, "volumeBindingMode") == "WaitForFirstConsumer"
	})
	for _, n := range look.Namespaces {
		r.namespace(ctx, n)
	}
}

// drillReady is one such reading.
type drillReady struct {
	*Collector
	look    *backup.DrillLook
	found   *backup.DrillFound
	waiting map[string]bool // storage classes that bind claims late
	// Of the namespace that is read: the claims that pods use, and the troubles of pods.
	used     map[string]bool
	troubles map[string]string
}

func (r *drillReady) each(ctx context.Context, served backup.Served, namespace string, each func(map[string]any)) {
	err := r.list(ctx, served, namespace, cluster.ListOptions{}, func(item map[string]any) error {
		each(item)
		return nil
	})
	if err != nil {
		r.found.Unread = append(r.found.Unread, gapOf(served, namespace, err))
	}
}

func (r *drillReady) namespace(ctx context.Context, n backup.DrillNamespace) {
	r.used, r.troubles = map[string]bool{}, map[string]string{}
	bare := map[string]bool{}
	for _, object := range r.look.Contents.Objects {
		if object.Resource == "pods" && object.Namespace == n.From && !object.Made && !object.Ended {
			bare[object.Name] = true
		}
	}
	r.each(ctx, pods, n.To, func(item map[string]any) { r.pod(n, item, bare) })
	for _, served := range []backup.Served{deployments, statefulSets, daemonSets} {
		r.each(ctx, served, n.To, func(item map[string]any) { r.workload(n, served, item) })
	}
	r.each(ctx, claims, n.To, func(item map[string]any) { r.claim(n, item) })
}

func (r *drillReady) pod(n backup.DrillNamespace, item map[string]any, bare map[string]bool) {
	for _, volume := range items(item, "spec", "volumes") {
		if name := nested(volume, "persistentVolumeClaim", "claimName"); name != "" {
			r.used[name] = true
		}
	}
	name, why := nested(item, "metadata", "name"), podTrouble(item)
	if why != "" {
		r.troubles[name] = why
	}
	if bare[name] {
		w := backup.DrillWorkload{Resource: "pods", Namespace: n.From, Name: name, Wanted: 1, Why: why}
		for _, condition := range conditions(item) {
			if condition.Type == "Ready" && condition.Status == "True" || nested(item, "status", "phase") == "Succeeded" {
				w.Ready = 1
			}
		}
		r.found.Workloads = append(r.found.Workloads, w)
	}
}

// podTrouble is what keeps a pod from being ready, as far as it says so.
func podTrouble(pod map[string]any) string {
	for _, status := range append(items(pod, "status", "initContainerStatuses"), items(pod, "status", "containerStatuses")...) {
		reason := nested(status, "state", "waiting", "reason")
		if reason != "" && reason != "PodInitializing" && reason != "ContainerCreating" {
			return redact.Text(strings.TrimSuffix(reason+": "+nested(status, "state", "waiting", "message"), ": "))
		}
	}
	for _, condition := range conditions(pod) {
		if condition.Type == "PodScheduled" && condition.Status == "False" {
			return redact.Text(condition.Reason + ": " + condition.Message)
		}
	}
	return ""
}

func (r *drillReady) workload(n backup.DrillNamespace, served backup.Served, item map[string]any) {
	w := backup.DrillWorkload{
		Resource: served.Resource + "." + served.Group, Namespace: n.From, Name: nested(item, "metadata", "name"),
		Wanted: number(item, "spec", "replicas"), Ready: number(item, "status", "readyReplicas"),
	}
	if served.Resource == "daemonsets" {
		w.Wanted, w.Ready = number(item, "status", "desiredNumberScheduled"), number(item, "status", "numberReady")
	}
	if number(item, "status", "observedGeneration") < number(item, "metadata", "generation") {
		w.Ready = min(w.Ready, w.Wanted-1) // its controller has not looked at it yet
	}
	if w.Ready < w.Wanted {
		w.Why = r.why(w.Name, item)
	}
	r.found.Workloads = append(r.found.Workloads, w)
}

// why is the trouble of one of its pods, which are called after it, or what the
// workload says itself.
func (r *drillReady) why(name string, item map[string]any) string {
	for pod, trouble := range r.troubles {
		if strings.HasPrefix(pod, name+"-") {
			return "pod " + pod + ": " + trouble
		}
	}
	for _, condition := range conditions(item) {
		if condition.Type == "ReplicaFailure" && condition.Status == "True" || condition.Type == "Progressing" && condition.Status == "False" {
			return redact.Text(condition.Message)
		}
	}
	return ""
}

func (r *drillReady) claim(n backup.DrillNamespace, item map[string]any) {
	name := nested(item, "metadata", "name")
	claim := backup.DrillClaim{
		Namespace: n.From, Name: name, Phase: nested(item, "status", "phase"), PV: nested(item, "spec", "volumeName"),
		Class: nested(item, "spec", "storageClassName"), Used: r.used[name],
	}
	claim.Waits = r.waiting[claim.Class]
	capacity := cmp.Or(nested(item, "status", "capacity", "storage"), nested(item, "spec", "resources", "requests", "storage"))
	if amount, err := resource.ParseQuantity(capacity); err == nil {
		claim.Bytes = amount.Value()
	}
	r.found.Claims = append(r.found.Claims, claim)
}
