package diagnose

import (
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// outOfService is the taint by which a person tells the cluster that a machine
// is off: its pods are removed and its volumes detached.
const outOfService = "node.kubernetes.io/out-of-service"

func nodeEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-K109",
			Title:   "the node of the pod does not confirm its end",
			Explain: "A pod that is being deleted goes only when the kubelet of its node reports that every container has ended. Until then the API server keeps it, with or without finalizers.",
			Why:     "The node is off, cut off or overloaded, or a container or a volume on it cannot be ended.",
			Fix:     "Bring the node back. If the machine is known to be off and stays off, the taint out-of-service has the cluster remove its pods and detach its volumes.",
			Danger:  "The containers may still run and write. Whoever declares them gone without having seen the machine off lets a second writer onto the same volume.",
			Source:  "k8s.io/kubernetes@v1.36.3 pkg/controller/podgc; k8s.io/apiserver@v0.36.3 pkg/registry/generic/registry/store.go",
		}, judgePodEnd},
		{Code{
			Code:    "BK-K110",
			Title:   "the grace period of the pod still runs",
			Explain: "Its containers were asked to end and have time until the deletionTimestamp.",
			Why:     "terminationGracePeriodSeconds of the pod, or the grace period that was given with the deletion.",
			Fix:     "Wait. Data movers have long grace periods, so that they can finish what they write.",
			Danger:  "none",
			Source:  "metadata.deletionTimestamp and metadata.deletionGracePeriodSeconds",
		}, judgeGracePeriod},
		{Code{
			Code:    "BK-K111",
			Title:   "the Job waits for pods that cannot end",
			Explain: "Pods of the Job are on a node that does not report, so that nobody says that they have ended. With the podReplacementPolicy Failed the Job neither counts nor replaces them before.",
			Why:     "The node is off or cut off.",
			Fix:     "Bring the node back, or declare it out of service once the machine is known to be off.",
			Danger:  "A second pod of the Job may write beside the lost one.",
			Source:  "k8s.io/kubernetes@v1.36.3 pkg/controller/job/job_controller.go",
		}, judgeJobPods},
	}
}

// nodeOf is a node by its name, or nil.
func nodeOf(ev *backup.Evidence, name string) *backup.Node {
	for i := range ev.Nodes {
		if ev.Nodes[i].Name == name && name != "" {
			return &ev.Nodes[i]
		}
	}
	return nil
}

// nodeText names a node and says what is wrong with it: "node-1, which is not ready".
func nodeText(ev *backup.Evidence, name string) string {
	node := nodeOf(ev, name)
	switch {
	case node == nil || node.Ready == backup.Yes:
		return name
	case node.Lookup == backup.Absent:
		return name + ", which is gone"
	case node.Ready == backup.No:
		return name + ", which is not ready"
	}
	return name + ", of which nothing is known"
}

// nodeProof is what shows the state of a node.
func nodeProof(node backup.Node) backup.Proof {
	text := "Ready is not True"
	switch {
	case node.Lookup == backup.Absent:
		return backup.Proof{Text: "node " + node.Name + " does not exist any more", Source: "nodes/" + node.Name}
	case node.Ready == backup.Yes:
		text = "Ready is True"
	case node.Reason != "":
		text += " (" + node.Reason + ")"
	}
	if node.Tainted(outOfService) {
		text += ", tainted " + outOfService
	}
	if node.Renewed != nil {
		text += ", its kubelet last renewed its lease " + node.Renewed.UTC().Format(time.RFC3339)
	}
	return backup.Proof{Text: text, Source: "condition Ready of node " + node.Name, At: node.Since}
}

// lostNodeFixes help where a node does not report, the one that endangers least first.
func lostNodeFixes(node backup.Node) []backup.Fix {
	fixes := []backup.Fix{{
		Does: "Shows the node. When its kubelet reports again, it confirms the end of the pod by itself.", DoesNot: "It changes nothing by itself.",
		Commands: []string{command("kubectl", "describe", "node", node.Name)},
	}}
	if node.Lookup == backup.Absent || node.Tainted(outOfService) {
		return fixes
	}
	const danger = "If the machine still runs, its containers go on writing while another node gets their volumes: data is destroyed. See that it is off (power, cloud console, fencing) before."
	return append(fixes, backup.Fix{
		Does: "Declares the machine off; the cluster then removes its pods and detaches their volumes.", DoesNot: "It switches nothing off.",
		Danger:   danger,
		Commands: []string{command("kubectl", "taint", "nodes", node.Name, outOfService+"=nodeshutdown:NoExecute")},
	}, backup.Fix{
		Does:   "Deleting the pod by force removes its object alone, and comes last: only after the machine was fenced, and only for this pod.",
		Danger: "Nothing waits for the end of the containers; the volume stays attached to the lost node.",
	})
}

