package finalizer

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Judge makes the plan that a request asks for and decides whether it may be
// carried out. It never fails: what stands in the way is in the plan's gate.
func Judge(ev backup.Evidence, req Request) backup.Plan {
	j := newJudging(&ev, req)
	j.choose()
	gate := j.judgeRows(table())
	if unnamed := j.wayNamed(); unnamed != nil {
		gate = append(gate, *unnamed)
	}
	return j.plan(gate)
}

// plan puts the judged way and its gate together.
func (j *judging) plan(gate []backup.GateResult) backup.Plan {
	object := j.ev.Object
	plan := backup.Plan{
		APIVersion: backup.APIVersion, Kind: "Plan", At: j.ev.At, Cluster: j.ev.Cluster,
		Target: object.Ref, System: object.System, Deleted: object.Deleted,
		Way: j.way.Name, Effect: j.way.Effect, Steps: j.steps, Gate: gate, Orphans: j.way.Orphans,
	}
	for _, f := range object.Finalizers {
		if !f.Hold {
			plan.Finalizers = append(plan.Finalizers, f.Name)
		}
	}
	if j.finalizer != nil && !j.finalizer.Hold {
		plan.Finalizer = j.finalizer.Name
	}
	for _, p := range j.places {
		plan.Storage = append(plan.Storage, p.verdict)
		if j.way.Effect == backup.EffectErases && p.verdict.Class.HoldsData() && p.counted() {
			plan.Erases = append(plan.Erases, *p.contents)
		}
	}
	plan.Decision, plan.Needs, plan.Accepted = decide(gate)
	plan.Digest = Digest(plan)
	return plan
}

// decide folds the rows: a refusal outweighs what is unknown, and that a risk.
func decide(gate []backup.GateResult) (decision backup.Decision, needs, accepted []backup.Risk) {
	decision = backup.DecisionAllowed
	refused, unknown := false, false
	for _, row := range gate {
		switch {
		case row.State == backup.GateRefuse:
			refused = true
		case row.State == backup.GateUnknown:
			unknown = true
		case row.State == backup.GateRisk && row.Accepted:
			accepted = appendOnce(accepted, row.Risk)
		case row.State == backup.GateRisk:
			needs = appendOnce(needs, row.Risk)
		}
	}
	switch {
	case refused:
		decision = backup.DecisionRefused
	case unknown:
		decision = backup.DecisionUndecided
	case len(needs) > 0:
		decision = backup.DecisionRisk
	}
	return decision, needs, accepted
}

// Obstacles says in words what of a gate stands in the way.
func Obstacles(gate []backup.GateResult) []string {
	var out []string
	for _, row := range gate {
		switch {
		case row.State == backup.GateRefuse || row.State == backup.GateUnknown:
			out = append(out, row.Because)
		case row.State == backup.GateRisk && !row.Accepted:
			out = append(out, row.Because+" (risk "+string(row.Risk)+")")
		}
	}
	return out
}

func appendOnce[T comparable](list []T, value T) []T {
	if contains(list, value) {
		return list
	}
	return append(list, value)
}

func contains[T comparable](list []T, value T) bool { return slices.Contains(list, value) }
