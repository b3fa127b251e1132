package collect

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var namespaces = backup.Served{Version: "v1", Resource: "namespaces", Kind: "Namespace"}

// namespace reads whether the target's namespace is being deleted: new Jobs
// and pods are refused there. A namespace that is the target is its own.
func (g *gather) namespace(ctx context.Context) {
	name := g.hit.Namespace
	switch {
	case g.targetIs(namespaces):
		g.ev.Namespace = readNamespace(g.ev.Object.Ref.Name, g.ev.Raw)
		g.labels = labelsOf(g.ev.Raw)
		return
	case name == "":
		return
	}
	raw, err := g.Cluster.Get(ctx, namespaces, "", name)
	if err != nil {
		g.gap("namespace "+name, err)
		g.ev.Namespace = backup.Namespace{Name: name, Lookup: lookup(err)}
		return
	}
	g.ev.Namespace = readNamespace(name, raw)
	g.labels = labelsOf(raw)
}

func readNamespace(name string, raw map[string]any) backup.Namespace {
	finalizers, _, _ := unstructured.NestedStringSlice(raw, "spec", "finalizers")
	return backup.Namespace{
		Name: name, Lookup: backup.Found, Deleted: instant(raw, "metadata", "deletionTimestamp"),
		Conditions: conditions(raw), Finalizers: finalizers,
	}
}

// targetIs tells whether the target is an object of a resource.
func (g *gather) targetIs(served backup.Served) bool {
	return g.hit.Served.Group == served.Group && g.hit.Served.Resource == served.Resource
}

func labelsOf(raw map[string]any) map[string]string {
	labels, _, _ := unstructured.NestedStringMap(raw, "metadata", "labels")
	return labels
}

func conditions(raw map[string]any) []backup.Condition {
	var out []backup.Condition
	for _, c := range items(raw, "status", "conditions") {
		out = append(out, backup.Condition{
			Type: nested(c, "type"), Status: nested(c, "status"), Reason: nested(c, "reason"),
			Message: nested(c, "message"), At: instant(c, "lastTransitionTime"),
		})
	}
	return out
}
