package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var namespaces = backup.Served{Version: "v1", Resource: "namespaces", Kind: "Namespace"}

// namespace reads whether the target's namespace is being deleted: new Jobs
// and pods are refused there.
func (g *gather) namespace(ctx context.Context) {
	name := g.hit.Namespace
	if name == "" {
		return
	}
	raw, err := g.Cluster.Get(ctx, namespaces, "", name)
	state := backup.Namespace{Name: name, Lookup: lookup(err)}
	if err != nil {
		g.gap("namespace "+name, err)
	} else {
		state.Deleted = instant(raw, "metadata", "deletionTimestamp")
		state.Conditions = conditions(raw)
	}
	g.ev.Namespace = state
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
