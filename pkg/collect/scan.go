package collect

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// Survey is what a look through all kinds found. It holds no objects, only
// where the troubled ones are.
type Survey struct {
	// Kinds is how many kinds were listed.
	Kinds int
	// Suspects are the troubled objects, in the order in which they are best
	// examined: the oldest of each kind, namespace and trouble first, in turn.
	Suspects []Suspect
	// JustDeleted counts objects whose deletion was asked for within a minute.
	JustDeleted int
	// Unclear counts objects of known systems whose phase is not known.
	Unclear int
	Gaps    []backup.Gap
}

// Suspect is an object that hangs or failed by its own account.
type Suspect struct {
	Hit      Hit
	UID      string
	System   string
	Trouble  backup.Trouble
	Since    *time.Time
	position int // among those of the same kind, namespace and trouble
}

// scan looks through kinds side by side.
type scan struct {
	*Collector
	now  time.Time
	mu   sync.Mutex
	out  Survey
	seen map[string]bool // by UID: some objects are served by several groups
}

// Scan lists every kind once, in the namespaces or, without any, in the whole
// cluster, and keeps what hangs or failed. Kinds of known systems are read in
// full, all others as metadata. A kind that may not be listed is one gap.
func (c *Collector) Scan(ctx context.Context, namespaces []string) (Survey, error) {
	known, gaps, err := c.Kinds(ctx)
	if err != nil {
		return Survey{}, err
	}
	s := &scan{Collector: c, now: c.Now(), seen: map[string]bool{}}
	s.out.Gaps = slices.Clone(gaps)
	group := errgroup.Group{}
	group.SetLimit(listers)
	for _, task := range s.tasks(known, namespaces) {
		s.out.Kinds++
		group.Go(func() error {
			task(ctx)
			return nil
		})
	}
	_ = group.Wait() // every failure is a gap already
	inTurn(s.out.Suspects)
	slices.SortFunc(s.out.Gaps, func(a, b backup.Gap) int { return cmp.Compare(a.What, b.What) })
	return s.out, ctx.Err()
}

// tasks list one kind each.
func (s *scan) tasks(known []*system.Kind, namespaces []string) []func(context.Context) {
	var out []func(context.Context)
	for _, kind := range known {
		if where := placesOf(kind.Served, namespaces); len(where) > 0 {
			out = append(out, func(ctx context.Context) { s.known(ctx, kind, where) })
		}
	}
	for _, served := range s.deletable(known) {
		if where := placesOf(served, namespaces); len(where) > 0 {
			out = append(out, func(ctx context.Context) { s.other(ctx, served, where) })
		}
	}
	if len(namespaces) > 0 {
		out = append(out, func(ctx context.Context) { s.namespaces(ctx, namespaces) })
	}
	return out
}

// placesOf are where a kind is listed: "" is everywhere. A kind without
// namespaces is left out where only some are looked at.
func placesOf(served backup.Served, namespaces []string) []string {
	switch {
	case len(namespaces) == 0:
		return []string{""}
	case served.Namespaced:
		return namespaces
	}
	return nil
}

// deletable are the kinds of no known system whose objects can be listed and
// deleted, one version of each. What cannot be deleted cannot hang in it, such
// as metrics; events come and go by thousands and have no finalizers.
func (c *Collector) deletable(known []*system.Kind) []backup.Served {
	type key struct{ group, resource string }
	seen := map[key]bool{}
	for _, kind := range known {
		seen[key{kind.Served.Group, kind.Served.Resource}] = true
	}
	var out []backup.Served
	for _, served := range c.distinct() {
		at := key{served.Group, served.Resource}
		if seen[at] || served.Resource == "events" || !slices.Contains(served.Verbs, "list") || !slices.Contains(served.Verbs, "delete") {
			continue
		}
		seen[at] = true
		best, _ := c.resource(served.Group, served.Resource)
		out = append(out, best)
	}
	return out
}

