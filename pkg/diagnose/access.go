package diagnose

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func accessEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-A001",
			Title:   "something could not be read",
			Explain: "A part of the evidence is missing, so every check that needs it answers unknown. What is not known is never taken for fine.",
			Why:     "This user lacks a right, a server did not answer in time, or the API is not served here.",
			Fix:     "Grant the rule that is named; docs/rbac has the role of a reader.",
			Danger:  "A decision on half of the evidence.",
			Source:  "the answers of the API server",
		}, judgeGaps},
		{Code{
			Code:    "BK-A002",
			Title:   "a part of the object could not be understood",
			Explain: "An expression of the profile could not be evaluated over this object, so the fields that it gives are unknown.",
			Why:     "The object is of a version of the system that the profile does not know, or a profile of your own has an error.",
			Fix:     "Correct the profile, or report the version of the system.",
			Danger:  "none",
			Source:  "the system's profile",
		}, judgeUnreadable},
		{Code{
			Code:    "BK-A003",
			Title:   "a write that a way out needs is not allowed",
			Explain: "This user may not do the write, so the way out that needs it would fail.",
			Why:     "The roles of this user do not grant it.",
			Fix:     "Grant the rule that is named, or ask somebody who has it; docs/rbac has the role of an actor.",
			Danger:  "none",
			Source:  "SelfSubjectAccessReview",
		}, judgeAccess},
	}
}

func judgeGaps(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, g := range ev.Gaps {
		found := unknown("BK-A001", ev.Object.Ref, "could not read "+g.What+": "+shorten(g.Why))
		if g.Rule != "" {
			found.Explain = "Missing right: " + g.Rule + "."
			found.Fixes = []backup.Fix{{Does: "Grant this user the right to " + g.Rule + "."}}
		}
		all = append(all, found)
	}
	return all
}

func judgeUnreadable(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, what := range ev.Object.Unreadable {
		all = append(all, unknown("BK-A002", ev.Object.Ref, "the profile of "+ev.Object.System+" could not evaluate "+shorten(what)))
	}
	return all
}

func judgeAccess(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	for _, a := range ev.Access {
		what := a.Verb + " " + a.Ref.String()
		switch a.Allowed {
		case backup.Unknown:
			all = append(all, unknown("BK-A003", a.Ref, "whether this user may "+what+" is not known"))
		case backup.No:
			found := problem("BK-A003", backup.SeverityWarning, a.Ref, "this user may not "+what)
			found.Proof = []backup.Proof{{Text: orElse(a.Reason, "not allowed"), Source: "SelfSubjectAccessReview"}}
			found.Fixes = []backup.Fix{{Does: "Grant this user the right to " + a.Verb + " " + a.Ref.GroupResource() + " in " + orElse(a.Ref.Namespace, "the cluster") + ": " + backup.PolicyRule(a.Verb, a.Ref.Group, a.Ref.Resource) + "."}}
			all = append(all, found)
		}
	}
	return all
}
