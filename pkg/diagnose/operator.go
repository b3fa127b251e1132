package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func ownerEntries() []entry {
	const source = "Deployments that the profile's selector matches, the leader election Lease, managedFields"
	return []entry{
		{Code{
			Code:    "BK-O501",
			Title:   "the operator is not installed",
			Explain: "No Deployment matches the controller that removes the finalizer, so nobody does its part: no clean-up is made and nothing is released.",
			Why:     "The operator was uninstalled before its objects, or runs under labels that the profile does not know.",
			Fix:     "Install the same version of the operator again and let it finish; that is the way that loses nothing.",
			Danger:  "The operator does everything that was asked for when it comes back, including erasing data.",
			Source:  source,
		}, judgeOwnerAbsent},
		{Code{
			Code:    "BK-O502",
			Title:   "the operator is not ready",
			Explain: "The controller's Deployment exists, but no replica is ready.",
			Why:     "Its pods crash, are pending, or it was scaled to zero.",
			Fix:     "Look at the Deployment and its pods, and scale it up if it was scaled down.",
			Danger:  "The operator goes on with everything that was asked for in the meantime.",
			Source:  source,
		}, judgeOwnerReady},
		{Code{
			Code:    "BK-O503",
			Title:   "the operator's lease is stale",
			Explain: "Pods of the controller are ready, but none has renewed the leader election lease, so none is at work.",
			Why:     "The leader hangs or cannot reach the API server, and no other took over.",
			Fix:     "Look at its log, and restart the Deployment if it hangs.",
			Danger:  "none",
			Source:  source,
		}, judgeLease},
		{Code{
			Code:    "BK-O504",
			Title:   "the operator is alive and does nothing for this object",
			Explain: "The controller is ready, deletion was asked for a while ago, and there is neither a clean-up nor a write of the controller since.",
			Why:     "It does not watch this namespace, its queue is stuck, it lacks a right, or a state of the object makes it return early.",
			Fix:     "Look for the object's name in its log. Check whether it is limited to other namespaces.",
			Danger:  "none by looking",
			Source:  source + "; a clean-up Job that is not there",
		}, judgeSilence},
		{Code{
			Code:    "BK-O505",
			Title:   "the operator's log shows errors for this object",
			Explain: "The last error lines of the controller that name the object are quoted.",
			Why:     "Whatever the lines say; they are the controller's own words.",
			Fix:     "Remove what they name; a controller tries again by itself.",
			Danger:  "none",
			Source:  "log of the controller's pods",
		}, judgeOwnerLog},
	}
}

// ownerName names the controller for a sentence.
func ownerName(o backup.Owner) string {
	return orElse(o.Selector.Called, "the operator "+orElse(o.Selector.Manager, o.Selector.Deployments))
}

// ownerCause names the controller as what is at fault: its Deployment, or how it is looked for.
func ownerCause(o backup.Owner) string {
	if len(o.Deployments) > 0 {
		return o.Deployments[0].Ref.Human()
	}
	return "operator " + orElse(o.Selector.Manager, o.Selector.Deployments)
}

// ownerRef is the first Deployment of the controller, or the object itself.
func ownerRef(ev *backup.Evidence, o backup.Owner) backup.Ref {
	if len(o.Deployments) > 0 {
		return o.Deployments[0].Ref
	}
	return ev.Object.Ref
}

func judgeOwnerAbsent(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, o := range ev.Owners {
		switch {
		case o.Lookup == backup.Absent:
			found := problem("BK-O501", severityNow(ev), ev.Object.Ref, ownerName(o)+" is not installed: "+nothingMatches(o.Selector))
			found.Cause = ownerCause(o)
			found.Fixes = []backup.Fix{{
				Does: "Looks for it.", DoesNot: "If it runs outside the cluster or under other labels, this does not find it.",
				Commands: lookForOwner(ev, o.Selector),
			}}
			all = append(all, found)
		case o.Lookup != backup.Found:
			all = append(all, unknown("BK-O501", ev.Object.Ref, unread(ownerName(o), o.Lookup, o.Error)))
		}
	}
	if f := guarding(ev); f != nil && f.Owner.Named() && len(ev.Owners) == 0 {
		all = append(all, unknown("BK-O501", ev.Object.Ref, "whether the operator "+f.Owner.Manager+" is running was not looked at"))
	}
	return all
}

