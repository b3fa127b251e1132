package compose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// Default is the step that makes a location the default one, or ends that. The
// server writes to each location whenever it validates it, so that the step is
// bound to the object and to this field, and not to its version.
func Default(location backup.Ref, is bool) backup.Step {
	step := backup.Step{
		Kind: backup.StepPatch, Target: location, Effect: backup.EffectChanges,
		Does: location.Human() + " becomes the default", Undo: "'kubectl backup set-default' of the location that was it",
		Patch: []backup.PatchOp{
			{Op: "test", Path: "/metadata/uid", Value: location.UID},
			{Op: "add", Path: "/spec/default", Value: is},
		},
	}
	if !is {
		step.Does, step.Undo = location.Human()+" ceases to be the default", "'kubectl backup set-default "+location.String()+"'"
		step.Patch = append(step.Patch[:1], backup.PatchOp{Op: "test", Path: "/spec/default", Value: true}, step.Patch[1])
	}
	return step
}
