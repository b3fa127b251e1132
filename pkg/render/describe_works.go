package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// works describes the Jobs, movers and pods of an object as a tree.
func (p *page) works(works []backup.Work, details bool) {
	if len(works) == 0 {
		return
	}
	p.section("Works:")
	nodes := make([]Node, len(works))
	for i, w := range works {
		nodes[i] = workNode(w, details, p.style)
	}
	p.tree("", nodes)
}

func workNode(w backup.Work, details bool, s Style) Node {
	n := Node{Text: string(w.Role) + "  " + w.Ref.Human()}
	switch w.Lookup {
	case backup.Absent:
		n.Status, n.Aside = backup.StatusSkipped, "is not there"
		return n
	case backup.Denied, backup.Failed:
		n.Status, n.Aside = backup.StatusUnknown, joinWith(": ", "could not be read", oneLine(w.Error))
		return n
	case backup.NotAsked:
		n.Aside = "not looked at"
		return n
	}
	n.Status = phaseStatus(w.Phase)
	n.Text += "  " + workState(w)
	if w.NativePhase != "" {
		n.Text = string(w.Role) + "  " + w.Ref.Human() + "  " + customState(w)
	}
	if !w.Created.IsZero() {
		n.Aside = s.Ago(w.Created)
	}
	for _, pod := range w.Pods {
		n.Children = append(n.Children, podNode(pod, details, s))
	}
	if w.PodsLookup == backup.Denied || w.PodsLookup == backup.Failed {
		n.Children = append(n.Children, Node{Status: backup.StatusUnknown, Text: "its pods could not be listed"})
	}
	return n
}

// phaseStatus chooses the symbol of a phase; work under way has none.
func phaseStatus(p backup.Phase) backup.Status {
	switch p {
	case backup.PhaseCompleted:
		return backup.StatusOK
	case backup.PhaseFailed, backup.PhasePartiallyFailed, backup.PhaseInvalid:
		return backup.StatusProblem
	case backup.PhaseUnknown, "":
		return backup.StatusUnknown
	}
	return ""
}

// workState is the phase with the numbers of its pods: "Failed, 4 failed of at most 7".
func workState(w backup.Work) string {
	parts := []string{orNone(string(w.Phase))}
	if w.Active > 0 {
		parts = append(parts, fmt.Sprintf("%d active", w.Active))
	}
	if w.Failed > 0 && w.Limit > 0 {
		parts = append(parts, fmt.Sprintf("%d failed of at most %d", w.Failed, w.Limit+1))
	} else if w.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", w.Failed))
	}
	if w.Deleting {
		parts = append(parts, "being deleted")
	}
	return joinComma(append(parts, w.FailedFor)...)
}

// customState is the state of a work that is no Job: its own word, what it
// copies, how far it is, where, and why: "InProgress, shop/data-0, 1.0 GiB/2.0 GiB on node-1".
func customState(w backup.Work) string {
	text := joinComma(w.NativePhase, w.Volume, progressWord(w.Progress))
	if w.Node != "" {
		text += " on " + w.Node
		if !w.Phase.Terminal() {
			text += nodeWord(w.NodeReady)
		}
	}
	if w.Deleting {
		text += ", being deleted"
	}
	return joinWith(": ", text, oneLine(w.Message))
}

func podNode(pod backup.Pod, details bool, s Style) Node {
	n := Node{Status: podStatus(pod), Aside: s.Ago(pod.Created)}
	text := "Pod " + pod.Ref.Name + "  " + orNone(pod.Phase)
	if pod.Node != "" {
		text += " on " + pod.Node
		if pod.Phase != "Succeeded" && pod.Phase != "Failed" { // what ended needs no node any more
			text += nodeWord(pod.NodeReady)
		}
	}
	if pod.ExitCode != nil {
		text += fmt.Sprintf(", exit code %d", *pod.ExitCode)
	}
	n.Text = joinWith(": ", joinComma(text, pod.Reason), oneLine(pod.Message))
	if details && pod.Log != nil {
		n.Children = logNodes(*pod.Log)
	}
	return n
}

// nodeWord says of a node what casts doubt on the state of its pods.
func nodeWord(ready backup.Answer) string {
	switch ready {
	case backup.Yes:
		return ""
	case backup.No:
		return ", which is not ready"
	}
	return ", of which nobody knows whether it is ready"
}

// podStatus chooses the symbol of a pod; one that runs has none, unless nobody
// can say whether it still does.
func podStatus(pod backup.Pod) backup.Status {
	switch {
	case pod.Phase == "Succeeded":
		return backup.StatusOK
	case pod.Phase == "Failed":
		return backup.StatusProblem
	case pod.Phase == "Pending", pod.MayWrite() == backup.Yes:
		return ""
	}
	return backup.StatusUnknown
}

// logLines are how many lines of a log are shown; `kubectl logs` has all.
const logLines = 20

// logNodes are the last lines of a log, or why there are none.
func logNodes(log backup.LogTail) []Node {
	if log.Lookup != backup.Found {
		return []Node{{Status: backup.StatusUnknown, Text: joinWith(": ", "no log", oneLine(log.Error))}}
	}
	lines := log.Lines
	var nodes []Node
	if more := len(lines) - logLines; more > 0 {
		nodes, lines = append(nodes, Node{Text: fmt.Sprintf("\u2026 %d more before", more)}), lines[more:]
	}
	for _, line := range lines {
		nodes = append(nodes, Node{Text: abridge(line)})
	}
	return nodes
}

// needs lists the objects without which this one cannot proceed.
func (p *page) needs(needs []backup.Need) {
	if len(needs) == 0 {
		return
	}
	p.section("Needs:")
	for _, need := range needs {
		status, text := needState(need)
		p.item(2, mark(status, ""), say(need.Ref.Human()+"  "+joinWith("; ", text, need.Why)))
	}
}

func needState(n backup.Need) (backup.Status, string) {
	switch {
	case n.Lookup == backup.Absent:
		return backup.StatusProblem, "does not exist"
	case n.Lookup == backup.NotAsked:
		return backup.StatusSkipped, "not looked at"
	case n.Lookup != backup.Found:
		return backup.StatusUnknown, joinWith(": ", "not known whether it exists", oneLine(n.Error))
	case len(n.MissingKeys) > 0:
		return backup.StatusProblem, "lacks " + strings.Join(slices.Sorted(slices.Values(n.MissingKeys)), ", ")
	}
	return backup.StatusOK, "exists"
}
