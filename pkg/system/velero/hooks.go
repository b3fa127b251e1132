package velero

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// hookSpec is one entry of spec.hooks.resources of a Backup or a Restore
// (velero@v1.18.3 pkg/apis/velero/v1/backup_types.go, restore_types.go).
type hookSpec struct {
	Name                                   string
	IncludedNamespaces, ExcludedNamespaces []string
	LabelSelector                          *selector
	Pre, Post                              []struct{ Exec *execHook }
	PostHooks                              []struct {
		Exec *execHook
		Init *struct {
			Timeout        string
			InitContainers []struct {
				Name    string
				Command []string
			}
		}
	}
}

type selector struct {
	MatchLabels      map[string]string
	MatchExpressions []struct {
		Key, Operator string
		Values        []string
	}
}

type execHook struct {
	Container, OnError   string
	Command              []string
	Timeout, ExecTimeout string
}

// specHooks are the hooks that a Backup or a Restore defines. What is not of the
// known form is left out: the object itself is shown, too.
func specHooks(object map[string]any) []backup.Hook {
	var parsed struct{ Resources []hookSpec }
	text, err := json.Marshal(nestedHooks(object))
	if err != nil || json.Unmarshal(text, &parsed) != nil {
		return nil
	}
	var hooks []backup.Hook
	for _, entry := range parsed.Resources {
		hooks = append(hooks, entry.hooks()...)
	}
	return hooks
}

func nestedHooks(object map[string]any) map[string]any {
	spec, _ := object["spec"].(map[string]any)
	hooks, _ := spec["hooks"].(map[string]any)
	return hooks
}

func (e hookSpec) hooks() []backup.Hook {
	var hooks []backup.Hook
	add := func(when backup.HookTime, exec *execHook) {
		if exec != nil {
			hooks = append(hooks, backup.Hook{
				Source: backup.HookInSpec, When: when, Name: e.Name, Pods: e.pods(), Container: exec.Container,
				Command: exec.Command, OnError: exec.OnError, Timeout: duration(exec.Timeout + exec.ExecTimeout),
			})
		}
	}
	for _, hook := range e.Pre {
		add(backup.HookPre, hook.Exec)
	}
	for _, hook := range e.Post {
		add(backup.HookPost, hook.Exec)
	}
	for _, hook := range e.PostHooks {
		add(backup.HookPost, hook.Exec)
		if hook.Init == nil {
			continue
		}
		for _, container := range hook.Init.InitContainers {
			hooks = append(hooks, backup.Hook{
				Source: backup.HookInSpec, When: backup.HookInit, Name: e.Name, Pods: e.pods(), Container: container.Name,
				Command: container.Command, Timeout: duration(hook.Init.Timeout),
			})
		}
	}
	return hooks
}

// duration is empty for zero, which Velero writes where nothing was set.
func duration(text string) string {
	if text == "0s" {
		return ""
	}
	return text
}

// pods says in words which pods the entry means.
func (e hookSpec) pods() string {
	var parts []string
	if len(e.IncludedNamespaces) > 0 {
		parts = append(parts, "namespaces "+strings.Join(e.IncludedNamespaces, ", "))
	}
	if len(e.ExcludedNamespaces) > 0 {
		parts = append(parts, "not in namespaces "+strings.Join(e.ExcludedNamespaces, ", "))
	}
	if labels := e.LabelSelector.String(); labels != "" {
		parts = append(parts, "pods with "+labels)
	}
	if len(parts) == 0 {
		return "all pods"
	}
	return strings.Join(parts, "; ")
}

// String writes a label selector as kubectl takes it.
func (s *selector) String() string {
	if s == nil {
		return ""
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(s.MatchLabels)) {
		parts = append(parts, key+"="+s.MatchLabels[key])
	}
	for _, e := range s.MatchExpressions {
		switch e.Operator {
		case "Exists":
			parts = append(parts, e.Key)
		case "DoesNotExist":
			parts = append(parts, "!"+e.Key)
		default:
			parts = append(parts, fmt.Sprintf("%s %s (%s)", e.Key, strings.ToLower(e.Operator), strings.Join(e.Values, ",")))
		}
	}
	return strings.Join(parts, ",")
}

// podHooks are the hooks that the annotations of a pod define for a backup
// (velero@v1.18.3 internal/hook/item_hook_handler.go). The keys without a time are
// the older form of those before.
func podHooks(pod string, annotations map[string]string) []backup.Hook {
	var hooks []backup.Hook
	for _, form := range []struct {
		prefix string
		when   backup.HookTime
	}{{"pre.", backup.HookPre}, {"", backup.HookPre}, {"post.", backup.HookPost}} {
		value := func(key string) string { return annotations[form.prefix+"hook.backup.velero.io/"+key] }
		command := value("command")
		legacy := form.prefix == "" && len(hooks) > 0
		if command == "" || legacy {
			continue
		}
		hooks = append(hooks, backup.Hook{
			Source: backup.HookInAnnotation, When: form.when, Pods: pod, Container: value("container"),
			Command: commandOf(command), OnError: value("on-error"), Timeout: value("timeout"),
		})
	}
	return hooks
}

// commandOf reads a JSON array, or takes the text as one program.
func commandOf(text string) []string {
	var command []string
	if strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &command) == nil {
		return command
	}
	return []string{text}
}
