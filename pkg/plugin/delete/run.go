package delete

import (
	"context"
	"errors"
	"fmt"

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
	act.Choice
	flags *flags
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
		return o.Collector.Hits(ctx, o.Selected(o.flags.selector, o.flags.all))
	}
	hits, err := o.Named(ctx)
	return hits, nil, err
}

// one deletes one object.
func (o *options) one(ctx context.Context, hit collect.Hit) error {
	recollect := func(ctx context.Context) (backup.Evidence, error) { return o.Collector.Evidence(ctx, hit, o.depth()) }
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
		Act: o.Act, Collector: o.Collector, Hits: hits, Gaps: gaps, Depth: o.depth(), Verb: "delete",
		Attend: func(ctx context.Context, executor *finalizer.Executor, hit collect.Hit) {
			before := []string{}
			if ev, err := o.Collector.Works(ctx, hit); err == nil {
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
	return collect.Depth{Logs: true, Storage: o.Storage, Contents: o.Storage, Gate: true, Removal: true}
}

// hopeless looks whether a clean-up that was not there before has failed.
func (o *options) hopeless(hit collect.Hit, before []string) func(context.Context) string {
	return func(ctx context.Context) string {
		ev, err := o.Collector.Works(ctx, hit)
		if err != nil { // the next look may tell
			return ""
		}
		return redact.Text(finalizer.Hopeless(ev.Object, before))
	}
}

// explain says why an object is still there, as diagnose does.
func (o *options) explain(ctx context.Context, hit collect.Hit) error {
	depth := collect.Full()
	depth.Storage = o.Storage
	ev, err := o.Collector.Evidence(ctx, hit, depth)
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
