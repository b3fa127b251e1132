package diagnose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func crashingEntries() []entry {
	return []entry{{Code{
		Code: "BK-E126", Title: "a controller of what was restored crashes",
		Explain: "The restore made custom resources, and the controller of these ends again and again since. Until it runs, nothing acts on what was restored: no pods are made, no finalizers are removed, and its webhooks do not answer.",
		Why:     "A restored object refers to something that is not there, is of a version that the controller does not know, or its status, which Velero leaves out, was taken for granted; or what the controller itself needs was restored after it, such as a Secret or a certificate.",
		Fix:     "Read what the controller said before it ended; it names the object as a rule. Repair that object, or delete it and restore it again with its status (--status-include-resources).",
		Danger:  "Deleting a custom resource may delete what it stands for, data included.",
		Source:  "pods that wait in CrashLoopBackOff since the restore began; the rights of their ServiceAccounts, or their names; the label velero.io/restore-name",
	}, judgeCrashing}}
}

func judgeCrashing(ev *backup.Evidence) []backup.Finding {
	crashing := ev.Crashing
	if crashing == nil {
		return nil
	}
	var all []backup.Finding
	for _, pod := range crashing.Pods {
		if len(pod.Controls) > 0 {
			all = append(all, crashed(pod))
		}
	}
	if len(all) > 0 || crashing.Lookup == backup.Found {
		return all
	}
	found := unknown("BK-E126", ev.Object.Ref, "whether controllers of what was restored crash could not be told")
	for i, why := range crashing.Unreadable {
		if i == provedBlockers {
			break
		}
		found.Proof = append(found.Proof, backup.Proof{Text: shorten(why), Source: "not seen"})
	}
	return one(found)
}

func crashed(pod backup.CrashingPod) backup.Finding {
	var controls []string
	for _, r := range pod.Controls {
		controls = append(controls, fmt.Sprintf("%d %s", r.Count, r.Ref.GroupResource()))
	}
	found := problem("BK-E126", backup.SeverityCause, pod.Ref, fmt.Sprintf("the controller of what was restored (%s) crashes: %s", strings.Join(controls, ", "), pod.Ref.Human()))
	ended := fmt.Sprintf("container %s ended %s, with code %d; %s so far", pod.Container, orElse(pod.Reason, "without a reason"), pod.ExitCode, counted(pod.Restarts, "restart"))
	found.Proof = []backup.Proof{
		{Text: ended, Source: pod.Ref.Human(), At: pod.Ended},
		{Text: "it is their controller: " + pod.Because, Source: pod.Controls[0].Ref.Human()},
	}
	found.Explain = "Whether it crashed before the restore is not recorded."
	found.Fixes = []backup.Fix{{
		Does: "Shows what it said before it ended.", DoesNot: "It changes nothing.",
		Commands: []string{look(pod.Ref.Namespace, "logs", pod.Ref.Name, "-c", pod.Container, "--previous", "--tail=50")},
	}}
	return found
}
