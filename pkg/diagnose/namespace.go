package diagnose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func namespaceEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-N601",
			Title:   "the namespace is being deleted",
			Explain: "In a namespace that is being deleted the API server refuses every new object. A clean-up that needs a new Job or pod can never start there, so waiting does not help, and neither does repairing the credentials and trying again. Objects that exist can still be changed. The namespace in turn waits for the object: the two block each other. Since Kubernetes 1.33 the conditions of the namespace may read as if all content were removed while pods are still there.",
			Why:     "The namespace was deleted before the backups in it.",
			Fix:     "A clean-up Job that exists and still runs may finish. Otherwise only a way out that needs no new Job helps: releasing, where the owner offers it, or removing the finalizer once it is known what lies in the storage.",
			Danger:  "Emptying the namespace's own finalizers through /finalize leaves its objects invisible in etcd; they come back with the next namespace of that name.",
			Source:  "metadata.deletionTimestamp of the namespace; k8s.io/apiserver@v0.36.3 pkg/admission/plugin/namespace/lifecycle; kubernetes/kubernetes#138208; pingcap/tidb-operator#2888",
		}, judgeNamespace},
		{Code{
			Code:    "BK-N602",
			Title:   "the deletion of the namespace is itself blocked",
			Explain: "The namespace controller reports that it cannot see or delete all content. Until that is repaired the namespace stays, even without this object.",
			Why:     "An aggregated API does not answer, a webhook refuses deletions and its backend is gone, or a conversion webhook is down.",
			Fix:     "Repair the API service or the webhook that the message names; both go on by themselves afterwards.",
			Danger:  "Deleting a webhook configuration or an API service switches it off for the whole cluster.",
			Source:  "conditions NamespaceDeletionDiscoveryFailure and NamespaceDeletionContentFailure; k8s.io/kubernetes@v1.36.3 pkg/controller/namespace/deletion",
		}, judgeNamespaceConditions},
	}
}

func namespaceRef(ev *backup.Evidence) backup.Ref {
	return backup.Ref{Version: "v1", Resource: "namespaces", Kind: "Namespace", Name: ev.Namespace.Name}
}

func judgeNamespace(ev *backup.Evidence) []backup.Finding {
	if ev.Object.Ref.Namespace == "" {
		return nil
	}
	ref := namespaceRef(ev)
	ref.Name = orElse(ref.Name, ev.Object.Ref.Namespace)
	switch ev.Namespace.Terminating() {
	case backup.No:
		return one(fine("BK-N601", ref, "namespace "+ref.Name+" is active: new Jobs and pods are allowed"))
	case backup.Unknown:
		return one(unknown("BK-N601", ref, unread("namespace "+ref.Name, ev.Namespace.Lookup, "")))
	}
	found := problem("BK-N601", severityNow(ev), ref, "namespace "+ref.Name+" is being deleted: no new Job or pod can be made in it")
	found.Cause = ref.Human()
	found.Explain = "Repairing the endpoint or the credentials will not help where a new Job is needed. Secrets and other objects that exist can still be changed. The conditions of the namespace are not proof of what is left in it: since Kubernetes 1.33 they may say that all is removed while pods remain."
	found.Proof = []backup.Proof{{Text: "deletion of the namespace was asked for", Source: "metadata.deletionTimestamp of the namespace", At: ev.Namespace.Deleted}}
	for _, e := range ev.Events {
		if strings.Contains(e.Message, "because it is being terminated") {
			found.Proof = append(found.Proof, backup.Proof{Text: shorten(e.Message), Source: "event " + e.Reason + " of " + e.Object.Human(), At: &e.At})
			break
		}
	}
	found.Fixes = []backup.Fix{{
		Does: "Shows what is left in the namespace.", DoesNot: "It shows no custom resources.",
		Commands: []string{look(ref.Name, "get", "pods,jobs"), command("kubectl", "get", "namespace", ref.Name, "-o", "jsonpath={.status.conditions}")},
	}}
	return one(found)
}

func judgeNamespaceConditions(ev *backup.Evidence) []backup.Finding {
	if ev.Namespace.Terminating() != backup.Yes || dying(ev) {
		return nil
	}
	var all []backup.Finding
	for _, c := range ev.Namespace.Conditions {
		if c.Status != "True" || c.Type != "NamespaceDeletionDiscoveryFailure" && c.Type != "NamespaceDeletionContentFailure" && c.Type != "NamespaceDeletionGroupVersionParsingFailure" {
			continue
		}
		found := problem("BK-N602", backup.SeverityWarning, namespaceRef(ev), "the deletion of the namespace is blocked too: "+shorten(c.Message))
		found.Cause = namespaceRef(ev).Human()
		found.Proof = []backup.Proof{{Text: conditionText(&c), Source: "condition " + c.Type + " of the namespace", At: c.At}}
		all = append(all, found)
	}
	return all
}
