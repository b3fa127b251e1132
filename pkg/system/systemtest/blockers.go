package systemtest

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// blockerFile are cases that hold for each of some finalizers, in the folder
// blockers of a profile's cases.
type blockerFile struct {
	Finalizers []string      `yaml:"finalizers"`
	Cases      []blockerCase `yaml:"cases"`
}

// blockerCase is an object that is being deleted, everything else in its
// cluster, and what has to be found to block it: "Pod shop/a: it uses the claim".
type blockerCase struct {
	Name  string           `yaml:"name"`
	Self  map[string]any   `yaml:"self"`
	Items []map[string]any `yaml:"items"`
	Want  []string         `yaml:"want"`
}

// RunBlockers checks what the rules of a profile find to block a finalizer. Each
// rule has to be seen to find something and to find nothing.
func RunBlockers(t *testing.T, dir fs.FS, profile string) {
	t.Helper()
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]bool{}
	for _, file := range loadBlockers(t, dir, profile) {
		for _, finalizer := range file.Finalizers {
			for _, c := range file.Cases {
				t.Run(finalizer+" "+c.Name, func(t *testing.T) {
					if found := judgeCase(t, registry, finalizer, c, answers); !slices.Equal(found, c.Want) {
						t.Errorf("blocked by\n  %s\nwant\n  %s", strings.Join(found, "\n  "), strings.Join(c.Want, "\n  "))
					}
				})
			}
		}
	}
	index := slices.IndexFunc(registry.Systems(), func(s system.System) bool { return s.Name == profile })
	for _, name := range registry.Systems()[index].Finalizers {
		rule, _ := registry.Finalizer(name)
		for i, r := range rule.Blockers {
			for _, answer := range []backup.Answer{backup.Yes, backup.No} {
				if !answers[answerKey(name, i, answer)] {
					t.Errorf("no case in which rule %d (%s) of finalizer %s answers %s", i, r.Resource, name, answer)
				}
			}
		}
	}
}

func loadBlockers(t *testing.T, dir fs.FS, profile string) []blockerFile {
	t.Helper()
	names, err := fs.Glob(dir, path.Join(profile, "blockers", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var out []blockerFile
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		var file blockerFile
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		if err := decoder.Decode(&file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, file)
	}
	return out
}

// judgeCase asks each rule as a collector does, and notes what it answered.
func judgeCase(t *testing.T, registry *system.Registry, finalizer string, c blockerCase, answers map[string]bool) []string {
	t.Helper()
	self := asJSON(t, c.Self)
	self["metadata"].(map[string]any)["finalizers"] = []any{finalizer}
	var found []string
	for _, q := range registry.Blockers(nil, self) {
		for _, candidate := range candidatesOf(t, q, self, c.Items) {
			blocks, because := q.Judge(candidate)
			if blocks == backup.Unknown {
				t.Errorf("rule %d cannot tell: %s", q.Rule, because)
			}
			answers[answerKey(patternOf(registry, finalizer), q.Rule, blocks)] = true
			if blocks == backup.Yes {
				found = append(found, subject(q, candidate)+": "+because)
			}
		}
	}
	return found
}

func answerKey(pattern string, rule int, answer backup.Answer) string {
	return fmt.Sprintf("%s %d %s", pattern, rule, answer)
}

// patternOf is the name of the first rule that a finalizer matches.
func patternOf(registry *system.Registry, finalizer string) string {
	for _, s := range registry.Systems() {
		for _, name := range s.Finalizers {
			if prefix, wild := strings.CutSuffix(name, "*"); name == finalizer || wild && strings.HasPrefix(finalizer, prefix) {
				return name
			}
		}
	}
	return ""
}

// candidatesOf are what a collector hands to a rule: nil for a named object that
// does not exist, and for a rule about the object itself.
func candidatesOf(t *testing.T, q system.BlockerQuery, self map[string]any, items []map[string]any) []map[string]any {
	t.Helper()
	if q.Self {
		return []map[string]any{nil}
	}
	namespace, name, unreadable := meta(self, "namespace"), "", ""
	if q.Named {
		if namespace, name, unreadable = q.Place(); unreadable != "" {
			t.Errorf("rule %d cannot name its candidate: %s", q.Rule, unreadable)
		}
		if name == "" {
			return nil
		}
	}
	var out []map[string]any
	for _, item := range items {
		kind, _ := item["kind"].(string)
		elsewhere := !q.Everywhere && meta(item, "namespace") != "" && meta(item, "namespace") != namespace
		if plural(kind) == q.Resource && groupOf(item) == q.Group && !elsewhere && (name == "" || meta(item, "name") == name) {
			out = append(out, asJSON(t, item))
		}
	}
	if q.Named && len(out) == 0 {
		return []map[string]any{nil}
	}
	return out
}

func subject(q system.BlockerQuery, candidate map[string]any) string {
	switch {
	case q.Self:
		return "itself"
	case candidate == nil:
		_, name, _ := q.Place()
		return "missing " + q.Resource + "/" + name
	}
	kind, _ := candidate["kind"].(string)
	return backup.Ref{Kind: kind, Namespace: meta(candidate, "namespace"), Name: meta(candidate, "name")}.Human()
}

func meta(object map[string]any, field string) string {
	metadata, _ := object["metadata"].(map[string]any)
	value, _ := metadata[field].(string)
	return value
}
