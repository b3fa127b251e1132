package finalizer

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// Request is what a person asks for, and what was found out for it.
type Request struct {
	// Via names the way out; empty chooses the one that costs least.
	Via string
	// Finalizer names the finalizer; empty is the only one that is not Kubernetes' own.
	Finalizer string
	// Accept are the risks that the person accepts by name.
	Accept []backup.Risk
	// KeepData asks of a deletion that the data stays; NoWait that its end is not
	// waited for. Beside are the other objects that are deleted with this one.
	KeepData, NoWait bool
	Beside           []backup.Ref
	// Contents counts the places, aligned with the object's locations; empty
	// takes those of the evidence.
	Contents []backup.Contents
	// DryRun has the answer of the server to each writing step, by the step's index.
	DryRun map[int]DryRun
	// PlanOnly asks for a plan to look at: no step is tried on the server, and
	// that does not stand in the way. The executor does not heed it.
	PlanOnly bool
	// Confirm is what the person answered to the plan. The gate does not look at
	// it; the executor writes nothing without it.
	Confirm Confirmation
}

// DryRun is how a step with dryRun=All ended. The zero value is not run yet.
type DryRun struct {
	Passed backup.Answer
	Why    string // the server's words where it did not pass
	// Later tells that the step cannot be tried: it is in a namespace that an earlier one makes.
	Later bool
}

// Confirmation is the answer to a plan that was shown: on a terminal the name of
// the object and each path that the gate asks to have typed back, elsewhere the
// digest of the plan.
type Confirmation struct {
	Name   string
	Paths  []string
	Digest string
}

// Confirms returns nil where the answer confirms this very plan, else an error
// that wraps ErrNotConfirmed. A plan that takes nothing away needs no answer.
func (c Confirmation) Confirms(plan backup.Plan) error {
	switch {
	case !writes(plan) || plan.Effect.Gentle():
		return nil
	case plan.Digest == "":
		return &notConfirmedError{"the plan has no digest"}
	case c.Digest == plan.Digest:
		return nil
	case c.Digest != "":
		return &notConfirmedError{"the digest " + c.Digest + " is not that of the plan, " + plan.Digest}
	case c.Name == "":
		return &notConfirmedError{"neither was its object's name typed on a terminal nor its digest given"}
	case c.Name != plan.Target.Name:
		return &notConfirmedError{"the name of the object was not typed"}
	}
	for _, path := range TypeBack(plan) {
		if !contains(c.Paths, path) {
			return &notConfirmedError{"the path " + path + " was not typed"}
		}
	}
	return nil
}

// TypeBack lists the paths that have to be typed to confirm a plan on a terminal.
func TypeBack(plan backup.Plan) []string {
	var paths []string
	for _, row := range plan.Gate {
		if row.TypeBack != "" && !contains(paths, row.TypeBack) {
			paths = append(paths, row.TypeBack)
		}
	}
	return paths
}

// writes tells whether the plan changes anything in the cluster.
func writes(plan backup.Plan) bool {
	for _, step := range plan.Steps {
		if step.Kind != backup.StepWait {
			return true
		}
	}
	return false
}
