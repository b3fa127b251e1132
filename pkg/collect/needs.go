package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// needs looks whether the other objects that the target needs are there. Of a
// Secret only the names of its keys are kept, and it is read only where storage
// may be contacted.
func (g *gather) needs(ctx context.Context) {
	for i := range g.ev.Object.Needs {
		need := &g.ev.Object.Needs[i]
		if need.Ref.Resource == "secrets" && need.Ref.Group == "" {
			g.needSecret(ctx, need)
			continue
		}
		served, ok := g.resource(need.Ref.Group, need.Ref.Resource)
		if !ok {
			need.Lookup, need.Error = backup.Absent, "the cluster serves no "+need.Ref.GroupResource()
			continue
		}
		_, err := g.Cluster.Get(ctx, served, need.Ref.Namespace, need.Ref.Name)
		need.Lookup, need.Error = lookup(err), shortError(err)
		if !need.Lookup.Known() {
			g.gap(need.Ref.Human(), err)
		}
	}
}

func (g *gather) needSecret(ctx context.Context, need *backup.Need) {
	reader, ok := g.Cluster.(cluster.SecretReader)
	if !ok || !g.depth.Storage {
		return
	}
	data, err := reader.Secret(ctx, need.Ref.Namespace, need.Ref.Name)
	need.Lookup, need.Error = lookup(err), shortError(err)
	if err != nil {
		if !need.Lookup.Known() {
			g.gap("Secret "+need.Ref.Namespace+"/"+need.Ref.Name, err)
		}
		return
	}
	for _, key := range need.Keys {
		if len(data[key]) == 0 && !slices.Contains(need.MissingKeys, key) {
			need.MissingKeys = append(need.MissingKeys, key)
		}
	}
}