func judgeOwnerReady(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, o := range ev.Owners {
		if o.Lookup != backup.Found {
			continue
		}
		var ready, wanted int64
		for _, d := range o.Deployments {
			ready, wanted = ready+d.Ready, wanted+d.Replicas
		}
		state := fmt.Sprintf("%d/%d ready", ready, wanted)
		switch {
		case ready == 0:
			all = append(all, notReady(ev, o, state))
		case o.Alive(ev.At) == backup.Yes:
			all = append(all, ownerAlive(ev, o, state))
		}
	}
	return all
}

func notReady(ev *backup.Evidence, o backup.Owner, state string) backup.Finding {
	found := problem("BK-O502", severityNow(ev), ownerRef(ev, o), ownerName(o)+" is not running ("+state+")")
	ref := ownerRef(ev, o)
	found.Cause = ownerCause(o)
	found.Proof = []backup.Proof{{Text: state, Source: ref.Human()}}
	found.Fixes = operatorFixes(ev, o)
	return found
}

func ownerAlive(ev *backup.Evidence, o backup.Owner, state string) backup.Finding {
	text := ownerName(o) + " is alive: " + state
	proof := []backup.Proof{{Text: state, Source: ownerRef(ev, o).Human()}}
	if o.Lease != nil {
		text += fmt.Sprintf(", lease renewed %s ago", span(ev.At.Sub(o.Lease.Renewed)))
		proof = append(proof, backup.Proof{Text: "held by " + o.Lease.Holder, Source: o.Lease.Ref.Human(), At: &o.Lease.Renewed})
	}
	return fine("BK-O502", ownerRef(ev, o), text+"; it is not the problem", proof...)
}

func judgeLease(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, o := range ev.Owners {
		if o.Lease == nil || o.Lease.Fresh(ev.At) {
			continue
		}
		found := problem("BK-O503", severityNow(ev), o.Lease.Ref, fmt.Sprintf("%s has not renewed its lease for %s", ownerName(o), span(ev.At.Sub(o.Lease.Renewed))))
		found.Cause = ownerCause(o)
		found.Proof = []backup.Proof{{Text: "held by " + orElse(o.Lease.Holder, "nobody"), Source: o.Lease.Ref.Human(), At: &o.Lease.Renewed}}
		found.Fixes = silentFixes(ev, o)
		all = append(all, found)
	}
	return all
}

func judgeSilence(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() || ev.At.Sub(*ev.Object.Deleted) < patience || policyHolds(ev) || guarding(ev) == nil || ev.Namespace.Terminating() == backup.Yes {
		return nil
	}
	works := worksOf(ev, backup.WorkClean, backup.WorkStop)
	for _, w := range works {
		if w.Lookup != backup.Absent {
			return nil
		}
	}
	var all []backup.Finding
	for _, o := range ev.Owners {
		wrote := o.LastWrite != nil && o.LastWrite.After(*ev.Object.Deleted)
		if o.Alive(ev.At) != backup.Yes || wrote || len(works) == 0 {
			continue
		}
		found := problem("BK-O504", backup.SeverityCause, ownerRef(ev, o), ownerName(o)+" has not acted since deletion was asked for, "+span(ev.At.Sub(*ev.Object.Deleted))+" ago")
		found.Cause = ownerCause(o)
		found.Explain = "It is alive, but made no clean-up Job and wrote nothing to the object. It may not watch this namespace."
		found.Proof = []backup.Proof{{Text: "last write of " + o.Selector.Manager, Source: "metadata.managedFields", At: o.LastWrite}}
		if len(o.Deployments) > 0 {
			d := o.Deployments[0].Ref
			found.Fixes = []backup.Fix{{Does: "Shows its log.", Commands: []string{command(append(inNamespace(d.Namespace, "kubectl", "logs", "deployment/"+d.Name), "--tail=200")...)}}}
		}
		all = append(all, found)
	}
	return all
}

func judgeOwnerLog(ev *backup.Evidence) []backup.Finding {
	var all []backup.Finding
	for _, o := range ev.Owners {
		if len(o.LogErrors) == 0 || !active(ev) {
			continue
		}
		last := o.LogErrors[len(o.LogErrors)-1]
		found := problem("BK-O505", backup.SeverityWarning, ownerRef(ev, o), ownerName(o)+" logs errors for this object: "+gist(saying(last)))
		found.Cause = ownerCause(o)
		for _, line := range o.LogErrors {
			found.Proof = append(found.Proof, backup.Proof{Text: shorten(saying(line)), Source: "log of " + orElse(o.Selector.Manager, "the operator")})
		}
		all = append(all, found)
	}
	return all
}
