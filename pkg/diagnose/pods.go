package diagnose

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func podEntries() []entry {
	const noDanger = "none; the clean-up that then starts erases the backup's data, as the deletion asked for"
	return []entry{
		{Code{
			Code:    "BK-W203",
			Title:   "a pod of the Job cannot be scheduled",
			Explain: "The Job has a pod that no node takes, so its program never starts. The Job counts as active for as long as that lasts and reports no failure.",
			Why:     "Too little CPU or memory is free, a taint is not tolerated, a node selector matches nothing, or a volume is bound to another zone.",
			Fix:     "Make room or a node that fits. The pod starts by itself then; the Job need not be deleted.",
			Danger:  noDanger,
			Source:  "pod condition PodScheduled, events FailedScheduling",
		}, waitingPods("BK-W203", "has a pod that cannot be scheduled", "Unschedulable", "SchedulingGated")},
		{Code{
			Code:    "BK-W204",
			Title:   "an image of the Job's pod cannot be pulled",
			Explain: "The pod has a node, but the node cannot fetch the image. The Job counts as active for as long as that lasts.",
			Why:     "The registry does not answer, the name or tag is wrong, or the pull secret is missing. In clusters without internet access this often hits tools that no other pod uses.",
			Fix:     "Bring the image to the node or make the registry reachable; the kubelet tries again by itself.",
			Danger:  noDanger,
			Source:  "pod container status; kubelet reasons ImagePullBackOff, ErrImagePull, InvalidImageName",
		}, waitingPods("BK-W204", "has a pod whose image cannot be pulled", "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError", "RegistryUnavailable")},
		{Code{
			Code:    "BK-W205",
			Title:   "the container of the Job's pod cannot start",
			Explain: "The pod has a node and an image, but its container cannot be created or started.",
			Why:     "A Secret or ConfigMap that the container names is missing or lacks a key, a volume cannot be mounted, or the command does not exist in the image.",
			Fix:     "Repair what the message names. A missing Secret or volume is picked up by itself.",
			Danger:  noDanger,
			Source:  "pod container status; kubelet reasons CreateContainerConfigError, RunContainerError; events FailedMount",
		}, waitingPods("BK-W205", "has a container that cannot start", "CreateContainerConfigError", "CreateContainerError", "RunContainerError", "CrashLoopBackOff", "StartError", "ContainerCannotRun", "FailedMount", "FailedAttachVolume")},
		{Code{
			Code:    "BK-W206",
			Title:   "pods of the Job cannot be made",
			Explain: "The Job exists, but the API server refuses its pods, so nothing ever runs and the Job reports no failure.",
			Why:     "An admission rule refuses the pod; the event quotes it.",
			Fix:     "Remove what the event names. The Job controller tries again by itself.",
			Danger:  noDanger,
			Source:  "event FailedCreate of the Job",
		}, refusedPods("BK-W206", "")},
		{Code{
			Code:    "BK-W207",
			Title:   "a quota refuses the pods of the Job",
			Explain: "A ResourceQuota of the namespace is used up, or demands requests and limits that the pod does not have.",
			Why:     "The namespace is full, or finished pods still count.",
			Fix:     "Free quota or raise it. The Job controller tries again by itself.",
			Danger:  noDanger,
			Source:  "event FailedCreate of the Job: exceeded quota, failed quota",
		}, refusedPods("BK-W207", "a quota")},
		{Code{
			Code:    "BK-W208",
			Title:   "Pod Security refuses the pods of the Job",
			Explain: "The Pod Security level of the namespace forbids what the pod asks for.",
			Why:     "The namespace was labelled `restricted` or `baseline` after the backup system was installed.",
			Fix:     "Set a security context for the backup's pods where the system lets you, or change the label of the namespace.",
			Danger:  "a weaker label holds for every pod of the namespace",
			Source:  "event FailedCreate of the Job: violates PodSecurity",
		}, refusedPods("BK-W208", "Pod Security")},
		{Code{
			Code:    "BK-W209",
			Title:   "an admission webhook refuses the pods of the Job",
			Explain: "A webhook denies the pod, or does not answer and is set to fail closed.",
			Why:     "A policy engine or service mesh is down or has a rule against the pod.",
			Fix:     "Bring the webhook's backend back or exempt the pods in its rules.",
			Danger:  "without its webhook a policy is not enforced",
			Source:  "event FailedCreate of the Job: admission webhook, failed calling webhook",
		}, refusedPods("BK-W209", "an admission webhook")},
	}
}

