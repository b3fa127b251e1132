package render

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// hooks lists the commands that run in pods: those of the spec, those of
// annotations, and how they ended.
func (p *page) hooks(a *backup.Archive, detail Detail) {
	if len(a.Hooks) == 0 {
		return
	}
	title := "Hooks"
	if a.Record != nil && a.Record.Hooks.Attempted > 0 {
		title += fmt.Sprintf(" (%d attempted, %d failed)", a.Record.Hooks.Attempted, a.Record.Hooks.Failed)
	}
	p.section(title + ":")
	shown := a.Hooks[:detail.most(10, len(a.Hooks))]
	for _, h := range shown {
		p.item(2, hookMark(h), span{string(h.When), strong}, say("  "+strings.Join(h.Command, " ")), hookEnd(h))
		var f fields
		f.add("From", hookFrom(h))
		f.add("In", joinWith(", container ", h.Pods, h.Container))
		f.add("Limits", hookLimits(h))
		f.add("Error", oneLine(h.Error))
		p.fields(6, f)
	}
	p.more(len(a.Hooks) - len(shown))
}

func hookMark(h backup.Hook) span {
	switch {
	case h.Failed > 0:
		return mark(backup.StatusProblem, "")
	case h.Ran > 0:
		return mark(backup.StatusOK, "")
	case h.Read == backup.Yes:
		return mark(backup.StatusSkipped, "")
	}
	return mark(backup.StatusUnknown, "")
}

func hookEnd(h backup.Hook) span {
	switch {
	case h.Failed > 0 && h.Ran == 0:
		return span{"  failed before it ran", bad}
	case h.Failed > 0:
		return span{fmt.Sprintf("  failed in %d of %s", h.Failed, plural(h.Ran, "run")), bad}
	case h.Ran > 0:
		return span{"  " + plural(h.Ran, "run"), good}
	case h.When == backup.HookInit:
		return faint("  runs in the pod, of which the log does not tell")
	case h.Read == backup.Yes:
		return faint("  never ran")
	}
	return span{"  not known whether it ran: the log was not read", warn}
}

func hookFrom(h backup.Hook) string {
	if h.Source == backup.HookInSpec {
		return joinWords("spec.hooks", h.Name)
	}
	return "annotations of the pod"
}

// hookLimits are the limits that are set; what is not, the system chooses.
func hookLimits(h backup.Hook) string {
	timeout, onError := "", ""
	if h.Timeout != "" {
		timeout = "timeout " + h.Timeout
	}
	if h.OnError != "" {
		onError = "on error " + h.OnError
	}
	return joinComma(timeout, onError)
}
