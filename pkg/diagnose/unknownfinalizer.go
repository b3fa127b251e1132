package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func unknownFinalizerEntry() entry {
	return entry{Code{
		Code:    "BK-F102",
		Title:   "deletion waits for a finalizer that no profile knows",
		Explain: "No profile of this tool says who removes this finalizer or what it guards, so nothing is offered for it. What may stand behind it is looked for by name: the field manager that added it, API groups of its domain, Deployments, leases and webhooks that are called alike. A resemblance is likely, never certain.",
		Why:     "Another controller, a policy engine or a person put it there, or the system is newer than the profile.",
		Fix:     "See whether the controller that is named runs; if it was uninstalled, install it again and let it finish. A profile of your own can describe the finalizer.",
		Danger:  "Nobody here knows what would be left behind without it.",
		Source:  "metadata.finalizers and metadata.managedFields; names of API groups, Deployments, leases and admission webhooks",
	}, judgeUnknownFinalizer}
}

func judgeUnknownFinalizer(ev *backup.Evidence) []backup.Finding {
	return eachFinalizer(ev, func(f backup.Finalizer) bool { return f.Profile == "" && !f.Builtin }, func(f backup.Finalizer) backup.Finding {
		found := problem("BK-F102", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("finalizer %s holds the object, and no profile knows it", f.Name))
		found.Explain = "Who removes it and what it guards is not known here, so no way out is offered for it."
		found.Cause = "finalizer " + f.Name
		if f.AddedBy != "" {
			found.Explain += " It was added by " + f.AddedBy + "."
		}
		if strings.HasPrefix(f.AddedBy, "kubectl") {
			found.Explain += " That is a person or a script: it may be that no controller knows of it."
		}
		for _, s := range ev.Control.Suspects {
			if s.Finalizer == f.Name {
				found.Explain += " " + likely(ev, s)
				found.Proof, found.Fixes = suspectProof(ev, s), suspectFixes(s)
			}
		}
		return found
	})
}

// likely says who probably stands behind the finalizer, and whether it is alive.
func likely(ev *backup.Evidence, s backup.Suspect) string {
	if len(s.Deployments) == 0 {
		if s.DeploymentsLookup != backup.Found {
			return "Whether its controller runs is not known: the Deployments could not be read."
		}
		return "No Deployment of the cluster is called like it: its controller was probably uninstalled, or runs elsewhere."
	}
	d := s.Deployments[0]
	text := fmt.Sprintf("Likely its controller: %s (%s), %d of %d ready", d.Ref.Human(), d.Because, d.Ready, d.Replicas)
	switch {
	case d.Replicas == 0:
		return text + ": it was scaled to zero."
	case d.Ready == 0:
		return text + ": it is not running."
	}
	for _, l := range s.Leases {
		if l.Ref.Namespace == d.Ref.Namespace && !l.Fresh(ev.At) {
			return text + ", but its lease is stale: it is not at work."
		}
	}
	return text + ": it runs, so that its log should say why it keeps the finalizer."
}

func suspectProof(ev *backup.Evidence, s backup.Suspect) []backup.Proof {
	var all []backup.Proof
	if len(s.Groups) > 0 {
		all = append(all, backup.Proof{Text: "likely the same system: API group " + strings.Join(s.Groups, ", "), Source: "discovery, domain " + s.Domain})
	}
	for _, d := range s.Deployments {
		all = append(all, backup.Proof{Text: fmt.Sprintf("likely its controller: %d of %d ready; %s", d.Ready, d.Replicas, d.Because), Source: d.Ref.Human()})
	}
	for _, l := range s.Leases {
		state := "fresh"
		if !l.Fresh(ev.At) {
			state = "stale"
		}
		all = append(all, backup.Proof{Text: "likely its lease, " + state + ", held by " + orElse(l.Holder, "nobody"), Source: l.Ref.Human(), At: &l.Renewed})
	}
	for _, w := range s.Webhooks {
		all = append(all, backup.Proof{Text: "likely of the same system: webhook " + w.Name + ", " + backendText(w.Backend), Source: w.Configuration.Human()})
	}
	return all
}

func suspectFixes(s backup.Suspect) []backup.Fix {
	if len(s.Deployments) == 0 {
		return nil
	}
	ref := s.Deployments[0].Ref
	if s.Deployments[0].Ready == 0 {
		return []backup.Fix{{Does: "Shows why its likely controller does not run.", Commands: []string{look(ref.Namespace, "describe", "deployment", ref.Name)}}}
	}
	return []backup.Fix{{Does: "Shows what its likely controller said last.", Commands: []string{look(ref.Namespace, "logs", "deployment/"+ref.Name, "--tail=50")}}}
}
