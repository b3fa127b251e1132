package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// Rows reads the rows of one place, with the objects and the works that they
// are read with. It is made before the place is listed.
type Rows struct {
	kind  *system.Kind
	works map[int]workIndex // by the rule of the profile
}

// toldByRow tells whether a row shows what becomes of such works: of those that
// move data and of those that delete it. The others are left to a look at one target.
func toldByRow(rule system.WorkQuery) bool {
	return rule.Work.Role == backup.WorkMove || rule.Work.Role == backup.WorkClean
}

// workIndex are the works of one rule, by the value of the label that selects
// them; without a label all of them are candidates.
type workIndex struct {
	byValue    map[string][]backup.Work
	candidates []candidate
	unread     []backup.Work
}

type candidate struct {
	raw  map[string]any
	work backup.Work
}

// Rows lists what the rows of a place are read with: one list for each resource.
// What could not be listed is a gap, and unknown in every row that needs it.
func (c *Collector) Rows(ctx context.Context, place Place) (*Rows, []backup.Gap) {
	gaps := c.relateAll(ctx, place.Kind, place.Namespace)
	rows := &Rows{kind: place.Kind, works: map[int]workIndex{}}
	for _, rule := range place.Kind.WorkRules() {
		if !toldByRow(rule) {
			continue
		}
		index, err := c.index(ctx, rule, place.Namespace)
		rows.works[rule.Rule] = index
		if err != nil {
			gaps = append(gaps, gapOf(c.servedAs(rule.Work.Ref), namespaceOf(rule, place.Namespace), err))
		}
	}
	return rows, gaps
}

// servedAs is the served resource of a reference.
func (c *Collector) servedAs(ref backup.Ref) backup.Served {
	served, _ := c.resource(ref.Group, ref.Resource)
	return served
}

func namespaceOf(rule system.WorkQuery, namespace string) string {
	if rule.Work.Ref.Namespace == "" { // looked for everywhere
		return ""
	}
	return namespace
}

func (c *Collector) index(ctx context.Context, rule system.WorkQuery, namespace string) (workIndex, error) {
	index := workIndex{byValue: map[string][]backup.Work{}}
	served, ok := c.resource(rule.Work.Ref.Group, rule.Work.Ref.Resource)
	if !ok {
		return index, nil
	}
	err := c.list(ctx, served, namespaceOf(rule, namespace), cluster.ListOptions{LabelSelector: rule.Label}, func(item map[string]any) error {
		work := c.readWork(rule.Work, served, item)
		if rule.Label == "" {
			index.candidates = append(index.candidates, candidate{item, work})
			return nil
		}
		value := nested(item, "metadata", "labels", rule.Label)
		index.byValue[value] = append(index.byValue[value], work)
		return nil
	})
	if err != nil {
		index.unread = []backup.Work{unread(rule.Work, served, err)}
	}
	return index, err
}

// Row reads one object of the place.
func (r *Rows) Row(item map[string]any) backup.Object {
	row := r.kind.Row(item)
	if len(r.works) == 0 {
		return row
	}
	row.WorksLookup = backup.Found
	for _, query := range r.kind.WorkQueries(item) {
		if !toldByRow(query) {
			continue
		}
		index := r.works[query.Rule]
		row.Works = append(row.Works, index.unread...)
		if len(index.unread) > 0 {
			row.WorksLookup = index.unread[0].Lookup
		}
		if query.Label != "" && query.Value != "" {
			row.Works = append(row.Works, index.byValue[query.Value]...)
		}
		for _, c := range index.candidates {
			if query.Matches(c.raw) != backup.No {
				row.Works = append(row.Works, c.work)
			}
		}
	}
	r.kind.Fold(item, &row)
	return row
}
