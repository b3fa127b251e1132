package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const namespaceSource = "k8s.io/kubernetes@v1.36.3 pkg/controller/namespace/deletion/namespaced_resources_deleter.go"

func namespaceContentEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-N603",
			Title:   "the namespace waits for its pods",
			Explain: "Since Kubernetes 1.33 the pods of a namespace are deleted first, and nothing else is touched before the last of them is gone. While pods are left the conditions of the namespace say that all content is removed; that is not true. The pods that are named here were listed.",
			Why:     "A pod waits for its grace period, for a finalizer, or for a node that does not answer and so cannot confirm that its containers ended.",
			Fix:     "Diagnose one of the pods. On a node that is lost for good, taint it out-of-service or delete the Node once the machine is switched off.",
			Danger:  "Deleting a pod with --force removes it from the API only: its containers may still run and write.",
			Source:  namespaceSource + "; kubernetes/kubernetes#138208",
		}, judgeLeftPods},
		{Code{
			Code:    "BK-N604",
			Title:   "objects are left in the namespace",
			Explain: "The namespace goes when nothing is left in it. What is left was listed and is grouped by the finalizers that hold it; each of these needs its own controller.",
			Why:     "The controller that removes the finalizer is gone, often because it was deleted together with the namespace, or cannot do its part.",
			Fix:     "Diagnose one object of each group: all of a group wait for the same.",
			Danger:  "Emptying the finalizers of the namespace through /finalize leaves the objects in etcd, where nobody sees them; they come back with the next namespace of the name.",
			Source:  namespaceSource + "; a list of every namespaced kind",
		}, judgeLeftContent},
		{Code{
			Code:    "BK-N605",
			Title:   "the namespace controller cannot see all API groups",
			Explain: "Before a namespace goes, its controller asks for every kind that the API server serves. As long as one API group does not answer, no namespace of the cluster goes, not even an empty one.",
			Why:     "An aggregated API such as a metrics adapter was removed or is down, and its API service was left behind.",
			Fix:     "Repair the server of the API service, or delete the API service if the server was removed on purpose.",
			Danger:  "none for the namespace; deleting an API service switches its API off for the whole cluster",
			Source:  namespaceSource + ", condition NamespaceDeletionDiscoveryFailure",
		}, judgeDiscovery},
		{Code{
			Code:    "BK-N606",
			Title:   "the namespace controller cannot delete all content",
			Explain: "A delete or a list of the namespace controller was refused. The message of its condition names what refused it: an admission webhook, a conversion webhook, or another error of the API server.",
			Why:     "A webhook refuses deletions, or fails because its own server was deleted first.",
			Fix:     "Repair what the message names; the controller tries again by itself.",
			Danger:  "Deleting a webhook configuration switches its check off for the whole cluster.",
			Source:  namespaceSource + ", condition NamespaceDeletionContentFailure",
		}, judgeContentFailure},
		{Code{
			Code:    "BK-N607",
			Title:   "the namespace is held by one of its two lists of finalizers",
			Explain: "A namespace has two lists: spec.finalizers, which the namespace controller empties once no content is left, and metadata.finalizers as every object has. It goes only when both are empty. An edit of spec.finalizers is ignored without an error.",
			Why:     "A controller such as Rancher's put a finalizer into metadata.finalizers and is gone, or the namespace controller has not come round yet.",
			Fix:     "See which list is left. One of metadata.finalizers belongs to the controller that is named there; spec.finalizers to kube-controller-manager.",
			Danger:  "Emptying spec.finalizers by hand hides whatever is left in the namespace.",
			Source:  "k8s.io/kubernetes@v1.36.3 pkg/registry/core/namespace/strategy.go and storage/storage.go",
		}, judgeTwoLists},
	}
}

// dying tells whether the target is a namespace that is being deleted.
func dying(ev *backup.Evidence) bool {
	return ev.Object.Deleting() && ev.Object.Ref.GroupResource() == "namespaces"
}

