package unstick

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// lookInterval is the pause between two looks while the object goes.
const lookInterval = time.Second

// options are what the verb runs on.
type options struct {
	*cli.Globals
	flags     *flags
	targets   []collect.Target
	kind      string // the TYPE of a selection
	scope     collect.Scope
	storage   bool
	request   finalizer.Request
	output    cli.Output
	collector *collect.Collector
	reader    cluster.Reader
	writer    write.Writer
	journal   *finalizer.Journal
}

// run goes from the target over the plan and its confirmation to the result.
func (o *options) run(ctx context.Context) error {
	hit, err := o.collector.Find(ctx, o.targets[0], o.scope)
	if err != nil {
		return err
	}
	recollect := o.recollect(hit)
	ev, err := recollect(ctx)
	if err != nil {
		return err
	}
	executor := o.executor(recollect, "")
	plan, err := o.plan(ctx, executor, ev)
	if cluster.IsAbsent(err) { // it went by itself while it was looked at
		return o.printResult(backup.Result{APIVersion: backup.APIVersion, Kind: "Result", Plan: plan, Ended: "gone"}, nil)
	}
	if err != nil {
		return err
	}
	if err := finalizer.Refusal(plan); err != nil || o.flags.dryRun != "none" {
		return errors.Join(o.printPlan(plan), codeOf(err))
	}
	if err := o.confirm(ctx, plan); err != nil {
		return err
	}
	result, err := executor.Run(ctx, plan, o.request)
	result.JournalDir = o.flags.journalDir
	if errors.Is(err, finalizer.ErrPlanChanged) {
		err = &cli.HintedError{Err: err, Hint: "something changed since the plan was made; look at the new plan and confirm its digest"}
	}
	return o.printResult(result, err)
}

// depth is how much is looked at: everything, and the objects in the place are
// counted where a way out would erase them.
func (o *options) depth() collect.Depth {
	depth := collect.Full()
	depth.Storage = o.storage
	depth.Contents = o.storage && o.flags.via == backup.WayRetryClean && !o.many()
	return depth
}

// executor tells what it does under a prefix.
func (o *options) executor(recollect func(context.Context) (backup.Evidence, error), prefix string) *finalizer.Executor {
	executor := &finalizer.Executor{
		Writer: o.writer, Read: o.read, Recollect: recollect, Redact: redact.Object, Journal: o.journal,
		Now: o.Now, Sleep: sleep, Timeout: o.flags.timeout, Interval: lookInterval,
	}
	if !o.output.IsStructured() {
		executor.Observe = func(outcome backup.Outcome) {
			_, _ = fmt.Fprintln(o.ErrOut, render.Escape(prefix+outcome.State+": "+outcome.Text))
		}
	}
	return executor
}

// read reads one object for the executor, which knows write's errors.
func (o *options) read(ctx context.Context, ref backup.Ref) (map[string]any, error) {
	served := backup.Served{Group: ref.Group, Version: ref.Version, Resource: ref.Resource, Kind: ref.Kind, Namespaced: ref.Namespace != ""}
	object, err := o.reader.Get(ctx, served, ref.Namespace, ref.Name)
	if cluster.IsAbsent(err) {
		err = fmt.Errorf("%w: %w", write.ErrGone, err)
	}
	return object, err
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// plan judges the evidence. Unless only the client is to try it, the server
// checks each step with dryRun=All.
func (o *options) plan(ctx context.Context, executor *finalizer.Executor, ev backup.Evidence) (backup.Plan, error) {
	if o.flags.dryRun == "client" {
		request := o.request
		request.PlanOnly = true
		return finalizer.Judge(ev, request), nil
	}
	plan, _, err := executor.Check(ctx, ev, o.request)
	return plan, err
}

// confirm shows the plan and gets it confirmed: by its digest, or by what a
// person types on a terminal.
func (o *options) confirm(ctx context.Context, plan backup.Plan) error {
	o.request.Confirm = finalizer.Confirmation{Digest: o.flags.confirm}
	if o.flags.confirm == "" && o.Interactive() {
		if err := o.printPlan(plan); err != nil {
			return err
		}
		answer, err := o.ask(ctx, plan)
		if err != nil {
			return err
		}
		o.request.Confirm = answer
	}
	err := o.request.Confirm.Confirms(plan)
	if err == nil {
		return nil
	}
	if o.flags.confirm == "" && o.Interactive() {
		return &cli.HintedError{Err: err, Hint: "nothing was changed; type the answer exactly to go ahead"}
	}
	return errors.Join(o.printPlan(plan), &cli.HintedError{
		Err: err, Hint: "nothing was changed; to carry out this plan repeat the command with --confirm=" + plan.Digest,
	})
}

func (o *options) printPlan(plan backup.Plan) error {
	if o.output.IsStructured() {
		return o.output.Print(o.Out, plan)
	}
	return render.Plan(o.Out, plan, o.Style(o.Out))
}

// printResult prints how it ended. An error that came before anything was done
// has no result to show.
func (o *options) printResult(result backup.Result, err error) error {
	if len(result.Outcomes) == 0 && err != nil {
		return err
	}
	var printed error
	if o.output.IsStructured() {
		printed = o.output.Print(o.Out, result)
	} else {
		printed = render.Result(o.Out, result, o.Style(o.Out))
	}
	if err == nil && result.Ended == "waiting" {
		err = cli.Code(cli.CodePending)
	}
	return errors.Join(printed, err)
}

// codeOf turns a refusal, which the printed plan explains, into its exit code.
func codeOf(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, finalizer.ErrUndecided):
		return cli.Code(cli.CodeUnknown)
	case errors.Is(err, finalizer.ErrRefused):
		return cli.Code(cli.CodeRefused)
	}
	return err
}
