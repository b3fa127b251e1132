package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// givenSecret is a cluster in which one Secret is already there that is yet to be made.
type givenSecret struct {
	*cluster.Live
	ref  backup.Ref
	data map[string][]byte
}

// Secret reads a Secret; the given one from memory.
func (g *givenSecret) Secret(ctx context.Context, namespace, name string) (map[string][]byte, error) {
	if namespace == g.ref.Namespace && name == g.ref.Name {
		return g.data, nil
	}
	return g.Live.Secret(ctx, namespace, name)
}

// WithSecret is a collector that sees a Secret as if it were there, so that a place
// can be looked at before its Secret is made. Without a live cluster it is the same one.
func (c *Collector) WithSecret(ref backup.Ref, data map[string][]byte) *Collector {
	live, ok := c.Cluster.(*cluster.Live)
	if !ok {
		return c
	}
	sources := c.Sources
	given := &givenSecret{Live: live, ref: ref, data: data}
	sources.Cluster = given
	if storage, ok := c.Storage.(*LiveStorage); ok {
		seeing := *storage
		seeing.Cluster = given
		sources.Storage = &seeing
	}
	return New(sources)
}

// isGiven tells whether a Secret is yet to be made: it will have all that it has to have.
func (c *Collector) isGiven(ref backup.CredentialsRef) bool {
	given, ok := c.Cluster.(*givenSecret)
	return ok && given.ref.Namespace == ref.Namespace && given.ref.Name == ref.Secret
}