// left is what is left of a resource behind the target, or nil.
func left(ev *backup.Evidence, resource string) *backup.Remaining {
	for i, r := range ev.Control.Content {
		if r.Resource == resource && r.Count > 0 {
			return &ev.Control.Content[i]
		}
	}
	return nil
}

func judgeLeftPods(ev *backup.Evidence) []backup.Finding {
	pods := left(ev, "pods")
	if !dying(ev) || pods == nil {
		return nil
	}
	found := problem("BK-N603", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("namespace %s waits for %s in it", ev.Object.Ref.Name, counted(pods.Count, "pod")))
	found.Explain = "Since Kubernetes 1.33 pods are deleted first, and until the last is gone nothing else is. The conditions of the namespace do not count them."
	found.Proof = append(found.Proof, backup.Proof{Text: fmt.Sprintf("%s, %d of them being deleted", counted(pods.Count, "pod"), pods.Deleting), Source: "list of pods"})
	for _, p := range ev.Control.Pods {
		found.Proof = append(found.Proof, backup.Proof{Text: lingers(p, ev.At), Source: p.Ref.Human(), At: p.Deleted})
		if p.NodeReady == backup.No && found.Cause == "" {
			found.Cause = "node " + p.Node
		}
	}
	if c := condition(ev, "NamespaceContentRemaining"); c != nil && c.Status == "False" {
		found.Proof = append(found.Proof, backup.Proof{Text: conditionText(c) + " - which is not so", Source: "condition " + c.Type, At: c.At})
	}
	name := "<pod>"
	if len(pods.Samples) > 0 {
		name = pods.Samples[0].Name
	}
	found.Fixes = []backup.Fix{
		{Does: "Says what a pod waits for.", Commands: []string{diagnoseOf(ev.Object.Ref.Name, "pod/"+name)}},
		{Does: "Shows the pods and their nodes.", Commands: []string{look(ev.Object.Ref.Name, "get", "pods", "-o", "wide")}},
	}
	return one(found)
}

// lingers says why a pod may still be there.
func lingers(p backup.Lingering, now time.Time) string {
	text := orElse(p.Phase, "phase unknown")
	switch {
	case p.Deleted == nil:
		text += ", not being deleted yet"
	case p.Deleted.After(now):
		text += ", its grace period still runs"
	}
	if p.Node != "" {
		text += ", on node " + p.Node
		switch p.NodeReady {
		case backup.No:
			text += ", which is not ready: nobody there confirms that the pod ended"
		case backup.Unknown:
			text += ", of which nobody knows whether it is ready"
		}
	}
	if len(p.Finalizers) > 0 {
		text += ", held by " + strings.Join(p.Finalizers, ", ")
	}
	return text
}

// condition is a condition of the namespace, or nil.
func condition(ev *backup.Evidence, kind string) *backup.Condition {
	i := slices.IndexFunc(ev.Namespace.Conditions, func(c backup.Condition) bool { return c.Type == kind })
	if i < 0 {
		return nil
	}
	return &ev.Namespace.Conditions[i]
}

func diagnoseOf(ns, target string) string {
	return command(inNamespace(ns, "kubectl", "backup", "diagnose", target)...)
}

func judgeLeftContent(ev *backup.Evidence) []backup.Finding {
	if !dying(ev) {
		return nil
	}
	all := unlisted(ev, "BK-N604")
	groups := byFinalizer(ev.Control.Content)
	for _, group := range groups {
		found := problem("BK-N604", backup.SeverityCause, ev.Object.Ref, group.held()+" in namespace "+ev.Object.Ref.Name)
		found.Proof, found.Fixes = group.proof(), group.fixes()
		found.Cause = "finalizer " + group.finalizer
		all = append(all, found)
	}
	if free := unheld(ev.Control.Content); len(free) > 0 {
		found := problem("BK-N604", backup.SeverityInfo, ev.Object.Ref, "objects without finalizers are left: "+strings.Join(free, ", "))
		found.Explain = "They go by themselves when it is their turn: after the pods, and once nothing refuses their deletion."
		all = append(all, found)
	}
	if len(all) == 0 && left(ev, "pods") == nil && ev.Control.ContentLookup == backup.Found {
		all = append(all, fine("BK-N604", ev.Object.Ref, "nothing is left in the namespace: every namespaced kind was listed"))
	}
	return all
}

