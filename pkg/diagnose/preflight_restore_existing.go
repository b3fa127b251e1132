package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func restoreNamespaceEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-B340", Title: "a namespace to restore into is being deleted",
			Explain: "Nothing can be made in a namespace that is being deleted. Velero waits ten minutes for its end and then leaves it out.",
			Why:     "The namespace was deleted a moment ago, or something holds it.",
			Fix:     "Wait for its end; 'kubectl backup diagnose namespaces/NAME' says what holds it.",
			Danger:  nothingLost, Source: "metadata.deletionTimestamp of the namespace; velero@v1.18.3 --terminating-resource-timeout",
		}, onRestore(judgeRestoreTerminating)},
		{Code{
			Code: "BK-B341", Title: "objects exist already and stay as they are",
			Explain: "Velero makes what is missing and leaves alone what exists, data of volumes included: it is not what the backup holds.",
			Why:     "The namespaces were not emptied first, and the policy is none, as it is by default.",
			Fix:     "Restore into another namespace with --namespace-mappings, or delete what is to be replaced first.",
			Danger:  nothingLost, Source: "lists of the cluster compared with the resource list of the backup",
		}, onRestore(judgeRestoreSkipped)},
		{Code{
			Code: "BK-B342", Title: "objects exist already and are overwritten",
			Explain: "With --existing-resource-policy=update Velero patches what exists until it is as the backup has it. What was changed since the backup is lost.",
			Why:     "The policy asks for it.",
			Fix:     "Leave the policy away, or restore into another namespace with --namespace-mappings.",
			Danger:  "The present state of each of these objects is lost; nothing takes it back.", Source: "lists of the cluster compared with the resource list of the backup",
		}, onRestore(judgeRestoreOverwritten)},
	}
}

func judgeRestoreTerminating(r restoring) []backup.Finding {
	if r.look.Existing == nil {
		return nil
	}
	var all []backup.Finding
	for _, n := range r.look.Existing.Namespaces {
		switch {
		case n.Deleted != nil:
			all = append(all, problem("BK-B340", backup.SeverityCause, r.subject, fmt.Sprintf("namespace %s has been in deletion for %s", n.Name, span(r.now.At.Sub(*n.Deleted)))))
		case !n.Lookup.Known():
			all = append(all, unknown("BK-B340", r.subject, notRead("namespace "+n.Name, n.Read)))
		}
	}
	return all
}

func judgeRestoreSkipped(r restoring) []backup.Finding {
	if r.overwrites() {
		return nil
	}
	return judgeExisting(r, "BK-B341", "stay as they are")
}

func judgeRestoreOverwritten(r restoring) []backup.Finding {
	if !r.overwrites() {
		return nil
	}
	return judgeExisting(r, "BK-B342", "are overwritten")
}

// judgeExisting counts and names what is there already.
func judgeExisting(r restoring, code, become string) []backup.Finding {
	e := r.look.Existing
	if e == nil {
		return nil
	}
	var names []string
	var proof []backup.Proof
	count := int64(0)
	for _, k := range e.Kinds {
		count += k.Count
		named := each(k.Names, func(ref backup.Ref) string { return k.Resource + " " + placeOf(ref) })
		names = append(names, named...)
		if k.Count > 0 {
			proof = append(proof, backup.Proof{Text: few(named, k.Count), Source: k.Resource})
		}
	}
	var all []backup.Finding
	if count > 0 {
		found := problem(code, backup.SeverityWarning, r.subject, fmt.Sprintf("%s%d of %s exist and %s: %s", r.upTo(), count, counted(e.Planned, "object"), become, few(names, count)))
		found.Proof = proof
		all = append(all, found)
	}
	if e.Lookup != backup.Found {
		return append(all, unknown(code, r.subject, notRead("what exists already", e.Read)))
	}
	if count == 0 {
		return one(fine(code, r.subject, fmt.Sprintf("none of %s exists yet", counted(e.Planned, "object"))))
	}
	return all
}

// placeOf is "namespace/name", or the name of what has no namespace.
func placeOf(ref backup.Ref) string {
	return strings.TrimPrefix(ref.Namespace+"/"+ref.Name, "/")
}

func restoreChangesEntry() entry {
	return entry{Code{
		Code: "BK-B440", Title: "objects were changed a moment ago",
		Explain: "Somebody, or a controller, works on what is to be restored. A restore into moving objects brings a mixture.",
		Why:     "A rollout, a pipeline or a person at work in the namespace.",
		Fix:     "Let the namespace come to rest for 15 minutes, stop what writes there, or restore into another namespace.",
		Danger:  nothingLost, Source: "metadata.managedFields; manual of e-backup",
	}, onRestore(judgeRestoreChanges)}
}

func judgeRestoreChanges(r restoring) []backup.Finding {
	const code = "BK-B440"
	e := r.look.Existing
	if e == nil {
		return nil
	}
	count := int64(0)
	var last *backup.ExistingKind
	for i, k := range e.Kinds {
		count += k.Changed
		if k.At != nil && k.Last != nil && (last == nil || k.At.After(*last.At)) {
			last = &e.Kinds[i]
		}
	}
	window := span(backup.RecentChange)
	switch {
	case last != nil:
		age := max(r.now.At.Sub(*last.At), 0).Round(time.Second)
		return one(problem(code, backup.SeverityWarning, r.subject, fmt.Sprintf("%s in it changed in the last %s, the last one %s %s, %s ago by %s", counted(count, "object"), window, last.Resource, placeOf(*last.Last), span(age), orElse(last.By, "somebody"))))
	case e.Lookup != backup.Found:
		return one(unknown(code, r.subject, notRead("what changed in the last "+window, e.Read)))
	}
	return one(fine(code, r.subject, "nothing of it changed in the last "+window))
}
