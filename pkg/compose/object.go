package compose

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// New is an empty manifest of a kind that the cluster serves.
func New(served backup.Served, namespace, name string) map[string]any {
	version := served.Version
	if served.Group != "" {
		version = served.Group + "/" + served.Version
	}
	metadata := map[string]any{"name": name}
	if served.Namespaced {
		metadata["namespace"] = namespace
	}
	return map[string]any{"apiVersion": version, "kind": served.Kind, "metadata": metadata, "spec": map[string]any{}}
}

// Put sets the field at a path with dots. What is on the way and not there is
// made; what is there and no object is an error.
func Put(object map[string]any, path string, value any) error {
	parts := strings.Split(path, ".")
	at := object
	for i, part := range parts[:len(parts)-1] {
		next, there := at[part]
		if !there || next == nil {
			next = map[string]any{}
			at[part] = next
		}
		inner, ok := next.(map[string]any)
		if !ok {
			return fmt.Errorf("%s is no object, so that %s cannot be set", strings.Join(parts[:i+1], "."), path)
		}
		at = inner
	}
	at[parts[len(parts)-1]] = value
	return nil
}

// Get reads the field at a path with dots; nil where there is none.
func Get(object map[string]any, path string) any {
	var at any = object
	for _, part := range strings.Split(path, ".") {
		inner, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = inner[part]
	}
	return at
}

// Set sets a field as it was typed: "spec.ttl=24h0m0s". The value is YAML, so that
// numbers, lists and objects can be given; that of a label or an annotation is text,
// and its key may have dots. Nothing but spec, labels and annotations can be set.
func Set(object map[string]any, typed string) error {
	path, text, found := strings.Cut(typed, "=")
	if !found {
		return fmt.Errorf("--set=%s is no PATH=VALUE", typed)
	}
	for _, of := range []string{"metadata.labels", "metadata.annotations"} {
		if key, ok := strings.CutPrefix(path, of+"."); ok && key != "" {
			return Field{Flag: "set", Path: of, Kind: Map}.Apply(object, []string{key + "=" + text})
		}
	}
	if !strings.HasPrefix(path, "spec.") || strings.Contains(path, "..") || strings.HasSuffix(path, ".") {
		return fmt.Errorf("--set=%s: the path is none below spec, metadata.labels or metadata.annotations", typed)
	}
	value, err := Decode(text)
	if err != nil {
		return fmt.Errorf("--set=%s: %w", typed, err)
	}
	return Put(object, path, value)
}
