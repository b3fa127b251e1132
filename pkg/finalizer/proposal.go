package finalizer

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Proposal is what a verb wants to write that is no way out of a blocked
// deletion: an object to be made, a field to be changed, a backup to be deleted.
type Proposal struct {
	Target backup.Ref
	System string
	// Way is the verb in one word: "create", "pause", "delete".
	Way    string
	Effect backup.Effect
	Steps  []backup.Step
	// Finalizers are those on the target, so that a confirmation binds them.
	Finalizers []string
	// Gate are the conditions as the verb judged them. That the server takes each
	// step is a condition of every proposal and is added here.
	Gate []backup.GateResult
	// Storage is what it was judged on, and Erases what would be destroyed.
	Storage []backup.StorageVerdict
	Erases  []backup.Contents
	// Orphans says what nothing points at any more afterwards.
	Orphans string
}

// Propose makes the plan of a proposal and decides whether it may be carried out.
// Like [Judge] it is pure and never fails.
func Propose(ev backup.Evidence, p Proposal, req Request) backup.Plan {
	plan := backup.Plan{
		APIVersion: backup.APIVersion, Kind: "Plan", At: ev.At, Cluster: ev.Cluster,
		Target: p.Target, System: p.System, Deleted: ev.Object.Deleted,
		Way: p.Way, Effect: p.Effect, Finalizers: p.Finalizers, Steps: p.Steps, Gate: slices.Clone(p.Gate),
		Storage: p.Storage, Erases: p.Erases, Orphans: p.Orphans,
	}
	if len(p.Steps) > 0 {
		tried := dryRun(&judging{ev: &ev, req: req, steps: p.Steps})
		tried.Condition = CondDryRun
		plan.Gate = append(plan.Gate, tried)
	}
	for i, row := range plan.Gate {
		plan.Gate[i].Accepted = row.State == backup.GateRisk && contains(req.Accept, row.Risk)
	}
	plan.Decision, plan.Needs, plan.Accepted = decide(plan.Gate)
	plan.Digest = Digest(plan)
	return plan
}
