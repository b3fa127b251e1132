package velero

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
)

// maxPods bounds how many pods are named for one hook.
const maxPods = 5

// hookRun is one hook that the log speaks of. The log does not name the pod
// (velero@v1.18.3 pkg/podexec/pod_command_executor.go).
type hookRun struct {
	hook   backup.Hook
	failed bool
}

// hookRuns collects what a log says about hooks.
type hookRuns []hookRun

// see takes a line that has a field hookSource. An error follows the run that it is about.
func (r *hookRuns) see(line logs.Line) {
	source, when := backup.HookSource(line.Fields["hookSource"]), backup.HookTime(line.Fields["hookPhase"])
	switch {
	case line.Message == "running exec hook":
		hook := backup.Hook{
			Source: source, When: when, Container: line.Fields["hookContainer"], OnError: line.Fields["hookOnError"],
			Command: loggedCommand(line.Fields["hookCommand"]), Timeout: strings.Trim(line.Fields["hookTimeout"], "{}"),
		}
		if source == backup.HookInSpec {
			hook.Name = line.Fields["hookName"]
		}
		*r = append(*r, hookRun{hook: hook})
	case line.Level == logs.Error:
		r.fail(source, when, joinError(line))
	}
}

// loggedCommand reads the words of a command: the text format has no quotes around them.
func loggedCommand(text string) []string {
	var words []string
	if json.Unmarshal([]byte(text), &words) == nil {
		return strings.Fields(strings.Join(words, " "))
	}
	return strings.Fields(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
}

// fail marks the last run of that source and time that has not failed, or
// remembers one that failed before it ran.
func (r *hookRuns) fail(source backup.HookSource, when backup.HookTime, text string) {
	for i := len(*r) - 1; i >= 0; i-- {
		run := &(*r)[i]
		if run.hook.Source != source || run.hook.When != when {
			continue
		}
		if !run.failed {
			run.failed, run.hook.Error = true, text
			return
		}
		break
	}
	*r = append(*r, hookRun{hook: backup.Hook{Source: source, When: when, Error: text}, failed: true})
}

func joinError(line logs.Line) string {
	if text := errorOf(line); text != "" {
		return text
	}
	return line.Message
}

// errorOf is the error of a line; in the JSON format of the log it has another name.
func errorOf(line logs.Line) string {
	return orElse(line.Fields["error"], line.Fields["error.message"])
}

// tally gives each defined hook its runs; a run that nobody defined is a hook of its own.
func (r hookRuns) tally(defined []backup.Hook) []backup.Hook {
	all := gathered(defined)
	for i := range all {
		all[i].Read = backup.Yes
	}
	for _, run := range r {
		i := slices.IndexFunc(all, run.of)
		if i < 0 {
			run.hook.Read = backup.Yes
			all = append(all, run.hook)
			i = len(all) - 1
		}
		if run.hook.Command != nil {
			all[i].Ran++
			all[i].OnError = orElse(all[i].OnError, run.hook.OnError)
			all[i].Timeout = orElse(all[i].Timeout, run.hook.Timeout)
		}
		if run.failed {
			all[i].Failed++
			all[i].Error = run.hook.Error
		}
	}
	return all
}

// of tells whether the run is one of the hook. The log has no quotes around arguments.
func (r hookRun) of(h backup.Hook) bool {
	same := r.hook.Source == h.Source && r.hook.When == h.When && r.hook.Name == h.Name
	container := h.Container == "" || h.Container == r.hook.Container
	return same && container && slices.Equal(strings.Fields(strings.Join(h.Command, " ")), r.hook.Command)
}

// gathered makes one hook of those that pods are annotated with alike, such as
// the pods of one Deployment.
func gathered(hooks []backup.Hook) []backup.Hook {
	var out []backup.Hook
	pods := map[int]int{}
	for _, hook := range hooks {
		i := slices.IndexFunc(out, func(other backup.Hook) bool {
			return hook.Source == backup.HookInAnnotation && other.Source == hook.Source && other.When == hook.When &&
				other.Container == hook.Container && other.OnError == hook.OnError && other.Timeout == hook.Timeout &&
				slices.Equal(other.Command, hook.Command)
		})
		if i < 0 {
			out, i = append(out, hook), len(out)
			pods[i] = 1
			continue
		}
		switch pods[i]++; {
		case pods[i] <= maxPods:
			out[i].Pods += ", " + hook.Pods
		case pods[i] == maxPods+1:
			out[i].Pods += ", …"
		}
	}
	return out
}
