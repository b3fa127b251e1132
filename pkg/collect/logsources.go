package collect

import (
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// LogSources are the containers that speak of an object: the pods of its works,
// those that the profiles of its works name, and those that its own profile names.
// Of a work the sources are all of its pods, also those that are made later.
func (c *Collector) LogSources(hit Hit, ev backup.Evidence) []backup.LogSource {
	var out []backup.LogSource
	for _, w := range ev.Object.Works {
		switch s, ok := sourceOf(w); {
		case len(w.Logs) > 0:
			out = append(out, w.Logs...)
		case ok:
			out = append(out, s)
		}
	}
	if hit.Kind != nil {
		out = append(out, hit.Kind.Logs(ev.Raw)...)
	}
	return out
}

// sourceOf are the pods of one work. They are named after the role of the work,
// as `describe` names it.
func sourceOf(w backup.Work) (backup.LogSource, bool) {
	source := backup.LogSource{Name: string(w.Role), Namespace: w.Ref.Namespace, Selector: w.PodSelector}
	if w.Ref.GroupResource() == "jobs.batch" {
		source.Selector = "job-name=" + w.Ref.Name
	}
	return source, source.Selector != ""
}

// Works reads an object and its works, without logs: what a follower needs to
// tell whether it is done.
func (c *Collector) Works(ctx context.Context, hit Hit) (backup.Evidence, error) {
	raw, err := c.Cluster.Get(ctx, hit.Served, hit.Namespace, hit.Name)
	if err != nil {
		return backup.Evidence{}, err
	}
	if _, _, err := c.Kinds(ctx); err != nil {
		return backup.Evidence{}, err
	}
	related := c.relate(ctx, hit.Kind, raw)
	ev := backup.Evidence{APIVersion: backup.APIVersion, Kind: "Evidence", At: c.Now().UTC(), Object: c.view(hit, raw), Raw: raw, Gaps: related}
	g := &gather{Collector: c, depth: Depth{Follow: true}, hit: hit, ev: &ev}
	g.works(ctx)
	if hit.Kind != nil {
		hit.Kind.Fold(raw, &ev.Object)
	}
	return ev, nil
}

// Passing tells whether anything could not be read for a reason that may pass: a
// server that did not answer, not a right that is missing.
func Passing(gaps []backup.Gap) bool {
	return slices.ContainsFunc(gaps, func(gap backup.Gap) bool { return gap.Lookup == backup.Failed })
}
