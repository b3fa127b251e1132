// Package collect builds the evidence about a target. It does the I/O and
// decides nothing: what it read goes into [backup.Evidence], what it could not
// read goes there as a gap, and the checks and the gate judge it later.
package collect

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// Sources are what evidence is read from. A live cluster and a bundle make one
// alike; what a source lacks (logs, access reviews) becomes a gap.
type Sources struct {
	Cluster  cluster.Reader
	Registry *system.Registry
	Storage  StorageSource
	// Signer is asked where storage cannot be read. It is nil unless a person wants
	// it, since asking creates objects in the cluster.
	Signer func(ev backup.Evidence, kinds []string) Signer
	Now    func() time.Time
}

// Depth says how much to look at.
type Depth struct {
	// Logs reads the ends of the logs of the works' pods and of the owners.
	Logs bool
	// Storage contacts the places in storage and reads the Secrets for it.
	Storage bool
	// Contents counts every object in the places, page by page.
	Contents bool
	// Many reads fewer logs: the target is one of many.
	Many bool
	// Gate reads what only the gate asks for: dependents, neighbours, access.
	Gate bool
	// Follow reads of the works only how far they are and which containers speak of them.
	Follow bool
	// Blockers reads what the finalizers of a deletion wait for, the nodes that
	// have to confirm the end of pods, and the target's own owners.
	Blockers bool
	// Removal reads what concerns the deletion of the target by its system's own
	// way, Cancel what can be stopped of a run.
	Removal, Cancel bool
}

// Full is the depth of diagnose and unstick.
func Full() Depth { return Depth{Logs: true, Storage: true, Gate: true, Blockers: true} }

// Collector reads from its sources. It is safe for use by one command at a time.
type Collector struct {
	Sources
	discovered sync.Once
	served     []backup.Served
	kinds      []*system.Kind
	gaps       []backup.Gap
	failed     error
}

// New makes a collector. Nothing is contacted before it is asked for something.
func New(sources Sources) *Collector { return &Collector{Sources: sources} }

// Kinds are the kinds of known systems that the cluster serves, with a gap for
// each API group whose discovery failed. The error is that of discovery as a whole.
func (c *Collector) Kinds(ctx context.Context) ([]*system.Kind, []backup.Gap, error) {
	c.discovered.Do(func() {
		c.served, c.gaps, c.failed = c.Cluster.Discover(ctx)
		if c.failed == nil {
			c.kinds = c.Registry.Match(c.served, c.schemas(ctx))
		}
	})
	return c.kinds, c.gaps, c.failed
}

// Served are the resources that discovery found.
func (c *Collector) Served(ctx context.Context) ([]backup.Served, error) {
	_, _, err := c.Kinds(ctx)
	return c.served, err
}

// resource finds a served resource by group and plural name.
func (c *Collector) resource(group, resource string) (backup.Served, bool) {
	var best backup.Served
	found := false
	for _, s := range c.served {
		if s.Group == group && s.Resource == resource && (!found || s.Preferred) {
			best, found = s, true
		}
	}
	return best, found
}

// gather collects the evidence of one target, each part by its own function.
type gather struct {
	*Collector
	depth Depth
	hit   Hit
	mu    sync.Mutex
	ev    *backup.Evidence
	kin   []kin // what is being deleted beside the target and may block it
	// labels are those of the target's namespace; behind holds the servers behind webhooks.
	labels map[string]string
	behind backends
}

// gap records something that could not be read.
func (g *gather) gap(what string, err error) {
	gap := backup.Gap{What: what, Why: shortError(err), Lookup: lookup(err), Rule: missingRule(err)}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ev.Gaps = append(g.ev.Gaps, gap)
}

// Evidence collects what is known about a target. An error means that the
// target itself could not be read; everything else is in the evidence.
func (c *Collector) Evidence(ctx context.Context, hit Hit, depth Depth) (backup.Evidence, error) {
	if _, _, err := c.Kinds(ctx); err != nil {
		return backup.Evidence{}, err
	}
	raw, served, err := c.getAnyVersion(ctx, hit.Served, hit.Namespace, hit.Name)
	if err != nil {
		return backup.Evidence{}, err
	}
	hit.Served = served
	related := c.relate(ctx, hit.Kind, raw)
	ev := backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: c.Now().UTC(),
		Cluster: c.Cluster.Info(ctx), Object: c.view(hit, raw), Raw: raw,
		ResourceVersion: nested(raw, "metadata", "resourceVersion"),
		Gaps:            slices.Concat(c.gaps, related),
	}
	g := &gather{Collector: c, depth: depth, hit: hit, ev: &ev}
	g.parallel(ctx, g.namespace, g.works, g.needs)
	g.owners(ctx) // of the works too
	if depth.Gate {
		g.parallel(ctx, g.dependents, g.neighbours, g.access)
	}
	if depth.Blockers {
		g.parallel(ctx, g.blockers, g.ownerReferences, g.checks)
		g.ends(ctx)
		g.control(ctx)
	}
	g.events(ctx)
	if hit.Kind != nil {
		ev.Object.Written = hit.Kind.Written(ev.Object)
		hit.Kind.Fold(raw, &ev.Object)
	}
	g.storage(ctx)
	if depth.Blockers {
		g.parallel(ctx, g.restoreResults, g.crashing)
	}
	if depth.Removal {
		g.removal(ctx)
	}
	if depth.Gate {
		g.refresh(ctx)
	}
	if depth.Removal && hit.Kind != nil {
		ev.Removal.Deletion = hit.Kind.Deletion(ev.Raw)
	}
	if depth.Cancel {
		g.cancellation(ctx)
	}
	return ev, nil
}

func (c *Collector) view(hit Hit, raw map[string]any) backup.Object {
	if hit.Kind == nil {
		return c.Registry.Generic(hit.Served, raw)
	}
	return hit.Kind.View(raw)
}

// parallel runs the parts side by side and waits for all of them. Each part
// writes only its own fields of the evidence.
func (g *gather) parallel(ctx context.Context, parts ...func(context.Context)) {
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() { part(ctx) })
	}
	wg.Wait()
}
