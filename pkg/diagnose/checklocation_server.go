package diagnose

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	// validates is how often the server validates a location unless it says otherwise
	// (velero@v1.18.3 pkg/cmd/server/config, --store-validation-frequency).
	validates = time.Minute
	bslSource = "the status of the location; velero@v1.18.3 pkg/controller/backup_storage_location_controller.go"
)

// serverEntries are what the server of the backup system says.
func serverEntries() []entry {
	return []entry{
		{Code{
			Code: "BK-L820", Title: "the server says that the location is not available",
			Explain: "As long as it says so, nothing is backed up, deleted or found there, and no restore from it starts.",
			Why:     "The server could not list the location when it last validated it; its message says why.",
			Fix:     "Repair what the message names. The server looks again by itself, each minute unless it is told otherwise.",
			Danger:  "none", Source: bslSource,
		}, onLocation(judgeServerPhase)},
		{Code{
			Code: "BK-L821", Title: "the server has not validated the location for long",
			Explain: "What the status says of the location is as old as the last validation.",
			Why:     "The server is down, hangs, or was told not to validate.",
			Fix:     "Look at the server's pod and its log.",
			Danger:  "none", Source: bslSource,
		}, onLocation(judgeValidation)},
		{Code{
			Code: "BK-L822", Title: "the server of the backup system does not run",
			Explain: "Nobody acts on this location: no backup is made, found, deleted or restored.",
			Why:     "Its Deployment was scaled to nothing, is not ready, or is gone.",
			Fix:     "Look at the Deployment and its pods.",
			Danger:  "none", Source: "the Deployments of the location's namespace with a container named velero",
		}, onLocation(judgeServer)},
		{Code{
			Code: "BK-L823", Title: "the location is read-only",
			Explain: "Backups that name it fail their validation, expired ones stay, and none can be deleted. Restores from it work.",
			Why:     "spec.accessMode is ReadOnly, as it should be while another cluster's backups are restored.",
			Fix:     "Set spec.accessMode to ReadWrite when this cluster is to write there.",
			Danger:  "With ReadWrite the server deletes the backups there that have expired, whoever made them.", Source: "spec.accessMode; velero@v1.18.3 pkg/controller/backup_controller.go",
		}, onLocation(judgeReadOnly)},
		{Code{
			Code: "BK-L824", Title: "several locations call themselves the default",
			Explain: "A backup that names no location goes to the default. Velero keeps the youngest of several and takes spec.default from the others as soon as it looks; until then, and with older versions, nobody says which one is meant.",
			Why:     "spec.default was set on a new location and left on the old one, and the server has not looked since.",
			Fix:     "Leave spec.default on one location.",
			Danger:  "Backups may go to a place where nobody looks for them.", Source: bslSource + ", ensureSingleDefaultBSL",
		}, onLocation(judgeDefaults)},
	}
}

func judgeServerPhase(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	proof := backup.Proof{Text: orElse(ev.Object.NativePhase, "no phase"), Source: "status.phase", At: look.Server.Validated}
	switch ev.Object.Phase {
	case backup.PhaseAvailable:
		return one(fine("BK-L820", ev.Object.Ref, "the server says "+ev.Object.NativePhase, proof))
	case backup.PhaseUnavailable:
		if look.Server.Validated == nil && look.Server.Message == "" {
			break // the definition writes it into each new location
		}
		found := problem("BK-L820", backup.SeverityCause, ev.Object.Ref, "the server says "+ev.Object.NativePhase)
		if _, message, ok := strings.Cut(look.Server.Message, "is unavailable: "); ok {
			found.Title += ": " + gist(message)
		} else if look.Server.Message != "" {
			found.Title += ": " + gist(look.Server.Message)
		}
		if strings.Contains(found.Title, "…") {
			proof.Text, proof.Source = shorten(look.Server.Message), "status.message"
		}
		found.Proof = []backup.Proof{proof}
		return one(found)
	}
	return one(unknown("BK-L820", ev.Object.Ref, "the server has not said yet whether it reaches the location", proof))
}

