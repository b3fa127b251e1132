package finalizer

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

func (r *run) steps(ctx context.Context) error {
	for i, step := range r.plan.Steps {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, r.note(i, stateInterrupted, "not begun"))
		}
		if err := r.note(i, stateStarted, step.Does); err != nil {
			return err
		}
		take := r.change
		if step.Kind == backup.StepWait {
			take = r.wait
		}
		if err := take(ctx, i, step); err != nil {
			return err
		}
	}
	if r.until() == "" {
		r.result.Ended = endedDone
	}
	return nil
}

// change sends a writing step and says how that went.
func (r *run) change(ctx context.Context, i int, step backup.Step) error {
	r.sent = true
	err := r.write(ctx, step, false)
	switch {
	case err == nil:
		return r.note(i, stateDone, "the server took it")
	case errors.Is(err, write.ErrGone):
		return r.note(i, stateDone, step.Target.Human()+" was gone already")
	case errors.Is(err, write.ErrChanged):
		return errors.Join(err, r.note(i, stateFailed, "changed since it was read; nothing was written"))
	case ctx.Err() != nil:
		return errors.Join(ctx.Err(), r.note(i, stateInterrupted, "it was sent; whether the server took it was not seen"))
	}
	// Without an answer nobody knows whether the change was stored.
	if seen := r.seen(ctx, step, err); seen != "" {
		return r.note(i, stateDone, fmt.Sprintf("the answer was lost (%v), but it is %s", err, seen))
	}
	return errors.Join(fmt.Errorf("step %d, %s: %w", i+1, step.Does, err), r.note(i, stateFailed, err.Error()))
}

// seen says how a step whose answer was lost shows all the same, or is empty. An
// object that was made may have no name that is known, but the target goes by
// it; where the plan waits for no end, the object itself has to be there. What the
// server refused it did not store.
func (r *run) seen(ctx context.Context, step backup.Step, failed error) string {
	until := r.until()
	switch {
	case step.Kind == backup.StepDelete:
		return r.look(ctx, step.Target, UntilGone).ended
	case until != "" && step.Kind == backup.StepCreate:
		return r.look(ctx, r.plan.Target, until).ended
	case until != "":
		return r.look(ctx, step.Target, until).ended
	case step.Kind != backup.StepCreate || step.Target.Name == "" || dryRunOf(failed).Passed == backup.No:
		return ""
	}
	if _, err := r.Read(ctx, step.Target); err == nil {
		return "there"
	}
	return ""
}

// note puts an outcome into the result, the journal and the observer's hands.
func (r *run) note(i int, state, text string) error {
	outcome := backup.Outcome{Step: i, At: r.Now().UTC(), State: state, Text: text}
	r.result.Outcomes = append(r.result.Outcomes, outcome)
	r.observe(outcome)
	if r.entry == nil { // a plan that only waits
		return nil
	}
	return r.entry.Step(outcome)
}
