package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func conversionEntry() entry {
	return entry{Code{
		Code:    "BK-H104",
		Title:   "a conversion webhook does not answer",
		Explain: "Objects of this kind are stored in one version and converted to others by a webhook. While it does not answer, every read and write in another version than the stored one fails: the operator, the garbage collector and the namespace controller cannot do their part, and no finalizer can be removed.",
		Why:     "The operator that serves the webhook was uninstalled or its pods are not ready, and its definitions stayed.",
		Fix:     "Bring the operator back. In the storage version objects can be read without a conversion as long as they are stored in it. If it will not come back, the conversion strategy None lets the deletion end.",
		Danger:  "With strategy None only apiVersion is rewritten: fields that the other version calls otherwise are lost with the next write. That does no harm only where status.storedVersions has a single version, or where the objects are to be deleted anyway.",
		Source:  "spec.conversion and status.storedVersions of the definition; k8s.io/apiextensions-apiserver@v0.36.3 pkg/apiserver/conversion; kubernetes/kubernetes#71925",
	}, judgeConversion}
}

func definitionEntry() entry {
	return entry{Code{
		Code:    "BK-H105",
		Title:   "the definition waits for its objects",
		Explain: "A custom resource definition goes when no object of its kind is left. The API server deletes them all, without asking admission webhooks, but honours their finalizers: each object waits for its own controller.",
		Why:     "The operator was uninstalled before its objects, so that nobody removes their finalizers.",
		Fix:     "Install the same version of the operator again and let it finish. Applying the definition again does not help: it stays on its way out, and goes once its objects are gone.",
		Danger:  "Removing the finalizer of the definition leaves its objects in etcd; they come back with the definition, still being deleted.",
		Source:  "condition Terminating of the definition; k8s.io/apiextensions-apiserver@v0.36.3 pkg/controller/finalizer/crd_finalizer.go; kubernetes/kubernetes#60538",
	}, judgeDefinition}
}

func kindEntry() entry {
	return entry{Code{
		Code:    "BK-H106",
		Title:   "the definition of the object's kind is being deleted",
		Explain: "All objects of the kind are being deleted with their definition. Those that exist can still be changed, so that finalizers can be removed; new ones are refused.",
		Why:     "The definition was deleted, often with an uninstalled Helm chart or operator.",
		Fix:     "Decide whether the objects are to go: no deletion can be taken back. Export what is still wanted before the finalizers are gone.",
		Danger:  "Every object of the kind in the cluster goes, and what their controller does on a deletion is done for each, erasing data included.",
		Source:  "condition Terminating of the definition; k8s.io/apiextensions-apiserver@v0.36.3 pkg/apiserver/customresource_handler.go",
	}, judgeKind}
}

// leaving tells whether the target is a definition that is being deleted.
func leaving(ev *backup.Evidence) bool {
	return ev.Object.Deleting() && ev.Object.Ref.GroupResource() == "customresourcedefinitions.apiextensions.k8s.io"
}

// conversionError is a reading that failed for want of a conversion of the
// definition's objects, as the API server said it.
func conversionError(ev *backup.Evidence, d *backup.Definition) *backup.Proof {
	_, group, _ := strings.Cut(d.Ref.Name, ".")
	is := func(text string) bool {
		_, rest, ok := strings.Cut(text, "conversion webhook for ")
		return ok && strings.HasPrefix(rest, group+"/") && strings.Contains(rest, "Kind="+d.Kind)
	}
	for _, gap := range ev.Gaps {
		if is(gap.Why) {
			return &backup.Proof{Text: shorten(gap.Why), Source: "reading " + gap.What}
		}
	}
	for _, proof := range spoken(ev) {
		if is(proof.Text) {
			proof.Text = shorten(proof.Text)
			return &proof
		}
	}
	return nil
}

func judgeConversion(ev *backup.Evidence) []backup.Finding {
	if ev.Control.DefinitionsLookup == backup.Denied || ev.Control.DefinitionsLookup == backup.Failed {
		return one(unknown("BK-H104", ev.Object.Ref, unread("the definition of its kind", ev.Control.DefinitionsLookup, "")))
	}
	var all []backup.Finding
	for i := range ev.Control.Definitions {
		d := &ev.Control.Definitions[i]
		if d.Backend == nil {
			continue
		}
		said, serves := conversionError(ev, d), d.Backend.Serves()
		switch {
		case said != nil || serves == backup.No:
			all = append(all, conversionDown(ev, d, said))
		case serves == backup.Yes:
			all = append(all, fine("BK-H104", d.Ref, "the conversion webhook of "+d.Ref.Name+" has ready endpoints"))
		default:
			all = append(all, skipped("BK-H104", d.Ref, "whether the conversion webhook of "+d.Ref.Name+" answers was not tried: "+backendText(*d.Backend)))
		}
	}
	return all
}

