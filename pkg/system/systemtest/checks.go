package systemtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// checkFile are cases for the checks of a profile, in the folder checks of its cases.
type checkFile struct {
	// Now is when the evidence is collected, in RFC 3339.
	Now time.Time `yaml:"now"`
	// Version is that of the API server.
	Version string      `yaml:"version"`
	Cases   []checkCase `yaml:"cases"`
}

// checkCase is an object, everything else in its cluster, and what has to be
// found to be wrong: "BK-E101 BackupStorageLocation velero/default: it is …".
type checkCase struct {
	Name  string           `yaml:"name"`
	Self  map[string]any   `yaml:"self"`
	Items []map[string]any `yaml:"items"`
	Works []map[string]any `yaml:"works"`
	Want  []string         `yaml:"want"`
}

// RunChecks checks what the checks of a profile find. Each of them has to be seen
// to find something and to find nothing.
func RunChecks(t *testing.T, dir fs.FS, profile string) {
	t.Helper()
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, file := range loadChecks(t, dir, profile) {
		for _, c := range file.Cases {
			t.Run(c.Name, func(t *testing.T) {
				if found := findIn(t, registry, profile, system.Given{Now: file.Now, ClusterVersion: file.Version}, c, seen); !slices.Equal(found, c.Want) {
					t.Errorf("found\n  %s\nwant\n  %s", strings.Join(found, "\n  "), strings.Join(c.Want, "\n  "))
				}
			})
		}
	}
	for _, name := range registry.CheckNames(profile, backup.Ref{}) {
		for _, answer := range []backup.Answer{backup.Yes, backup.No} {
			if !seen[name+" "+string(answer)] {
				t.Errorf("no case in which check %s answers %s", name, answer)
			}
		}
	}
}

func loadChecks(t *testing.T, dir fs.FS, profile string) []checkFile {
	t.Helper()
	names, err := fs.Glob(dir, path.Join(profile, "checks", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var out []checkFile
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		var file checkFile
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		decoder.KnownFields(true)
		if err := decoder.Decode(&file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, file)
	}
	return out
}

// findIn asks each check of the profile as a collector does, and notes what it answered.
func findIn(t *testing.T, registry *system.Registry, profile string, given system.Given, c checkCase, seen map[string]bool) []string {
	t.Helper()
	self := asJSON(t, c.Self)
	object := backup.Object{Ref: refOf(self), Works: worksOf(t, c.Works)}
	kind := kindFor(registry, object.Ref)
	for _, item := range c.Items {
		if kind != nil {
			raw := asJSON(t, item)
			kind.Related().Put(refOf(raw), raw, backup.Found)
		}
	}
	hit := map[string]bool{}
	var found []string
	for _, q := range registry.Checks(kind, object, self, given) {
		if !strings.HasPrefix(q.Finalizer, profile+" ") {
			continue
		}
		if q.Unreadable != "" {
			t.Errorf("check %s cannot be asked: %s", q.Finalizer, q.Unreadable)
			continue
		}
		putBeside(t, &q.BlockerQuery, self, c.Items)
		for _, candidate := range selected(q.Selector, candidatesOf(t, q.BlockerQuery, self, c.Items)) {
			if text := answerOf(t, q, candidate, c.Items); text != "" {
				found, hit[q.Finalizer] = append(found, text), true
			}
		}
	}
	for _, name := range registry.CheckNames(profile, object.Ref) {
		seen[name+" "+string(backup.AnswerOf(hit[name]))] = true
	}
	return found
}

func worksOf(t *testing.T, raw []map[string]any) []backup.Work {
	t.Helper()
	data, err := json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	var works []backup.Work
	if err := json.Unmarshal(data, &works); err != nil {
		t.Fatal(err)
	}
	return works
}

// answerOf is the finding about a candidate, empty where nothing is wrong with it.
func answerOf(t *testing.T, q system.CheckQuery, candidate map[string]any, items []map[string]any) string {
	t.Helper()
	holds, says := q.Judge(candidate)
	if holds == backup.Unknown {
		t.Errorf("check %s cannot tell: %s", q.Finalizer, says)
	}
	if holds != backup.Yes || exists(t, q, candidate, items) {
		return ""
	}
	proof, values := q.Details(candidate)
	if proof == "" {
		t.Errorf("check %s of %s proves nothing", q.Finalizer, q.Check.Code)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		says += fmt.Sprintf(" {%s=%s}", name, values[name])
	}
	return q.Check.Code + " " + says
}

// putBeside hands a check its further objects, as a collector does.
func putBeside(t *testing.T, q *system.BlockerQuery, self map[string]any, items []map[string]any) {
	t.Helper()
	of, unreadable := q.Beside()
	if unreadable != "" {
		t.Errorf("check %s cannot tell what is beside it: %s", q.Finalizer, unreadable)
	}
	var beside []map[string]any
	for _, item := range items {
		ref := refOf(asJSON(t, item))
		if ref.Group == of.Group && ref.Resource == of.Resource && (of.Everywhere || ref.Namespace == meta(self, "namespace")) {
			beside = append(beside, asJSON(t, item))
		}
	}
	q.PutBeside(selected(of.Selector, beside))
}

// exists tells whether the object that must not exist does.
func exists(t *testing.T, q system.CheckQuery, candidate map[string]any, items []map[string]any) bool {
	t.Helper()
	other, unreadable := q.Names(candidate)
	if unreadable != "" {
		t.Errorf("check %s names no other object: %s", q.Finalizer, unreadable)
	}
	return other.Name != "" && slices.ContainsFunc(items, func(item map[string]any) bool {
		return refOf(asJSON(t, item)).GroupResource() == other.GroupResource() && meta(item, "name") == other.Name
	})
}

// selected are the candidates that the label of a check takes.
func selected(selector string, candidates []map[string]any) []map[string]any {
	label, value, limited := strings.Cut(selector, "=")
	if !limited {
		return candidates
	}
	return slices.DeleteFunc(candidates, func(item map[string]any) bool {
		metadata, _ := item["metadata"].(map[string]any)
		labels, _ := metadata["labels"].(map[string]any)
		return labels[label] != value
	})
}

func refOf(raw map[string]any) backup.Ref {
	kind, _ := raw["kind"].(string)
	return backup.Ref{Group: groupOf(raw), Resource: plural(kind), Kind: kind, Namespace: meta(raw, "namespace"), Name: meta(raw, "name")}
}

// plural is the resource of a kind.
func plural(kind string) string {
	switch word := strings.ToLower(kind); {
	case strings.HasSuffix(word, "y"):
		return strings.TrimSuffix(word, "y") + "ies"
	case strings.HasSuffix(word, "s"):
		return word + "es"
	default:
		return word + "s"
	}
}

// kindFor is the kind of Velero's profile that reads an object, or nil.
func kindFor(registry *system.Registry, ref backup.Ref) *system.Kind {
	served := []backup.Served{{Group: ref.Group, Version: "v1", Resource: ref.Resource, Kind: ref.Kind, Namespaced: true, Preferred: true}}
	if kinds := registry.Match(served, nil); len(kinds) > 0 {
		return kinds[0]
	}
	return nil
}
