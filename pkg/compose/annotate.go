package compose

import (
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Annotate is the step that sets one annotation of an object and leaves the others
// as they are.
func Annotate(ref backup.Ref, object map[string]any, key, value string) backup.Step {
	step := backup.Step{
		Kind: backup.StepPatch, Target: ref, Effect: backup.EffectChanges, Does: "set the annotation " + key,
		Patch: []backup.PatchOp{{Op: "test", Path: "/metadata/uid", Value: ref.UID}}, Undo: "remove the annotation",
	}
	if annotations, _ := Get(object, "metadata.annotations").(map[string]any); annotations == nil {
		step.Patch = append(step.Patch, backup.PatchOp{Op: "add", Path: "/metadata/annotations", Value: map[string]any{key: value}})
		return step
	}
	path := "/metadata/annotations/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
	step.Patch = append(step.Patch, backup.PatchOp{Op: "add", Path: path, Value: value})
	return step
}