// known lists a kind of a known system in full.
func (s *scan) known(ctx context.Context, kind *system.Kind, where []string) {
	rows := s.rows(ctx, kind, where)
	s.listIn(ctx, kind.Served, where, cluster.ListOptions{}, func(item map[string]any) {
		row := rows(item)
		if kind.Role == backup.RoleWork && !row.Deleting() { // its backup or restore tells
			return
		}
		since := row.PhaseSince
		if since == nil {
			since = row.Finished
		}
		found := Suspect{
			Hit: Hit{Kind: kind, Served: kind.Served, Namespace: row.Ref.Namespace, Name: row.Ref.Name}, UID: row.Ref.UID,
			System: kind.System, Trouble: row.Trouble(s.now), Since: since,
		}
		s.add(found, row.Deleting() && found.Trouble == "", unclear(row) && found.Trouble == "")
	})
}

// other lists the metadata of a kind that no profile knows.
func (s *scan) other(ctx context.Context, served backup.Served, where []string) {
	s.listIn(ctx, served, where, cluster.ListOptions{Metadata: true}, func(item map[string]any) { s.deleted(served, item) })
}

// deleted takes an object whose deletion was asked for.
func (s *scan) deleted(served backup.Served, item map[string]any) {
	deleted := instant(item, "metadata", "deletionTimestamp")
	if deleted == nil {
		return
	}
	found := Suspect{
		Hit: Hit{Served: served, Namespace: nested(item, "metadata", "namespace"), Name: nested(item, "metadata", "name")},
		UID: nested(item, "metadata", "uid"), Trouble: backup.TroubleHangs, Since: deleted,
	}
	if backup.DeletedJustNow(*deleted, s.now) {
		found.Trouble = ""
	}
	s.add(found, found.Trouble == "", false)
}

// namespaces looks whether the namespaces themselves hang. They are read one by
// one: who may list what is in a namespace often may not list namespaces.
func (s *scan) namespaces(ctx context.Context, names []string) {
	for _, name := range names {
		raw, err := s.Cluster.Get(ctx, namespaces, "", name)
		if err == nil {
			s.deleted(namespaces, raw)
		} else if lookup(err) != backup.Absent {
			s.gap(backup.Gap{What: "namespace " + name, Why: shortError(err), Lookup: lookup(err), Rule: missingRule(err)})
		}
	}
}

// listIn reads a kind in each place and says once that it could not.
func (s *scan) listIn(ctx context.Context, served backup.Served, where []string, options cluster.ListOptions, each func(map[string]any)) {
	said := false
	for _, namespace := range where {
		err := s.list(ctx, served, namespace, options, func(item map[string]any) error {
			each(item)
			return nil
		})
		if err != nil && !said {
			said = true
			s.gap(gapOf(served, namespace, err))
		}
	}
}

func (s *scan) gap(gap backup.Gap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.out.Gaps = append(s.out.Gaps, gap)
}

// add keeps what is troubled and counts what may be.
func (s *scan) add(found Suspect, justDeleted, unclear bool) {
	if found.Trouble == "" && !justDeleted && !unclear {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if found.UID != "" && s.seen[found.UID] {
		return
	}
	s.seen[found.UID] = true
	switch {
	case found.Trouble != "":
		s.out.Suspects = append(s.out.Suspects, found)
	case justDeleted:
		s.out.JustDeleted++
	default:
		s.out.Unclear++
	}
}

// inTurn puts the oldest of each kind, namespace and trouble first, then the
// second oldest of each: a limit then cuts the many that are alike, not the one
// that is different.
func inTurn(all []Suspect) {
	slices.SortFunc(all, func(a, b Suspect) int { return cmp.Or(byAge(a, b), byName(a, b)) })
	type key struct {
		resource, namespace string
		trouble             backup.Trouble
	}
	count := map[key]int{}
	for i := range all {
		at := key{all[i].Hit.Ref().GroupResource(), all[i].Hit.Namespace, all[i].Trouble}
		all[i].position = count[at]
		count[at]++
	}
	slices.SortStableFunc(all, func(a, b Suspect) int { return cmp.Compare(a.position, b.position) })
}

// byAge puts what does not say since when last.
func byAge(a, b Suspect) int {
	switch {
	case a.Since != nil && b.Since != nil:
		return a.Since.Compare(*b.Since)
	case a.Since != nil:
		return -1
	case b.Since != nil:
		return 1
	}
	return 0
}

func byName(a, b Suspect) int {
	return cmp.Or(cmp.Compare(a.Hit.Ref().GroupResource(), b.Hit.Ref().GroupResource()),
		cmp.Compare(a.Hit.Namespace, b.Hit.Namespace), cmp.Compare(a.Hit.Name, b.Hit.Name))
}
