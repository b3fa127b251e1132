package diagnose

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func writerEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-W210",
			Title:   "a Job of the backup still runs while its deletion is asked for",
			Explain: "A container that may write data to the place is still running. Nothing may be erased or released before it has ended, for it would go on writing.",
			Why:     "Deletion was asked for in the middle of a run. Some operators stop the run themselves and wait for that.",
			Fix:     "Wait for it to end, or delete the run's Job if its owner does not.",
			Danger:  "Data that is written after the clean-up stays behind unseen.",
			Source:  "pod status of the works with role run, stop and move",
		}, judgeWriter},
		{Code{
			Code:    "BK-W211",
			Title:   "a pod of the backup is on a node that does not answer",
			Explain: "The node reports nothing, so nobody can say whether the container still runs and writes. A pod on such a node does not end by itself, and the Job that waits for it does not either.",
			Why:     "The node is down, cut off from the network, or its kubelet stopped.",
			Fix:     "Bring the node back, or make sure that the machine is off and then delete the Node object or mark it out of service.",
			Danger:  "A machine that is cut off may go on writing. Forcing the pod away hides that and does not stop it.",
			Source:  "pod spec.nodeName, node condition Ready",
		}, judgeLostNode},
		{Code{
			Code:    "BK-W212",
			Title:   "a Job hangs in its own deletion",
			Explain: "The Job of the object has a deletionTimestamp and is still there. The owner waits for it to be gone before it goes on.",
			Why:     "The Job was deleted in the foreground and one of its pods does not go away, or another finalizer holds it.",
			Fix:     "Look at the Job's finalizers and at its pods; a pod on a lost node is the usual reason.",
			Danger:  "none by looking",
			Source:  "Job metadata.deletionTimestamp",
		}, judgeDeletingJob},
	}
}

func judgeWriter(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	looked := 0
	for _, w := range ev.Object.Works {
		if !w.Role.Writes() {
			continue
		}
		looked++
		switch {
		case !w.Lookup.Known():
			all = append(all, unknown("BK-W210", w.Ref, unread(who(ev, &w), w.Lookup, w.Error)+"; it may still be writing"))
		case w.Lookup == backup.Found && !w.PodsLookup.Known() && w.Active > 0:
			all = append(all, unknown("BK-W210", w.Ref, unread("the list of pods of "+who(ev, &w), w.PodsLookup, "")+"; one may still be writing"))
		case running(&w):
			all = append(all, stillRunning(ev, &w))
		}
	}
	if looked > 0 && len(all) == 0 {
		all = append(all, fine("BK-W210", ev.Object.Ref, "nothing is known to write for this "+runName(ev)+" any more"))
	}
	return all
}

func stillRunning(ev *backup.Evidence, w *backup.Work) backup.Finding {
	found := problem("BK-W210", backup.SeverityCause, w.Ref, who(ev, w)+" is still running and may be writing")
	for _, p := range byAge(w) {
		if p.MayWrite() == backup.Yes {
			found.Proof = append(found.Proof, backup.Proof{Text: "container is running on " + orElse(p.Node, "its node"), Source: "status of pod " + p.Ref.Name, At: p.Started})
		}
	}
	found.Fixes = []backup.Fix{
		{Does: "Waits for it to end.", Effect: backup.EffectWaits, Commands: []string{unstick(ev.Object.Ref, backup.WayWait)}},
		{
			Does: "Stops the run.", DoesNot: "It does not erase what was written, and does not finish the deletion by itself.",
			Commands: []string{look(w.Ref.Namespace, "delete", "job", w.Ref.Name)}, Danger: "The run ends unfinished.",
		},
	}
	return found
}

func judgeLostNode(ev *backup.Evidence) []backup.Finding {
	if !active(ev) {
		return nil
	}
	var all []backup.Finding
	for _, w := range withPods(ev, backup.WorkRun, backup.WorkStop, backup.WorkMove, backup.WorkClean) {
		for _, p := range byAge(w) {
			if p.Node == "" || p.MayWrite() != backup.Unknown {
				continue
			}
			if p.NodeReady == backup.Unknown {
				all = append(all, unknown("BK-W211", p.Ref, fmt.Sprintf("whether node %s answers is not known, and pod %s ran on it", p.Node, p.Ref.Name)))
				continue
			}
			found := problem("BK-W211", backup.SeverityCause, p.Ref, fmt.Sprintf("%s has a pod on node %s, which does not answer; whether it still runs cannot be known", who(ev, w), p.Node))
			found.Cause = "Node " + p.Node
			found.Proof = []backup.Proof{{Text: "node " + p.Node + " is not ready", Source: "condition Ready of the node"}}
			found.Fixes = []backup.Fix{{Does: "Shows the node.", Commands: []string{command("kubectl", "describe", "node", p.Node)}}}
			all = append(all, found)
		}
	}
	return all
}

func judgeDeletingJob(ev *backup.Evidence) []backup.Finding {
	if !active(ev) {
		return nil
	}
	var all []backup.Finding
	for _, w := range existing(ev, backup.WorkRun, backup.WorkStop, backup.WorkMove, backup.WorkClean) {
		if !w.Deleting {
			continue
		}
		found := problem("BK-W212", backup.SeverityCause, w.Ref, who(ev, w)+" is itself being deleted and is still there")
		found.Fixes = []backup.Fix{{Does: "Shows what holds it.", Commands: []string{command(append(inNamespace(w.Ref.Namespace, "kubectl", "get", "job", w.Ref.Name), "-o", "jsonpath={.metadata.finalizers}")...)}}}
		all = append(all, found)
	}
	return all
}
