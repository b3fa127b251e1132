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

// answer is what one look at an object gave.
type answer struct {
	ended bool // waiting longer changes nothing
	code  cli.Code
	words string
}

// run waits for each target in turn: the time is one for all, and the last one
// decides when all are done.
func (o *options) run(ctx context.Context) error {
	hits, err := o.find(ctx)
	if err != nil {
		return err
	}
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
		if err != nil {
			return nil, err
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
		late := !o.Now().Before(limit)
		switch {
		case ctx.Err() != nil:
			return answer{}, ctx.Err()
		case err != nil && !cluster.IsAbsent(err) && (late || !cluster.IsUnreachable(err) && !cluster.IsThrottled(err)):
			return answer{}, err
		case got.ended:
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

// judge says whether an object is as asked. The first UID that was seen counts:
// another object of the same name is not the one that was asked for.
func (o *options) judge(object backup.Object, uid *string, err error) answer {
	if err == nil && *uid == "" {
		*uid = object.Ref.UID
	}
	gone := cluster.IsAbsent(err) || err == nil && object.Ref.UID != *uid
	switch {
	case gone && o.until == forDeleted:
		return answer{ended: true, words: "is gone"}
	case gone:
		return answer{ended: true, code: cli.CodeProblems, words: "was deleted while it was waited for"}
	case err != nil:
		return answer{words: "it could not be read"}
	case o.until == forDeleted && !object.Deleting():
		return answer{words: "its deletion was not asked for"}
	case o.until == forDeleted:
		return answer{words: "it is being deleted; 'kubectl backup diagnose " + object.Ref.String() + "' says what it waits for"}
	}
	return o.judgeDone(object)
}

// judgeDone says whether a run is done and how it ended.
func (o *options) judgeDone(object backup.Object) answer {
	phase := string(object.Phase)
	switch {
	case object.Phase == backup.PhasePartiallyFailed, object.Phase == backup.PhaseFailed, object.Phase == backup.PhaseInvalid:
		return answer{ended: true, code: cli.CodeProblems, words: "ended: " + phase}
	case !object.Phase.Terminal():
		return answer{words: "it is " + phase}
	case o.until == forComplete:
		return answer{ended: true, words: "is " + phase}
	case object.Data == backup.DataFailed:
		return answer{ended: true, code: cli.CodeProblems, words: "is " + phase + ", but a data mover failed"}
	case object.Done() == backup.Unknown:
		return answer{ended: true, code: cli.CodeUnknown, words: "is " + phase + "; whether its data has arrived cannot be said"}
	case object.Done() == backup.No:
		return answer{words: "it is " + phase + ", and its data is still moving"}
	}
	return answer{ended: true, words: "is " + phase + ", its data included"}
}

// graver is the exit code that says more: a failure outweighs what is not
// known, and that outweighs what is not there yet.
func graver(a, b cli.Code) cli.Code {
	for _, code := range []cli.Code{cli.CodeProblems, cli.CodeUnknown, cli.CodePending} {
		if a == code || b == code {
			return code
		}
	}
	return cli.CodeOK
}