func judgeDiscovery(ev *backup.Evidence) []backup.Finding {
	if !dying(ev) {
		return nil
	}
	var all []backup.Finding
	for _, kind := range []string{"NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure"} {
		c := condition(ev, kind)
		if c == nil || c.Status != "True" {
			continue
		}
		_, groups, ok := strings.Cut(c.Message, "unable to retrieve the complete list of server APIs: ")
		if !ok {
			groups = c.Message
		}
		found := problem("BK-N605", backup.SeverityCause, ev.Object.Ref, "the namespace controller cannot see every API group: "+gist(groups))
		found.Explain = "Until it can, no namespace of this cluster goes, however empty it is."
		found.Proof = []backup.Proof{{Text: conditionText(c), Source: "condition " + c.Type, At: c.At}}
		found.Fixes = []backup.Fix{{Does: "Shows the API services that do not answer.", Commands: []string{command("kubectl", "get", "apiservices")}}}
		all = append(all, found)
	}
	return all
}

func judgeContentFailure(ev *backup.Evidence) []backup.Finding {
	c := condition(ev, "NamespaceDeletionContentFailure")
	if !dying(ev) || c == nil || c.Status != "True" {
		return nil
	}
	found := problem("BK-N606", backup.SeverityCause, ev.Object.Ref, "the namespace controller cannot delete all content: "+gist(c.Message))
	found.Proof = []backup.Proof{{Text: conditionText(c), Source: "condition " + c.Type, At: c.At}}
	for _, d := range denialsIn(c.Message) {
		found.Cause = "webhook " + d.webhook
	}
	return one(found)
}

func judgeTwoLists(ev *backup.Evidence) []backup.Finding {
	if !dying(ev) {
		return nil
	}
	spec, meta := ev.Namespace.Finalizers, ev.Object.Finalizers
	foreign := slices.DeleteFunc(slices.Clone(spec), func(name string) bool { return name == "kubernetes" })
	proof := []backup.Proof{{Text: "spec.finalizers: " + orElse(strings.Join(spec, ", "), "empty"), Source: "the namespace"}, {Text: "metadata.finalizers: " + orElse(finalizerNames(meta), "empty"), Source: "the namespace"}}
	found := problem("BK-N607", backup.SeverityInfo, ev.Object.Ref, "spec.finalizers waits for the content, metadata.finalizers is empty")
	switch {
	case len(foreign) > 0:
		found.Severity, found.Title = backup.SeverityCause, "spec.finalizers has "+strings.Join(foreign, ", ")+", which only its own controller empties through /finalize"
	case len(spec) == 0 && len(meta) > 0:
		found.Severity, found.Title = backup.SeverityCause, "the content is gone, and metadata.finalizers holds the namespace: "+finalizerNames(meta)
	case len(meta) > 0:
		found.Severity, found.Title = backup.SeverityWarning, "beside its content, metadata.finalizers holds the namespace: "+finalizerNames(meta)
	case len(ev.Control.Content) == 0 && ev.Control.ContentLookup == backup.Found && ev.At.Sub(*ev.Object.Deleted) > patience:
		found.Severity, found.Title = backup.SeverityWarning, "nothing is left in the namespace, and the namespace controller has not let go of it"
		found.Explain = "It tries again in growing intervals, and not while an API group does not answer. If no condition says why, look whether kube-controller-manager runs."
	}
	found.Proof = proof
	return one(found)
}

func finalizerNames(all []backup.Finalizer) string {
	names := make([]string, 0, len(all))
	for _, f := range all {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}
