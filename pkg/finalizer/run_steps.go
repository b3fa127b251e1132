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
	if seen := r.look(ctx, r.changed(step), r.changedUntil(step)); seen.ended != "" {
		return r.note(i, stateDone, fmt.Sprintf("the answer was lost (%v), but it is %s", err, seen.ended))
	}
	return errors.Join(fmt.Errorf("step %d, %s: %w", i+1, step.Does, err), r.note(i, stateFailed, err.Error()))
}

// changed is the object at which it is seen that a step took effect: an object
// that was made may have no name that is known, but the target goes by it.
func (r *run) changed(step backup.Step) backup.Ref {
	if step.Kind == backup.StepCreate {
		return r.plan.Target
	}
	return step.Target
}

// changedUntil is how to see that a step took effect by itself.
func (r *run) changedUntil(step backup.Step) string {
	if step.Kind == backup.StepDelete {
		return UntilGone
	}
	return r.until()
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
