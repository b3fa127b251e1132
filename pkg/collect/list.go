package collect

import (
	"context"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/fields"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// Query selects objects for a list.
type Query struct {
	Type          string // a role or a resource; empty is every backup
	Names         []string
	System        string
	Namespace     string // empty with All
	All           bool
	Explicit      bool // -n was given: the home namespaces are left out
	LabelSelector string
	FieldSelector string
}

// Place is one kind in one namespace, as a query lists it.
type Place struct {
	Kind      *system.Kind
	Namespace string // empty is all of them
	Options   cluster.ListOptions
	names     []string
}

// Wanted tells whether the query asked for an object by its name, or for all.
func (p Place) Wanted(row backup.Object) bool {
	return len(p.names) == 0 || slices.Contains(p.names, row.Ref.Name)
}

// Places are what a query lists. Kinds must have been called before.
func (c *Collector) Places(q Query) []Place {
	var out []Place
	for _, kind := range q.kinds(c.kinds) {
		for _, namespace := range c.where(kind, q) {
			out = append(out, Place{Kind: kind, Namespace: namespace, Options: q.options(), names: q.Names})
		}
	}
	return out
}

// List reads the rows of a query, place by place side by side; each is called
// by one goroutine at a time. A place that could not be listed is a gap.
func (c *Collector) List(ctx context.Context, q Query, each func(backup.Object)) ([]backup.Gap, error) {
	_, gaps, err := c.Kinds(ctx)
	if err != nil {
		return nil, err
	}
	places := c.Places(q)
	if len(places) == 0 {
		return nil, &NoSystemError{Type: q.Type, System: q.System}
	}
	gaps = c.ofSystems(gaps)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, place := range places {
		wg.Go(func() {
			rows, missing := c.Rows(ctx, place)
			put, done := beside(func(item map[string]any) {
				row := rows.Row(item)
				if !place.Wanted(row) {
					return
				}
				mu.Lock()
				defer mu.Unlock()
				each(row)
			})
			err := c.list(ctx, place.Kind.Served, place.Namespace, place.Options, func(item map[string]any) error {
				put(item)
				return nil
			})
			done()
			mu.Lock()
			defer mu.Unlock()
			gaps = append(gaps, missing...)
			if err != nil {
				gaps = append(gaps, gapOf(place.Kind.Served, place.Namespace, err))
			}
		})
	}
	wg.Wait()
	return gaps, ctx.Err()
}

// list reads all objects of a kind. A kind that is not served has none: its
// definition may have been deleted since discovery. A 404 alone, as a proxy
// answers it too, proves nothing, so that discovery is asked again.
func (c *Collector) list(ctx context.Context, served backup.Served, namespace string, options cluster.ListOptions, each func(map[string]any) error) error {
	err := c.Cluster.List(ctx, served, namespace, options, each)
	if cluster.IsAbsent(err) || cluster.IsNotServed(err) && c.vanished(ctx, served) {
		return nil
	}
	return err
}

func (c *Collector) vanished(ctx context.Context, served backup.Served) bool {
	now, gaps, err := c.Cluster.Discover(ctx)
	return err == nil && len(gaps) == 0 && !slices.ContainsFunc(now, func(s backup.Served) bool {
		return s.Group == served.Group && s.Resource == served.Resource
	})
}

// ofSystems leaves out the API groups of no known backup system: that one of them
// does not answer, such as that of metrics, makes no list of backups incomplete.
func (c *Collector) ofSystems(gaps []backup.Gap) []backup.Gap {
	return slices.DeleteFunc(slices.Clone(gaps), func(gap backup.Gap) bool { return gap.Group != "" && !c.Registry.Knows(gap.Group) })
}

func (q Query) options() cluster.ListOptions {
	options := cluster.ListOptions{LabelSelector: q.LabelSelector, FieldSelector: q.FieldSelector}
	if len(q.Names) == 1 && q.FieldSelector == "" {
		options.FieldSelector = nameSelector(q.Names[0])
	}
	return options
}

// nameSelector selects by a name as it was typed, whatever it holds.
func nameSelector(name string) string {
	return fields.OneTermEqualSelector("metadata.name", name).String()
}

// kinds are those that the query is about.
func (q Query) kinds(all []*system.Kind) []*system.Kind {
	role, isRole := RoleOf(q.Type)
	if q.Type == "" {
		role, isRole = backup.RoleBackup, true
	}
	var out []*system.Kind
	for _, k := range all {
		if q.System != "" && k.System != q.System {
			continue
		}
		if isRole && k.Role == role || !isRole && names(k.Served, q.Type) {
			out = append(out, k)
		}
	}
	return out
}

// where are the namespaces in which a kind is listed; "" is all of them.
func (c *Collector) where(kind *system.Kind, q Query) []string {
	if q.All {
		return []string{""}
	}
	return c.namespaces(Hit{Kind: kind, Served: kind.Served}, Scope{Namespace: q.Namespace, Explicit: q.Explicit})
}
