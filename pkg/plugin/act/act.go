package act

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// lookInterval is the pause between two looks while something goes or comes.
const lookInterval = time.Second

// Act is what a verb changes a cluster with.
type Act struct {
	*cli.Globals
	Flags   *Flags
	Output  cli.Output
	Request finalizer.Request
	Reader  cluster.Reader
	Writer  write.Writer
	Journal *finalizer.Journal
	// Hushed tells nothing of the steps while they are taken.
	Hushed bool
	// Timeout is how long a step of waiting may take.
	Timeout time.Duration
	// Hopeless says why a wait has no use any more; nil always hopes.
	Hopeless func(context.Context) string
	// Judge makes the plans; nil is that of blocked deletions.
	Judge func(backup.Evidence, finalizer.Request) backup.Plan
}

// New prepares a verb; nothing is contacted.
func New(g *cli.Globals, f *Flags, reader cluster.Reader, timeout time.Duration) (*Act, error) {
	writer, err := write.NewLive(g.Config, g.ClusterOptions())
	if err != nil {
		return nil, err
	}
	return &Act{
		Globals: g, Flags: f, Output: cli.Output(f.Output), Reader: reader, Writer: writer,
		Request: finalizer.Request{Accept: f.Risks()}, Journal: g.Journal(f.JournalDir), Timeout: timeout,
	}, nil
}

// Collecting reads anew all that a plan is judged on.
type Collecting func(context.Context) (backup.Evidence, error)

// Executor carries out plans; it tells what it does under a prefix.
func (a *Act) Executor(recollect Collecting, prefix string) *finalizer.Executor {
	executor := &finalizer.Executor{
		Writer: a.Writer, Judge: a.Judge, Read: a.read, Recollect: recollect, Redact: redact.Object, Journal: a.Journal,
		Now: a.Now, Sleep: cli.Sleep, Timeout: a.Timeout, Interval: lookInterval,
		Hopeless: a.Hopeless,
	}
	if !a.Hushed && !a.Output.IsStructured() {
		executor.Observe = func(outcome backup.Outcome) {
			_, _ = fmt.Fprintln(a.ErrOut, render.Escape(prefix+outcome.State+": "+outcome.Text))
		}
	}
	return executor
}

// read reads one object for the executor, which knows write's errors.
func (a *Act) read(ctx context.Context, ref backup.Ref) (map[string]any, error) {
	served := backup.Served{Group: ref.Group, Version: ref.Version, Resource: ref.Resource, Kind: ref.Kind, Namespaced: ref.Namespace != ""}
	object, err := a.Reader.Get(ctx, served, ref.Namespace, ref.Name)
	if cluster.IsAbsent(err) {
		err = fmt.Errorf("%w: %w", write.ErrGone, err)
	}
	return object, err
}

// Carry goes from the evidence over the plan and its confirmation to the result
// and prints what there is to see. Errors are those of the gate, of the
// confirmation, and those of carrying it out.
func (a *Act) Carry(ctx context.Context, ev backup.Evidence, recollect Collecting) error {
	executor := a.Executor(recollect, "")
	plan, err := a.Plan(ctx, executor, ev)
	if cluster.IsAbsent(err) { // it went by itself while it was looked at
		return a.PrintResult(backup.Result{APIVersion: backup.APIVersion, Kind: "Result", Plan: plan, Ended: "gone"}, nil)
	}
	if err != nil {
		return err
	}
	if err := finalizer.Refusal(plan); err != nil || a.Flags.DryRun != DryRunNone {
		return errors.Join(a.PrintPlan(plan), CodeOf(err))
	}
	result, err := a.Do(ctx, executor, plan)
	if err != nil && result.Kind == "" {
		return err
	}
	return a.PrintResult(result, err)
}

// Do gets a plan confirmed and carries it out. Without a confirmation the result
// is empty.
func (a *Act) Do(ctx context.Context, executor *finalizer.Executor, plan backup.Plan) (backup.Result, error) {
	if err := a.confirm(ctx, plan); err != nil {
		return backup.Result{}, err
	}
	result, err := executor.Run(ctx, plan, a.Request)
	result.JournalDir = a.Flags.JournalDir
	if errors.Is(err, finalizer.ErrPlanChanged) {
		err = &cli.HintedError{Err: err, Hint: "something changed since the plan was made; look at the new plan and confirm its digest"}
	}
	return result, err
}

// Plan judges the evidence. Unless only the client is to try it, the server
// checks each step with dryRun=All.
func (a *Act) Plan(ctx context.Context, executor *finalizer.Executor, ev backup.Evidence) (backup.Plan, error) {
	if a.Flags.DryRun == DryRunClient {
		request := a.Request
		request.PlanOnly = true
		if a.Judge != nil {
			return a.Judge(ev, request), nil
		}
		return finalizer.Judge(ev, request), nil
	}
	plan, _, err := executor.Check(ctx, ev, a.Request)
	return plan, err
}

// PrintPlan prints what would be done.
func (a *Act) PrintPlan(plan backup.Plan) error {
	if a.Output.IsStructured() {
		return a.Output.Print(a.Out, plan)
	}
	return render.Plan(a.Out, plan, a.Style(a.Out))
}

// PrintResult prints how it ended. An error that came before anything was done
// has no result to show.
func (a *Act) PrintResult(result backup.Result, err error) error {
	if len(result.Outcomes) == 0 && err != nil {
		return err
	}
	var printed error
	if a.Output.IsStructured() {
		printed = a.Output.Print(a.Out, result)
	} else {
		printed = render.Result(a.Out, result, a.Style(a.Out))
	}
	if err == nil && result.Ended == "waiting" {
		err = cli.Code(cli.CodePending)
	}
	return errors.Join(printed, err)
}

// CodeOf turns a refusal, which the printed plan explains, into its exit code.
func CodeOf(err error) error {
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
