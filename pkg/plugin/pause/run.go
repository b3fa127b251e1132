package pause

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// options are what the verbs run on.
type options struct {
	*act.Act
	flags     *flags
	targets   []collect.Target
	scope     collect.Scope
	collector *collect.Collector
	// found are the schedules as they were read last.
	found []schedule
	// notes are what is told beside the steps, such as a schedule that is paused already.
	notes []backup.GateResult
}

// run goes from the schedules over the plan to the result.
func (o *options) run(ctx context.Context) error {
	ev, err := o.evidence(ctx)
	if err != nil {
		return err
	}
	executor := o.Executor(o.evidence, "")
	plan, err := o.Plan(ctx, executor, ev)
	if err != nil {
		return err
	}
	if len(plan.Steps) == 0 {
		return o.printNothing(plan)
	}
	if refused := finalizer.Refusal(plan); refused != nil || o.flags.DryRun != act.DryRunNone {
		return errors.Join(o.PrintPlan(plan), act.CodeOf(refused))
	}
	result, err := o.Do(ctx, executor, plan)
	if o.Output.IsStructured() {
		return o.PrintResult(result, err)
	}
	if len(result.Outcomes) == 0 && err != nil {
		return err
	}
	return errors.Join(o.printDone(result), err)
}

// printNothing tells why there is nothing to do, which is no error.
func (o *options) printNothing(plan backup.Plan) error {
	if o.Output.IsStructured() {
		return o.PrintPlan(plan)
	}
	if len(o.notes) == 0 {
		_, err := fmt.Fprintln(o.ErrOut, "No schedules found.")
		return err
	}
	for _, note := range o.notes {
		if _, err := fmt.Fprintln(o.Out, render.Escape(note.Because)); err != nil {
			return err
		}
	}
	return nil
}

// printDone tells what was done, and how all of it is taken back.
func (o *options) printDone(result backup.Result) error {
	err := render.Made(o.Out, result, o.Style(o.Out))
	if err != nil || o.flags.verb != verbPause || len(result.Plan.Steps) < 2 {
		return err
	}
	command := "kubectl backup resume --journal " + result.JournalID
	if o.flags.JournalDir != "" {
		command += " --journal-dir=" + render.ShellQuote(o.flags.JournalDir)
	}
	_, err = fmt.Fprintln(o.Out, "to let them go on: "+command)
	return err
}
