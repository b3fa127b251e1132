package finalizer

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

// attempts is how often a plan is judged again because its object changed
// between the look at it and the write.
const attempts = 3

// Writer is what the executor needs of pkg/cluster/write.
type Writer interface {
	Patch(ctx context.Context, ref backup.Ref, ops []backup.PatchOp, dryRun bool) (map[string]any, error)
	Delete(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error
	Orphan(ctx context.Context, ref backup.Ref, uid, resourceVersion string, dryRun bool) error
	Create(ctx context.Context, ref backup.Ref, object map[string]any, dryRun bool) (map[string]any, error)
}

// Executor carries out plans. Every field is needed, but for Hopeless
// and Observe.
type Executor struct {
	Writer Writer
	// Judge makes the plan of evidence and request, without any I/O; nil is [Judge],
	// the ways out of a blocked deletion.
	Judge func(ev backup.Evidence, req Request) backup.Plan
	// Read reads one object; the error wraps write.ErrGone only where the API
	// server itself says that there is none.
	Read func(ctx context.Context, ref backup.Ref) (map[string]any, error)
	// Recollect collects all evidence about the target again.
	Recollect func(ctx context.Context) (backup.Evidence, error)
	// Redact takes out of an object what must not be written to a file.
	Redact  func(object map[string]any) map[string]any
	Journal *Journal
	Now     func() time.Time
	// Sleep waits, or returns the context's error.
	Sleep func(ctx context.Context, d time.Duration) error
	// Timeout is how long to wait for the end; Interval is the pause between two looks.
	Timeout, Interval time.Duration
	// Hopeless says why a wait has no use any more, or is empty; nil always hopes.
	Hopeless func(ctx context.Context) string
	// Observe is told how each step goes. Besides the states of an outcome it
	// gets "waiting" whenever what holds the object changed.
	Observe func(backup.Outcome)
}

// Check judges the evidence, has the server try each writing step with
// dryRun=All, and returns the plan to be shown with the evidence behind it. When
// the object changed since it was read, the evidence is collected again. A plan
// that is refused anyway is not tried. The error is that of the collecting.
func (e *Executor) Check(ctx context.Context, ev backup.Evidence, req Request) (backup.Plan, backup.Evidence, error) {
	for attempt := 1; ; attempt++ {
		plan, changed := e.try(ctx, ev, req)
		if !changed || attempt == attempts {
			return plan, ev, ctx.Err()
		}
		var err error
		if ev, err = e.Recollect(ctx); err != nil {
			return plan, ev, fmt.Errorf("collect again: %w", err)
		}
	}
}

// try judges with a dry run and tells whether that found the object changed.
func (e *Executor) try(ctx context.Context, ev backup.Evidence, req Request) (plan backup.Plan, changed bool) {
	req.DryRun, req.PlanOnly = nil, false
	plan = e.judge(ev, req)
	if plan.Decision == backup.DecisionRefused || !writes(plan) {
		plan.Gate = slices.DeleteFunc(plan.Gate, untried)
		return plan, false
	}
	req.DryRun = map[int]DryRun{}
	for i, step := range plan.Steps {
		switch {
		case step.Kind == backup.StepWait:
			continue
		case step.Kind == backup.StepCreate && inNew(plan.Steps[:i], step.Target.Namespace):
			req.DryRun[i] = DryRun{Passed: backup.Yes, Later: true}
			continue
		}
		err := e.write(ctx, step, true)
		changed = changed || errors.Is(err, write.ErrChanged) || errors.Is(err, write.ErrGone)
		req.DryRun[i] = dryRunOf(err)
	}
	return e.judge(ev, req), changed
}

func (e *Executor) judge(ev backup.Evidence, req Request) backup.Plan {
	if e.Judge == nil {
		return Judge(ev, req)
	}
	return e.Judge(ev, req)
}

// inNew tells whether one of the steps makes the namespace: nothing can be tried in
// it before it is there.
func inNew(steps []backup.Step, namespace string) bool {
	return namespace != "" && slices.ContainsFunc(steps, func(step backup.Step) bool {
		return step.Kind == backup.StepCreate && step.Target.GroupResource() == "namespaces" && step.Target.Name == namespace
	})
}

// untried is the row of a dry run that nobody made, since the plan is refused
// whatever it would say.
func untried(row backup.GateResult) bool {
	return row.Condition == CondDryRun && row.State == backup.GateUnknown
}

// dryRunOf tells a server that said no from one that gave no answer to trust.
func dryRunOf(err error) DryRun {
	var status apierrors.APIStatus
	switch {
	case err == nil:
		return DryRun{Passed: backup.Yes}
	case errors.Is(err, write.ErrChanged), errors.Is(err, write.ErrGone):
		return DryRun{Why: err.Error()}
	case write.MissingRule(err) != "":
		return DryRun{Passed: backup.No, Why: "denied (missing right: " + write.MissingRule(err) + ")"}
	case errors.Is(err, write.ErrRefused), errors.As(err, &status) && isRefusal(int(status.Status().Code)):
		return DryRun{Passed: backup.No, Why: err.Error()}
	}
	return DryRun{Why: err.Error()}
}

func isRefusal(code int) bool {
	return code >= 400 && code < 500 && code != http.StatusRequestTimeout && code != http.StatusTooManyRequests
}

// write sends one step to the cluster.
func (e *Executor) write(ctx context.Context, step backup.Step, dryRun bool) error {
	switch step.Kind {
	case backup.StepPatch:
		_, err := e.Writer.Patch(ctx, step.Target, step.Patch, dryRun)
		return err
	case backup.StepDelete:
		if step.Orphan {
			return e.Writer.Orphan(ctx, step.Target, step.UID, step.ResourceVersion, dryRun)
		}
		return e.Writer.Delete(ctx, step.Target, step.UID, step.ResourceVersion, dryRun)
	case backup.StepCreate:
		_, err := e.Writer.Create(ctx, step.Target, withValues(step), dryRun)
		if errors.Is(err, write.ErrGone) { // its namespace is not there, or its kind
			return fmt.Errorf("%w: %s", write.ErrRefused, err.Error())
		}
		return err
	}
	return fmt.Errorf("%w: no way to carry out a step %s", write.ErrRefused, step.Kind)
}

func (e *Executor) observe(outcome backup.Outcome) {
	if e.Observe != nil {
		e.Observe(outcome)
	}
}

// withValues is the object of a step as it is sent, with the values of a Secret.
func withValues(step backup.Step) map[string]any {
	if len(step.SecretData) == 0 {
		return step.Object
	}
	object := maps.Clone(step.Object)
	object["data"] = step.SecretData // as JSON each value is base64, as a Secret wants it
	return object
}