func conversionDown(ev *backup.Evidence, d *backup.Definition, said *backup.Proof) backup.Finding {
	found := problem("BK-H104", severityNow(ev), d.Ref, fmt.Sprintf("the conversion webhook of %s does not answer: %s", d.Ref.Name, backendText(*d.Backend)))
	found.Explain = "Whoever reads or writes these objects in another version than the one they are stored in gets an error, and removing a finalizer is such a write."
	found.Cause = "conversion webhook of " + d.Ref.Name
	stored := strings.Join(d.Stored, ", ")
	found.Proof = []backup.Proof{
		{Text: "conversion strategy Webhook; " + backendText(*d.Backend), Source: "spec.conversion, " + endpointsFrom(*d.Backend)},
		{Text: fmt.Sprintf("storage version %s, stored versions %s, served %s", d.Storage, stored, strings.Join(d.Served, ", ")), Source: "spec.versions and status.storedVersions"},
	}
	if said != nil {
		found.Proof = append(found.Proof, *said)
	}
	plural, group, _ := strings.Cut(d.Ref.Name, ".")
	danger := "Only apiVersion is rewritten then. Objects are stored in " + stored + ": fields that the storage version does not have are lost with the next write."
	if len(d.Stored) == 1 {
		danger = "Only apiVersion is rewritten then. All objects are stored in " + stored + ", so that nothing is lost while only that version is written."
	}
	found.Fixes = append(backendFixes(*d.Backend),
		backup.Fix{
			Does: "Reads the objects in the storage version, which needs no conversion for those that are stored in it.", DoesNot: "It shows nothing of objects that are stored in another version.",
			Commands: []string{command("kubectl", "get", plural+"."+d.Storage+"."+group, "--all-namespaces")},
		},
		backup.Fix{
			Does: "If its server will not come back: does without the webhook, so that the deletion can end.", DoesNot: "It deletes nothing by itself.",
			Commands: []string{command("kubectl", "patch", "customresourcedefinition", d.Ref.Name, "--type=merge", "-p", `{"spec":{"conversion":{"strategy":"None","webhook":null}}}`)},
			Danger:   danger,
		})
	return found
}

func judgeDefinition(ev *backup.Evidence) []backup.Finding {
	if !leaving(ev) {
		return nil
	}
	all := unlisted(ev, "BK-H105")
	for _, group := range byFinalizer(ev.Control.Content) {
		found := problem("BK-H105", backup.SeverityCause, ev.Object.Ref, "the definition waits for its objects: "+group.held())
		found.Explain = "The controller that removes it has to come back, if it is gone: install the same version of the operator again. Applying the definition again changes nothing."
		found.Proof, found.Cause = append(terminating(ev), group.proof()...), "finalizer "+group.finalizer
		found.Fixes = group.fixes()
		all = append(all, found)
	}
	if free := unheld(ev.Control.Content); len(free) > 0 {
		found := problem("BK-H105", backup.SeverityInfo, ev.Object.Ref, "objects without finalizers are left, which the API server deletes: "+strings.Join(free, ", "))
		found.Proof = terminating(ev)
		all = append(all, found)
	}
	if len(all) == 0 {
		all = append(all, fine("BK-H105", ev.Object.Ref, "no object of the kind is left", terminating(ev)...))
	}
	return all
}

// terminating is what the definition says of its own deletion.
func terminating(ev *backup.Evidence) []backup.Proof {
	for _, d := range ev.Control.Definitions {
		if d.Ref.Name == ev.Object.Ref.Name && d.Terminating != nil {
			return []backup.Proof{{Text: conditionText(d.Terminating) + reasonText(d.Terminating.Reason), Source: "condition Terminating", At: d.Terminating.At}}
		}
	}
	return nil
}

// reasonText explains a reason of the condition Terminating.
// Source: k8s.io/apiextensions-apiserver@v0.36.3 pkg/controller/finalizer/crd_finalizer.go.
func reasonText(reason string) string {
	switch reason {
	case "InstanceDeletionInProgress":
		return " - its objects are being deleted"
	case "InstanceDeletionCheck":
		return " - deletion of all objects was asked for, and some stay: they have finalizers"
	case "InstanceDeletionFailed":
		return " - the API server could not list or delete the objects"
	}
	return ""
}

func judgeKind(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, d := range ev.Control.Definitions {
		plural := ev.Object.Ref.GroupResource()
		if d.Ref.Name != plural || d.Deleted == nil {
			continue
		}
		found := problem("BK-H106", backup.SeverityWarning, d.Ref, "the definition "+d.Ref.Name+" is being deleted, and every object of the kind with it")
		found.Explain = "New objects of the kind are refused. Applying the definition again changes nothing until the last object is gone; then it has to be installed anew."
		found.Proof = []backup.Proof{{Text: "deletion of the definition was asked for", Source: "metadata.deletionTimestamp of the definition", At: d.Deleted}}
		found.Fixes = []backup.Fix{{Does: "Says what the definition waits for.", Commands: []string{diagnoseOf("", d.Ref.String())}}}
		all = append(all, found)
	}
	return all
}
