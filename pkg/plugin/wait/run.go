package wait

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// lookInterval is the pause between two looks at an object.
const lookInterval = time.Second

// options are what the verb runs on.
type options struct {
	*cli.Globals
	until     string
	timeout   time.Duration
	targets   []collect.Target
	scope     collect.Scope
	collector *collect.Collector
}

// run waits for each target in turn: the time is one for all, and the last one
// decides when all are done.
func (o *options) run(ctx context.Context) error {
	hits, err := o.find(ctx)
	if err != nil {
		return err
	}
	if err := o.ends(hits); err != nil {
		return err
	}
	return o.each(ctx, hits)
}

// each waits for one object after the other and says how each ended.
func (o *options) each(ctx context.Context, hits []collect.Hit) error {
	limit := o.Now().Add(o.timeout)
	worst := cli.Code(cli.CodeOK)
	for _, hit := range hits {
		got, err := o.wait(ctx, hit, limit)
		if err != nil {
			return err
		}
		out := o.Out
		if got.code != cli.CodeOK {
			out = o.ErrOut
		}
		if _, err := fmt.Fprintf(out, "%s %s\n", render.Escape(hit.Ref().String()), render.Escape(got.words)); err != nil {
			return err
		}
		worst = graver(worst, got.code)
	}
	if worst == cli.CodeOK {
		return nil
	}
	return worst
}

// find finds the targets. What is to be gone may not be there any more.
func (o *options) find(ctx context.Context) ([]collect.Hit, error) {
	var hits []collect.Hit
	for _, target := range o.targets {
		hit, err := o.collector.Find(ctx, target, o.scope)
		var missing *collect.NotFoundError
		if o.until == forDeleted && errors.As(err, &missing) && len(missing.Gaps) == 0 {
			if _, err := fmt.Fprintf(o.Out, "%s is not there\n", render.Escape(target.String())); err != nil {
				return nil, err
			}
			continue
		}
		switch {
		case err != nil:
			return nil, err
		case o.until == forRestorable && (hit.Kind == nil || hit.Kind.Role != backup.RoleBackup):
			return nil, &cli.UsageError{Text: hit.Ref().Human() + " is no backup, and only a backup is restorable"}
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

// wait looks at an object until it has ended or the time is over. An error that
// may pass, such as a server that is away, only ends it with the time.
func (o *options) wait(ctx context.Context, hit collect.Hit, limit time.Time) (answer, error) {
	progress := render.NewProgress(o.ErrOut, o.Style(o.ErrOut), !o.Quiet)
	defer progress.Clear()
	uid := ""
	for {
		ev, err := o.collector.Works(ctx, hit)
		got := o.judge(ev.Object, &uid, err)
		if got.code == cli.CodeUnknown && collect.Passing(ev.Gaps) {
			got.ended = false // the next look may tell
		}
		if o.until == forRestorable && got.ended && got.code == cli.CodeOK {
			got = o.restorable(ctx, &ev)
		}
		late := !o.Now().Before(limit)
		if got.code == cli.CodeUnknown && (got.ended || late) {
			o.unseen(ev.Gaps)
		}
		switch {
		case ctx.Err() != nil:
			return answer{}, ctx.Err()
		case err != nil && !cluster.IsAbsent(err) && (late || !cluster.IsUnreachable(err) && !cluster.IsThrottled(err)):
			return answer{}, err
		case got.ended || late && got.code == cli.CodeUnknown:
			return got, nil
		case late:
			return answer{code: cli.CodePending, words: "is not there yet: " + got.words}, nil
		}
		if err == nil {
			progress.Show(ev.Object, o.Now())
		}
		select {
		case <-ctx.Done():
			return answer{}, ctx.Err()
		case <-time.After(lookInterval):
		}
	}
}

// Done waits until one object is done, its data included, and says how it ended.
// A negative timeout waits for a week.
func Done(ctx context.Context, g *cli.Globals, collector *collect.Collector, hit collect.Hit, timeout time.Duration) error {
	if timeout < 0 {
		timeout = week
	}
	o := &options{Globals: g, until: forData, timeout: timeout, collector: collector}
	return o.each(ctx, []collect.Hit{hit})
}

// Ended waits until each of several objects has ended in whatever way, or is gone. A
// negative timeout waits for a week.
func Ended(ctx context.Context, g *cli.Globals, collector *collect.Collector, hits []collect.Hit, timeout time.Duration) error {
	if timeout < 0 {
		timeout = week
	}
	o := &options{Globals: g, until: forEnd, timeout: timeout, collector: collector}
	return o.each(ctx, hits)
}
