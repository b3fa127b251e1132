package finalizer

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// The reasons for which nothing was done, to be tested with errors.Is.
var (
	// ErrRefused: a condition of the gate does not hold, or a risk is not accepted.
	ErrRefused = errors.New("the plan is refused")
	// ErrUndecided: the plan is refused only because something is not known.
	ErrUndecided = errors.New("the plan cannot be decided")
	// ErrNotConfirmed: nobody confirmed this very plan.
	ErrNotConfirmed = errors.New("the plan is not confirmed")
	// ErrPlanChanged: what was shown is no longer what would be done.
	ErrPlanChanged = errors.New("the plan has changed since it was shown")
	// ErrNotWritable: the journal cannot be written, so nothing is done.
	ErrNotWritable = errors.New("the journal cannot be written")
	// ErrNoEntry: the journal has no entry of that name.
	ErrNoEntry = errors.New("no such entry in the journal")
)

// GateError says why the gate does not open for a plan. It is ErrRefused or
// ErrUndecided to errors.Is.
type GateError struct {
	Plan backup.Plan
	kind error
}

// Error lists each condition that stands in the way.
func (e *GateError) Error() string {
	return fmt.Sprintf("%s %s: %s: %s", e.Plan.Way, e.Plan.Target.Human(), e.kind, strings.Join(Obstacles(e.Plan.Gate), "; "))
}

// Unwrap returns ErrRefused or ErrUndecided.
func (e *GateError) Unwrap() error { return e.kind }

// Refusal returns nil for a plan that is allowed, else a *GateError. A plan that
// lacks nothing but the acceptance of storage-unknown is undecided: had the
// place been seen, it might be open.
func Refusal(plan backup.Plan) error {
	switch plan.Decision {
	case backup.DecisionAllowed:
		return nil
	case backup.DecisionUndecided:
		return &GateError{Plan: plan, kind: ErrUndecided}
	case backup.DecisionRisk:
		if onlyUnknown(plan.Needs) {
			return &GateError{Plan: plan, kind: ErrUndecided}
		}
	}
	return &GateError{Plan: plan, kind: ErrRefused}
}

func onlyUnknown(needs []backup.Risk) bool {
	for _, risk := range needs {
		if risk != backup.RiskStorageUnknown {
			return false
		}
	}
	return len(needs) > 0
}

// PlanChangedError carries the plan that was confirmed and the one that the
// evidence gives now. It is ErrPlanChanged to errors.Is.
type PlanChangedError struct {
	Was, Now backup.Plan
}

// Error names both digests.
func (e *PlanChangedError) Error() string {
	return fmt.Sprintf("%s: %s (was %s, is %s)", e.Was.Target.Human(), ErrPlanChanged, e.Was.Digest, e.Now.Digest)
}

// Unwrap returns ErrPlanChanged.
func (e *PlanChangedError) Unwrap() error { return ErrPlanChanged }

type notConfirmedError struct{ why string }

func (e *notConfirmedError) Error() string { return ErrNotConfirmed.Error() + ": " + e.why }
func (e *notConfirmedError) Unwrap() error { return ErrNotConfirmed }
