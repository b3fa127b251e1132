package collect

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// lingering reads what an object says of its own end.
func (c *Collector) lingering(served backup.Served, raw map[string]any) backup.Lingering {
	l := backup.Lingering{
		Ref:     served.Ref(nested(raw, "metadata", "namespace"), nested(raw, "metadata", "name")),
		Deleted: instant(raw, "metadata", "deletionTimestamp"), Finalizers: finalizersOf(raw),
	}
	l.Ref.UID = nested(raw, "metadata", "uid")
	if _, set := object(raw, "metadata")["deletionGracePeriodSeconds"]; set {
		seconds := number(raw, "metadata", "deletionGracePeriodSeconds")
		l.GraceSeconds = &seconds
	}
	if served.Group == "" && served.Resource == "pods" {
		l.Phase, l.Node = nested(raw, "status", "phase"), nested(raw, "spec", "nodeName")
	}
	for _, owner := range items(raw, "metadata", "ownerReferences") {
		if controls, _ := owner["controller"].(bool); controls {
			ref, _ := c.referred(owner, l.Ref.Namespace)
			l.Controller = &ref
		}
	}
	return l
}

func finalizersOf(raw map[string]any) []string {
	var out []string
	entries, _ := object(raw, "metadata")["finalizers"].([]any)
	for _, entry := range entries {
		if name, ok := entry.(string); ok {
			out = append(out, name)
		}
	}
	return out
}

// referred is what an owner reference names: a namespaced owner is in the
// namespace of the object that has the reference. Not ok is a kind that the
// cluster does not serve.
func (c *Collector) referred(owner map[string]any, namespace string) (backup.Ref, bool) {
	group, version, hasGroup := strings.Cut(nested(owner, "apiVersion"), "/")
	if !hasGroup {
		group, version = "", group
	}
	ref := backup.Ref{
		Group: group, Version: version, Kind: nested(owner, "kind"), Namespace: namespace,
		Name: nested(owner, "name"), UID: nested(owner, "uid"),
	}
	for _, s := range c.served {
		if s.Group != group || s.Kind != ref.Kind {
			continue
		}
		best, _ := c.resource(s.Group, s.Resource)
		ref.Resource, ref.Version = best.Resource, best.Version
		if !best.Namespaced {
			ref.Namespace = ""
		}
		return ref, true
	}
	return ref, false
}
