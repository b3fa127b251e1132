package system

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// object, text and list read fields of a raw object; what is missing or of
// another type is the zero value.
func object(raw map[string]any, path ...string) map[string]any {
	for _, key := range path {
		raw, _ = raw[key].(map[string]any)
	}
	return raw
}

func text(raw map[string]any, key string) string {
	value, _ := raw[key].(string)
	return value
}

func list(raw map[string]any, key string) []any {
	value, _ := raw[key].([]any)
	return value
}

func instant(raw map[string]any, key string) *time.Time {
	t, _ := parseTime(text(raw, key))
	return t
}

// base is what every object has: its reference and its times.
func base(served backup.Served, raw map[string]any) backup.Object {
	meta := object(raw, "metadata")
	o := backup.Object{Phase: backup.PhaseUnknown, Ref: served.Ref(text(meta, "namespace"), text(meta, "name"))}
	o.Ref.UID = text(meta, "uid")
	if o.Ref.Kind == "" {
		o.Ref.Kind = text(raw, "kind")
	}
	if created := instant(meta, "creationTimestamp"); created != nil {
		o.Created = *created
	}
	o.Deleted = deletion(meta)
	return o
}

// deletion is when the deletion was asked for: the timestamp of a graceful one
// lies its grace period later. A timestamp that cannot be read still means that
// it was.
func deletion(meta map[string]any) *time.Time {
	value, present := meta["deletionTimestamp"]
	if !present || value == nil {
		return nil
	}
	if t := instant(meta, "deletionTimestamp"); t != nil {
		asked := t.Add(-grace(meta))
		return &asked
	}
	return &time.Time{}
}

func grace(meta map[string]any) time.Duration {
	switch seconds := meta["deletionGracePeriodSeconds"].(type) {
	case int64:
		return time.Duration(seconds) * time.Second
	case float64:
		return time.Duration(seconds) * time.Second
	}
	return 0
}

// gitOps lists the marks by which tools that reconcile from a repository know
// their objects; such a tool brings a deleted object back.
func gitOps(raw map[string]any) []string {
	marks := []struct{ kind, key, tool string }{
		{"annotations", "argocd.argoproj.io/tracking-id", "Argo CD"},
		{"labels", "argocd.argoproj.io/instance", "Argo CD"},
		{"labels", "kustomize.toolkit.fluxcd.io/name", "Flux Kustomization"},
		{"labels", "helm.toolkit.fluxcd.io/name", "Flux HelmRelease"},
		{"annotations", "meta.helm.sh/release-name", "Helm release"},
	}
	var out []string
	for _, m := range marks {
		if value := text(object(raw, "metadata", m.kind), m.key); value != "" {
			out = append(out, m.tool+" "+value+" ("+strings.TrimSuffix(m.kind, "s")+" "+m.key+")")
		}
	}
	if text(object(raw, "metadata", "labels"), "app.kubernetes.io/managed-by") == "Helm" && !slices.ContainsFunc(out, isHelm) {
		out = append(out, "Helm (label app.kubernetes.io/managed-by)")
	}
	return out
}

func isHelm(mark string) bool { return strings.Contains(mark, "Helm") }

// lastDrill is the note of a drill that passed; one that cannot be read is none.
func lastDrill(raw map[string]any) *backup.LastDrill {
	var last backup.LastDrill
	note := text(object(raw, "metadata", "annotations"), backup.LastDrillAnnotation)
	if note == "" || json.Unmarshal([]byte(note), &last) != nil || last.At.IsZero() {
		return nil
	}
	return &last
}