func judgePodEnd(ev *backup.Evidence) []backup.Finding {
	pod := podTarget(ev)
	if pod == nil || pod.Deleted.After(ev.At) || pod.GraceSeconds == nil || *pod.GraceSeconds == 0 {
		return nil
	}
	overdue := span(ev.At.Sub(*pod.Deleted))
	node := nodeOf(ev, pod.Node)
	switch {
	case node == nil:
		found := problem("BK-K109", causeAfter(ev, settling), ev.Object.Ref, "the pod was never given to a node; the pod garbage collector removes it")
		found.Cause = "pod garbage collector"
		return one(found)
	case !node.Lookup.Known():
		return one(unknown("BK-K109", ev.Object.Ref, "whether the kubelet can confirm the end of the pod is not known: "+unread("node "+node.Name, node.Lookup, "")))
	}
	title := fmt.Sprintf("node %s is not ready, and only its kubelet can confirm that the pod has ended", node.Name)
	switch {
	case node.Lookup == backup.Absent:
		title = fmt.Sprintf("node %s is gone, and the pod garbage collector has not removed the pod yet", node.Name)
	case node.Ready == backup.Yes:
		title = fmt.Sprintf("node %s is ready, but its kubelet has not confirmed the end of the pod %s after its grace period", node.Name, overdue)
	case node.Ready == backup.Unknown:
		title = fmt.Sprintf("node %s does not say whether it is ready, and only its kubelet can confirm that the pod has ended", node.Name)
	}
	severity := backup.SeverityCause
	if lost := node.Ready != backup.Yes && node.Lookup == backup.Found; !lost && ev.At.Sub(*pod.Deleted) < settling {
		severity = backup.SeverityInfo // somebody is there to end it
	}
	found := problem("BK-K109", severity, ev.Object.Ref, title)
	found.Explain, found.Cause = "Removing finalizers changes nothing here: the API server waits for the kubelet.", "Node "+node.Name
	found.Proof = []backup.Proof{
		nodeProof(*node),
		{Text: fmt.Sprintf("its grace period of %ds is over, and its phase is %s", *pod.GraceSeconds, orElse(pod.Phase, "not known")), Source: "metadata.deletionTimestamp", At: pod.Deleted},
	}
	if found.Fixes = lostNodeFixes(*node); node.Ready == backup.Yes {
		found.Fixes = []backup.Fix{{
			Does: "Shows what the kubelet says: a container that does not end, or a volume that it cannot unmount.", DoesNot: "It changes nothing.",
			Commands: []string{look(pod.Ref.Namespace, "describe", "pod", pod.Ref.Name)},
		}}
	}
	return one(found)
}

// podTarget is the target if it is a pod that is being deleted, or nil.
func podTarget(ev *backup.Evidence) *backup.Lingering {
	if ev.Object.Ref.GroupResource() != "pods" || len(ev.Pods) != 1 || ev.Pods[0].Deleted == nil {
		return nil
	}
	return &ev.Pods[0]
}

// graceful tells whether the target goes only when a kubelet confirms its end.
func graceful(ev *backup.Evidence) bool {
	pod := podTarget(ev)
	return pod != nil && pod.GraceSeconds != nil && *pod.GraceSeconds > 0
}

func judgeGracePeriod(ev *backup.Evidence) []backup.Finding {
	pod := podTarget(ev)
	if pod == nil || !pod.Deleted.After(ev.At) {
		return nil
	}
	found := problem("BK-K110", backup.SeverityInfo, ev.Object.Ref, "its grace period runs for another "+span(pod.Deleted.Sub(ev.At)))
	found.Proof = []backup.Proof{{Text: "its containers have until then to end", Source: "metadata.deletionTimestamp " + pod.Deleted.UTC().Format(time.RFC3339)}}
	return one(found)
}

func judgeJobPods(ev *backup.Evidence) []backup.Finding {
	if ev.Job == nil || ev.Job.Finished {
		return nil
	}
	if !ev.PodsLookup.Known() {
		return one(unknown("BK-K111", ev.Object.Ref, unread("the pods of the Job", ev.PodsLookup, "")))
	}
	var lost []backup.Lingering
	for _, pod := range ev.Pods {
		if node := nodeOf(ev, pod.Node); node != nil && node.Lookup.Known() && node.Ready != backup.Yes {
			lost = append(lost, pod)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	node := nodeOf(ev, lost[0].Node)
	found := problem("BK-K111", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("the Job waits for %s that cannot end: it is on %s", counted(int64(len(lost)), "pod"), nodeText(ev, node.Name)))
	found.Cause, found.Fixes = "Node "+node.Name, lostNodeFixes(*node)
	switch {
	case ev.Job.ManagedBy != "":
		found.Explain = "The Job is managed by " + ev.Job.ManagedBy + ", not by Kubernetes' own Job controller."
	case ev.Job.ReplacementPolicy == "Failed":
		found.Explain = "With the podReplacementPolicy Failed it makes no other pod until these are Failed, and only their node can say so."
	}
	found.Proof = append(found.Proof, nodeProof(*node))
	for i, pod := range lost {
		if i < provedBlockers {
			found.Proof = append(found.Proof, backup.Proof{Text: standing(ev, backup.Blocker{Lingering: pod}), Source: pod.Ref.String(), At: pod.Deleted})
		}
	}
	return one(found)
}
