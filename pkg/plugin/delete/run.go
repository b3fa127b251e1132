package delete

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// options are what the verb runs on.
type options struct {
	*act.Act
	flags     *flags
	targets   []collect.Target
	kind      string // the TYPE of a selection
	scope     collect.Scope
	storage   bool
	collector *collect.Collector
}

// run goes from the targets over their plans and the confirmation to the end.
func (o *options) run(ctx context.Context) error {
	hits, gaps, err := o.find(ctx)
	if err != nil {
		return err
	}
	if o.flags.selector == "" && len(hits) == 1 {
		return o.one(ctx, hits[0])
	}
	return o.many(ctx, hits, gaps)
}

// find resolves the names, or selects.
func (o *options) find(ctx context.Context) ([]collect.Hit, []backup.Gap, error) {
	if o.flags.selector != "" {
		return o.collector.Hits(ctx, collect.Query{
			Type: o.kind, Namespace: o.scope.Namespace, Explicit: o.scope.Explicit, All: o.flags.all, LabelSelector: o.flags.selector,
		})
	}
	var hits []collect.Hit
	for _, target := range o.targets {
		hit, err := o.collector.Find(ctx, target, o.scope)
		if err != nil {
			return nil, nil, err
		}
		if !slices.ContainsFunc(hits, func(h collect.Hit) bool { return h.Ref().Same(hit.Ref()) }) {
			hits = append(hits, hit)
		}
	}
	return hits, nil, nil
}

// one deletes one object.
func (o *options) one(ctx context.Context, hit collect.Hit) error {
	recollect := func(ctx context.Context) (backup.Evidence, error) { return o.collector.Evidence(ctx, hit, o.depth()) }
	ev, err := recollect(ctx)
	if err != nil {
		return err
	}
	o.Hopeless = o.hopeless(hit, finalizer.CleanUps(ev.Object))
	err = o.Carry(ctx, ev, recollect)
	var code cli.Code
	if errors.As(err, &code) && code == cli.CodePending {
		err = errors.Join(err, o.explain(ctx, hit))
	}
	return err
}

// many deletes several objects, one after the other.
func (o *options) many(ctx context.Context, hits []collect.Hit, gaps []backup.Gap) error {
	for _, hit := range hits {
		o.Request.Beside = append(o.Request.Beside, hit.Ref())
	}
	batch := &act.Many{
		Act: o.Act, Collector: o.collector, Hits: hits, Gaps: gaps, Depth: o.depth(), Verb: "delete",
		Attend: func(ctx context.Context, executor *finalizer.Executor, hit collect.Hit) {
			before := []string{}
			if ev, err := o.collector.Works(ctx, hit); err == nil {
				before = finalizer.CleanUps(ev.Object)
			}
			executor.Hopeless = o.hopeless(hit, before)
		},
	}
	results, err := batch.Run(ctx)
	for _, result := range results.Items {
		if result.Ended != "waiting" {
			continue
		}
		for _, hit := range hits {
			if hit.Ref().Same(result.Plan.Target) {
				err = errors.Join(err, o.explain(ctx, hit))
			}
		}
	}
	return err
}

// depth is how much is looked at: what the gate asks for, the places counted.
func (o *options) depth() collect.Depth {
	return collect.Depth{Logs: true, Storage: o.storage, Contents: o.storage, Gate: true, Removal: true}
}

// hopeless looks whether a clean-up that was not there before has failed.
func (o *options) hopeless(hit collect.Hit, before []string) func(context.Context) string {
	return func(ctx context.Context) string {
		ev, err := o.collector.Works(ctx, hit)
		if err != nil { // the next look may tell
			return ""
		}
		return redact.Text(finalizer.Hopeless(ev.Object, before))
	}
}

// explain says why an object is still there, as diagnose does.
func (o *options) explain(ctx context.Context, hit collect.Hit) error {
	depth := collect.Full()
	depth.Storage = o.storage
	ev, err := o.collector.Evidence(ctx, hit, depth)
	switch {
	case cluster.IsAbsent(err): // it went after all
		return nil
	case err != nil:
		return err
	}
	out := o.Out
	if o.Output.IsStructured() {
		out = o.ErrOut
	}
	if _, err := fmt.Fprintln(out); err != nil {
		return err
	}
	return render.Diagnosis(out, diagnose.Diagnose(ev, finalizer.WaysOut(ev)), o.Style(out), true)
}
