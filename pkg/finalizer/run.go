package finalizer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

// The states of an outcome, and the ends of a result.
const (
	stateStarted     = "started"
	stateDone        = "done"
	stateFailed      = "failed"
	stateInterrupted = "interrupted"
	stateWaiting     = "waiting"

	endedGone     = "gone"
	endedReplaced = "replaced"
	endedReleased = "released"
	endedDone     = "done"
)

// lastLook is how long the look at what is left may take after an interruption.
const lastLook = 5 * time.Second

// run is one execution of a confirmed plan.
type run struct {
	*Executor
	confirmed backup.Plan
	req       Request
	ev        backup.Evidence
	plan      backup.Plan // as judged right before the write
	entry     *Entry      // nil until the journal has begun
	sent      bool        // something was sent to the cluster to be stored
	looks     int         // how often a dependent was still there
	result    backup.Result
}

// Run carries out a plan that was shown and confirmed. Right before the write all
// evidence is collected and judged again, and a plan with another digest is not
// carried out. The result says how it ended, also beside an error; it ends
// "waiting", without an error, when the time was up. Errors are a *GateError
// (ErrRefused, ErrUndecided), ErrNotConfirmed, a *PlanChangedError,
// ErrNotWritable, the context's when interrupted, or those of the cluster.
func (e *Executor) Run(ctx context.Context, plan backup.Plan, req Request) (backup.Result, error) {
	r := &run{Executor: e, confirmed: plan, req: req, plan: plan}
	r.result = backup.Result{APIVersion: backup.APIVersion, Kind: "Result", Plan: plan, Ended: stateFailed}
	err := Refusal(plan)
	if err == nil {
		err = req.Confirm.Confirms(plan)
	}
	if err == nil {
		err = r.perform(ctx)
	}
	return r.finish(ctx, err)
}

// perform prepares and takes the steps. What changed under them is judged again,
// as long as the plan stays the same.
func (r *run) perform(ctx context.Context) error {
	if !writes(r.plan) {
		return r.steps(ctx)
	}
	for attempt := 1; ; attempt++ {
		err := r.prepare(ctx)
		if err == nil && r.result.Ended == endedGone {
			return nil
		}
		if err == nil {
			err = r.steps(ctx)
		}
		if !errors.Is(err, write.ErrChanged) {
			return err
		}
		if attempt == attempts {
			return fmt.Errorf("%s changed %d times while the plan was carried out: %w", r.plan.Target.Human(), attempts, err)
		}
	}
}

// prepare collects and judges again, tries the steps and begins the journal.
func (r *run) prepare(ctx context.Context) error {
	ev, err := r.Recollect(ctx)
	if err != nil {
		if seen := r.look(ctx, r.plan.Target, UntilGone); seen.ended == endedGone && r.until() != "" {
			r.result.Ended = endedGone
			return nil
		}
		return fmt.Errorf("collect again: %w", err)
	}
	plan, changed := r.try(ctx, ev, r.req)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case plan.Digest != r.confirmed.Digest:
		return &PlanChangedError{Was: r.confirmed, Now: plan}
	case changed:
		return fmt.Errorf("dry run: %w", write.ErrChanged)
	}
	if err := Refusal(plan); err != nil {
		return err
	}
	r.ev, r.plan, r.result.Plan = ev, plan, plan
	return r.begin()
}

func (r *run) begin() error {
	if r.entry != nil {
		return nil
	}
	plan, ev := r.redacted()
	entry, err := r.Journal.Begin(plan, ev, r.Redact(r.ev.Raw))
	if err != nil {
		return err
	}
	r.entry, r.result.JournalID = entry, entry.ID()
	return nil
}

// redacted are plan and evidence as the journal keeps them: the manifests of new
// objects may hold what must not be written to a file.
func (r *run) redacted() (backup.Plan, backup.Evidence) {
	plan, ev := r.plan, r.ev
	plan.Steps = slices.Clone(plan.Steps)
	for i, step := range plan.Steps {
		if step.Object != nil {
			plan.Steps[i].Object = r.Redact(step.Object)
		}
	}
	if ev.Preflight != nil && ev.Preflight.Manifest != nil {
		preflight := *ev.Preflight
		preflight.Manifest = r.Redact(preflight.Manifest)
		ev.Preflight = &preflight
	}
	return plan, ev
}

// finish says how it ended and closes the journal. After a failure it looks at
// what really is, since an answer that was lost may have been a yes.
func (r *run) finish(ctx context.Context, err error) (backup.Result, error) {
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastLook)
	defer cancel()
	interrupted := err != nil && ctx.Err() != nil
	if err != nil && r.sent {
		err = errors.Join(err, r.lookAgain(after, interrupted))
	}
	if err == nil {
		r.afterwards(ctx)
	}
	if interrupted {
		r.result.Ended = stateInterrupted
	}
	if r.entry != nil {
		err = errors.Join(err, r.entry.End(r.result))
	}
	return r.result, err
}

// lookAgain tells what became of a plan that stopped after something was sent.
func (r *run) lookAgain(ctx context.Context, interrupted bool) error {
	seen := sight{text: "the plan waits for no end"}
	if r.until() != "" {
		seen = r.look(ctx, r.plan.Target, r.until())
	}
	r.result.Holds = seen.holds
	if seen.ended != "" {
		r.result.Ended = seen.ended
	}
	if !interrupted {
		return nil
	}
	last := r.result.Outcomes[len(r.result.Outcomes)-1].Step
	return r.note(last, stateInterrupted, "looked after the interruption: "+seen.text)
}

// until is the end that the plan waits for; empty where it waits for none.
func (r *run) until() string {
	for _, step := range r.plan.Steps {
		if step.Kind == backup.StepWait {
			return step.Until
		}
	}
	return ""
}