func judgeValidation(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	every := validates
	if look.Server.Every != nil {
		every = time.Duration(*look.Server.Every)
	}
	since := ev.Object.Created
	if look.Server.Validated != nil {
		since = *look.Server.Validated
	}
	age := ev.At.Sub(since)
	proof := backup.Proof{Text: "each " + span(every), Source: "status.lastValidationTime", At: look.Server.Validated}
	switch {
	case every == 0:
		return one(skipped("BK-L821", ev.Object.Ref, "the server was told not to validate it (validationFrequency 0)"))
	case age > 3*every+patience && look.Server.Validated == nil:
		return one(problem("BK-L821", backup.SeverityWarning, ev.Object.Ref, fmt.Sprintf("the server has never validated it in %s", span(age))))
	case age > 3*every+patience:
		found := problem("BK-L821", backup.SeverityWarning, ev.Object.Ref, fmt.Sprintf("last validated %s ago, and it should be each %s", span(age), span(every)))
		found.Proof = []backup.Proof{proof}
		return one(found)
	case look.Server.Validated == nil:
		return one(unknown("BK-L821", ev.Object.Ref, "the server has not validated it yet"))
	}
	return one(fine("BK-L821", ev.Object.Ref, "validated "+span(age)+" ago", proof))
}

func judgeServer(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	switch look.Server.Lookup {
	case backup.Found:
	case backup.Absent:
		found := problem("BK-L822", backup.SeverityCause, ev.Object.Ref, "no server of "+orElse(ev.Object.System, "the backup system")+" is in namespace "+ev.Object.Ref.Namespace)
		found.Explain = "Locations of other namespaces than the server's own are ignored."
		return one(found)
	default:
		return one(unknown("BK-L822", ev.Object.Ref, unread("the Deployment of the server", look.Server.Lookup, "")))
	}
	for _, d := range look.Server.Deployments {
		if d.Ready > 0 {
			return one(fine("BK-L822", ev.Object.Ref, d.Ref.Human()+" is ready ("+d.Image+")"))
		}
	}
	d := look.Server.Deployments[0]
	found := problem("BK-L822", backup.SeverityCause, d.Ref, fmt.Sprintf("%s is not ready: %d of %d replicas", d.Ref.Human(), d.Ready, d.Replicas))
	if d.Replicas == 0 {
		found.Title = d.Ref.Human() + " is scaled to 0"
		found.Fixes = []backup.Fix{{
			Does:     "Starts the server.",
			Commands: []string{command(inNamespace(d.Ref.Namespace, "kubectl", "scale", "deployment", d.Ref.Name, "--replicas=1")...)},
		}}
	}
	return one(found)
}

func judgeReadOnly(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	if !look.Server.ReadOnly {
		return nil
	}
	found := problem("BK-L823", backup.SeverityInfo, ev.Object.Ref, "the location is read-only: restores work, backups and deletions are refused")
	if look.Server.Default {
		found.Severity, found.Title = backup.SeverityWarning, "the default location is read-only: backups that name no other fail"
		found.Fixes = []backup.Fix{{
			Does: "Lets the server write there.", DoesNot: "It brings back no backup that was refused.",
			Danger:   "the server then deletes the backups there that have expired, whoever made them",
			Commands: []string{patchField(ev.Object.Ref, "spec.accessMode", "ReadWrite")},
		}}
	}
	return one(found)
}

func judgeDefaults(ev *backup.Evidence, look *backup.LocationLook) []backup.Finding {
	switch {
	case !look.DefaultsLookup.Known():
		return one(unknown("BK-L824", ev.Object.Ref, unread("the list of other locations", look.DefaultsLookup, "")))
	case len(look.Defaults) < 2 || !look.Server.Default:
		return nil
	}
	names := make([]string, len(look.Defaults))
	for i, ref := range look.Defaults {
		names[i] = ref.Name
	}
	found := problem("BK-L824", backup.SeverityWarning, ev.Object.Ref, fmt.Sprintf("%d locations call themselves the default: %s", len(names), strings.Join(first(names, 5), ", ")))
	return one(found)
}
