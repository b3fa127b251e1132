package diagnose

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func ownerScopeEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-O508",
			Title:   "the operator does not watch the namespace of the object",
			Explain: "Its environment or its arguments limit the controller to other namespaces, so it never sees this object and never removes its finalizer.",
			Why:     "It was installed for a few namespaces, or its list of namespaces was shortened later.",
			Fix:     "Add the namespace to what it watches and let it restart.",
			Danger:  "The operator then does everything that was asked for in the namespace, including erasing data.",
			Source:  "environment and arguments of its Deployment",
		}, judgeScope},
		{Code{
			Code:    "BK-O509",
			Title:   "the operator lacks a right",
			Explain: "The ServiceAccount of the controller may not do what the deletion needs of it: write to the object, or make a Job. It tries again and again, and its log says that it is forbidden.",
			Why:     "It has a Role in its own namespace in place of a ClusterRole, or a newer version of the operator needs more than the roles that are installed.",
			Fix:     "Apply the roles that belong to the installed version of the operator.",
			Danger:  "The operator goes on with everything that was asked for, including erasing data.",
			Source:  "SubjectAccessReview for its ServiceAccount, where you may ask that; lines of its log",
		}, judgeRights},
	}
}

func judgeScope(ev *backup.Evidence) []backup.Finding {
	ns := ev.Object.Ref.Namespace
	if ns == "" || !active(ev) {
		return nil
	}
	var all []backup.Finding
	for _, o := range ev.Owners {
		if len(o.Deployments) == 0 || slices.ContainsFunc(o.Deployments, func(d backup.Deployment) bool {
			return len(d.Watches) == 0 || slices.Contains(d.Watches, ns)
		}) {
			continue
		}
		d := o.Deployments[0]
		found := problem("BK-O508", backup.SeverityCause, d.Ref, ownerName(o)+" does not watch namespace "+ns+": it is limited to "+strings.Join(d.Watches, ", "))
		found.Cause = ownerCause(o)
		found.Proof = []backup.Proof{{Text: strings.Join(d.Watches, ", "), Source: d.WatchedBy + " of " + d.Ref.Human()}}
		found.Fixes = []backup.Fix{{
			Does: "Opens its Deployment, to add the namespace there.", DoesNot: "Where Helm or an operator of operators made it, change it there.",
			Commands: []string{look(d.Ref.Namespace, "edit", "deployment", d.Ref.Name)}, Danger: erasureIfDeleting(ev),
		}}
		all = append(all, found)
	}
	return all
}

func judgeRights(ev *backup.Evidence) []backup.Finding {
	if !active(ev) {
		return nil
	}
	var all []backup.Finding
	for _, o := range ev.Owners {
		lacks, only := missingRight(o)
		if lacks == nil && len(o.Refusals) == 0 {
			continue
		}
		found := problem("BK-O509", backup.SeverityCause, ownerRef(ev, o), "")
		found.Cause = ownerCause(o)
		if lacks != nil {
			found.Title = ownerName(o) + " may not " + lacks.Verb + " " + lacks.Ref.GroupResource() + inThe(lacks.Ref.Namespace)
			found.Proof = append(found.Proof, backup.Proof{Text: orElse(shorten(lacks.Reason), "not allowed"), Source: "SubjectAccessReview for its ServiceAccount"})
			if only {
				found.Explain = "It may in its own namespace: it has a Role there and no ClusterRole."
			}
		} else {
			// The log may speak of a right that the deletion does not need.
			found.Severity = backup.SeverityWarning
			found.Title = ownerName(o) + " is refused a right: " + gist(o.Refusals[len(o.Refusals)-1])
		}
		for _, line := range o.Refusals {
			found.Proof = append(found.Proof, backup.Proof{Text: shorten(line), Source: "log of " + orElse(o.Selector.Manager, "the operator")})
		}
		found.Fixes = rightFixes(ev, o)
		all = append(all, found)
	}
	return all
}

// missingRight is the first right that the controller lacks where the target
// is, and whether it has the same right in its own namespace.
func missingRight(o backup.Owner) (lacks *backup.Access, only bool) {
	for i, r := range o.Rights {
		if r.Allowed == backup.No && lacks == nil {
			lacks = &o.Rights[i]
		}
	}
	if lacks == nil {
		return nil, false
	}
	return lacks, slices.ContainsFunc(o.Rights, func(r backup.Access) bool {
		return r.Allowed == backup.Yes && r.Verb == lacks.Verb && r.Ref.GroupResource() == lacks.Ref.GroupResource() && r.Ref.Namespace != lacks.Ref.Namespace
	})
}

func inThe(ns string) string {
	if ns == "" {
		return " in the cluster"
	}
	return " in namespace " + ns
}

func rightFixes(ev *backup.Evidence, o backup.Owner) []backup.Fix {
	if len(o.Deployments) == 0 {
		return nil
	}
	d := o.Deployments[0]
	account := "system:serviceaccount:" + d.Ref.Namespace + ":" + orElse(d.Account, "default")
	return []backup.Fix{{
		Does: "Shows what it may do in the namespace; then apply the roles of its version.", DoesNot: "It grants nothing by itself.",
		Commands: []string{look(ev.Object.Ref.Namespace, "auth", "can-i", "--list", "--as="+account)},
	}}
}