// waitingPods raises the code for the youngest pod of a work that has to
// proceed and waits for one of the reasons.
func waitingPods(code, says string, reasons ...string) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		var all []backup.Finding
		for _, w := range expected(ev) {
			pods := byAge(w)
			if len(pods) == 0 || pods[0].Phase != "Pending" && pods[0].Container != "waiting" {
				continue
			}
			p := pods[0]
			reason, message := waitsFor(ev, p)
			if !slices.Contains(reasons, reason) {
				continue
			}
			found := problem(code, backup.SeverityCause, p.Ref, fmt.Sprintf("%s %s: %s", who(ev, w), says, gist(orElse(filtered(message), reason))))
			created := p.Created
			found.Proof = []backup.Proof{{Text: shorten(reason + ": " + message), Source: "status of pod " + p.Ref.Name, At: &created}}
			found.Fixes = []backup.Fix{{Does: "Shows the pod with its events.", Commands: []string{look(p.Ref.Namespace, "describe", "pod", p.Ref.Name)}}}
			all = append(all, found)
		}
		return all
	}
}

// filtered is the first part of the scheduler's message: which filters turned
// which nodes down. What follows says only that preemption would not help.
// Source: k8s.io/kubernetes@v1.36.3 pkg/scheduler/framework/types.go (FitError).
func filtered(message string) string {
	message, _, _ = strings.Cut(message, " preemption: ")
	message, _, _ = strings.Cut(message, " no new claims to deallocate")
	return message
}

// waitsFor is why a pod waits: its own reason, or the mount that an event tells of.
func waitsFor(ev *backup.Evidence, p *backup.Pod) (reason, message string) {
	if p.Reason != "" && p.Reason != "ContainerCreating" && p.Reason != "PodInitializing" {
		return p.Reason, p.Message
	}
	for _, e := range slices.Backward(ev.Events) {
		if e.Object.Name == p.Ref.Name && (e.Reason == "FailedMount" || e.Reason == "FailedAttachVolume") {
			return e.Reason, e.Message
		}
	}
	return p.Reason, p.Message
}

// refusedPods raises the code where the youngest FailedCreate event of a work
// names this culprit and no pod came after it.
func refusedPods(code, culprit string) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		var all []backup.Finding
		for _, w := range expected(ev) {
			e := refusal(ev, w)
			if e == nil || culpritOf(e.Message) != culprit {
				continue
			}
			title := who(ev, w) + " cannot make its pods"
			if culprit != "" {
				title += " because of " + culprit
			}
			found := problem(code, backup.SeverityCause, w.Ref, title+": "+gist(e.Message))
			found.Cause = refuser(culprit, w.Ref.Namespace, e.Message)
			found.Explain = "The Job stays active without a pod and reports no failure; its controller tries again by itself."
			found.Proof = []backup.Proof{eventProof(e)}
			found.Fixes = []backup.Fix{{Does: "Shows the Job with its events.", Commands: []string{look(w.Ref.Namespace, "describe", "job", w.Ref.Name)}}}
			all = append(all, found)
		}
		return all
	}
}

// refusal is the youngest event that refused a pod of the work, or nil if a pod came after it.
func refusal(ev *backup.Evidence, w *backup.Work) *backup.Event {
	for i := len(ev.Events) - 1; i >= 0; i-- {
		e := &ev.Events[i]
		if e.Reason != "FailedCreate" || e.Object.Name != w.Ref.Name || e.At.Before(w.Created) {
			continue
		}
		if slices.ContainsFunc(w.Pods, func(p backup.Pod) bool { return !p.Created.Before(e.At) }) {
			return nil
		}
		return e
	}
	return nil
}

// culpritOf names who refused a pod; "service account" and "namespace" are other checks' matter.
func culpritOf(message string) string {
	low := strings.ToLower(message)
	for _, c := range []struct{ word, name string }{
		{"quota", "a quota"},
		{"podsecurity", "Pod Security"},
		{"webhook", "an admission webhook"},
		{"serviceaccount", "service account"},
		{"service account", "service account"},
		{"being terminated", "namespace"},
	} {
		if strings.Contains(low, c.word) {
			return c.name
		}
	}
	return ""
}

// webhookName is the name in `failed calling webhook "name"` and `admission
// webhook "name" denied the request`.
// Source: k8s.io/apiserver@v0.36.3 pkg/admission/plugin/webhook.
var webhookName = regexp.MustCompile(`webhook "([^"]+)"`)

// refuser names who refuses pods, for all objects that it refuses: a webhook,
// or what the namespace itself is set to.
func refuser(culprit, namespace, message string) string {
	if name := webhookName.FindStringSubmatch(message); name != nil {
		return "webhook " + name[1]
	}
	if culprit == "" {
		return ""
	}
	return "Namespace " + namespace
}

func eventProof(e *backup.Event) backup.Proof {
	at := e.At
	return backup.Proof{Text: shorten(e.Message), Source: "event " + e.Reason + " of " + e.Object.Human(), At: &at}
}
