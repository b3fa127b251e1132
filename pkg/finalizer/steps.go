package finalizer

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// UntilGone is the end of a wait for an object that nothing else tells apart.
const UntilGone = "gone"

// UntilAbsent begins the end of a wait that is also reached when the finalizer
// that follows is no longer on the object.
const UntilAbsent = "finalizer-absent:"

// stepsOf are the steps of a way of the profile; of another way there are none.
func (j *judging) stepsOf(way backup.Way) []backup.Step {
	wait := j.waitStep()
	known := j.finalizer != nil && j.finalizer.Way(way.Name) != nil
	switch {
	case way.Effect == backup.EffectWaits:
		return []backup.Step{wait}
	case !known:
		return []backup.Step{}
	case way.Effect == backup.EffectStrips && j.finalizer.Hold:
		return []backup.Step{j.forgetStep(), wait}
	case way.Effect == backup.EffectStrips:
		return []backup.Step{j.stripStep(), wait}
	case way.Effect == backup.EffectErases && way.Create != nil:
		return []backup.Step{j.createStep(*way.Create), wait}
	case way.Effect == backup.EffectErases && way.DeleteJob != "":
		if work := j.work(way.DeleteJob); work != nil {
			return []backup.Step{j.deleteStep(*work), wait}
		}
	case len(way.Set) > 0:
		return []backup.Step{j.setStep(way), wait}
	}
	return []backup.Step{}
}

func (j *judging) waitStep() backup.Step {
	step := backup.Step{
		Kind: backup.StepWait, Target: j.ev.Object.Ref, Effect: backup.EffectWaits, Until: UntilGone,
		Does: "wait until " + j.ev.Object.Ref.Human() + " is gone", Undo: "nothing to undo",
	}
	if j.finalizer != nil && !j.finalizer.Hold {
		step.Until = UntilAbsent + j.finalizer.Name
		step.Does += " or no longer held by " + j.finalizer.Name
	}
	return step
}

func (j *judging) stripStep() backup.Step {
	return backup.Step{
		Kind: backup.StepPatch, Target: j.ev.Object.Ref, Effect: backup.EffectStrips,
		Does:  "remove the finalizer " + j.finalizer.Name + " and nothing else",
		Patch: StripPatch(j.ev.Object.Ref.UID, j.ev.ResourceVersion, *j.finalizer),
		Undo:  "none: no finalizer can be added to an object that is being deleted; creating the object again from the journal starts a new run",
	}
}

func (j *judging) setStep(way backup.Way) backup.Step {
	fields := make([]string, 0, len(way.Set))
	for _, f := range way.Set {
		fields = append(fields, fmt.Sprintf("%s to %v", f.Path, f.Value))
	}
	return backup.Step{
		Kind: backup.StepPatch, Target: j.ev.Object.Ref, Effect: way.Effect,
		Does:  "set " + strings.Join(fields, ", "),
		Patch: SetPatch(j.ev.Object.Ref.UID, j.ev.ResourceVersion, way.Set),
		Undo:  "set the fields back while the object is there; the journal has their values",
	}
}

func (j *judging) deleteStep(w backup.Work) backup.Step {
	return backup.Step{
		Kind: backup.StepDelete, Target: w.Ref, Effect: backup.EffectErases,
		Does: "delete " + w.Ref.Human() + ", so that the owner makes it again",
		UID:  w.Ref.UID, ResourceVersion: w.ResourceVersion,
		Undo: "none: the owner makes the Job again, and what it erases is gone",
	}
}

// forgetStep deletes the object itself, which nothing holds but its phase.
func (j *judging) forgetStep() backup.Step {
	return backup.Step{
		Kind: backup.StepDelete, Target: j.ev.Object.Ref, Effect: backup.EffectStrips,
		Does: "delete the object and nothing else",
		UID:  j.ev.Object.Ref.UID, ResourceVersion: j.ev.ResourceVersion,
		Undo: "none; the journal has the object",
	}
}

func (j *judging) createStep(wanted backup.NewObject) backup.Step {
	return backup.Step{
		Kind: backup.StepCreate, Target: wanted.Ref, Effect: backup.EffectErases, Object: wanted.Object,
		Does: "make a " + wanted.Ref.Kind + ", so that the owner cleans up again",
		Undo: "none: what the owner erases is gone",
	}
}

func (j *judging) work(role backup.WorkRole) *backup.Work {
	for i := range j.ev.Object.Works {
		if j.ev.Object.Works[i].Role == role {
			return &j.ev.Object.Works[i]
		}
	}
	return nil
}

// stepsPossible: each step of the way can be taken with its guards.
func (j *judging) stepsPossible() backup.GateResult {
	way := j.way
	for _, f := range way.Set {
		if way.Effect != backup.EffectStrips && !settable(f.Path) {
			return refuse("the profile wants to set " + f.Path + ", which is neither of the spec nor a label or annotation")
		}
	}
	if way.Effect == backup.EffectErases && way.DeleteJob != "" {
		return j.jobDeletable(way)
	}
	switch {
	case len(j.steps) == 0:
		return refuse("the profile says no step for the way " + way.Name)
	case j.ev.Object.Ref.UID == "" || j.ev.ResourceVersion == "":
		return unknown("uid and resourceVersion of the object are not known")
	}
	return pass("the profile " + j.finalizer.Profile + " supports it")
}

func (j *judging) jobDeletable(way backup.Way) backup.GateResult {
	work := j.work(way.DeleteJob)
	switch {
	case work == nil || work.Lookup == backup.Absent:
		return refuse("there is no Job to delete: the owner makes it when it can")
	case work.Lookup != backup.Found || work.Ref.UID == "" || work.ResourceVersion == "":
		return unknown(work.Ref.Human() + " could not be read")
	}
	return pass("the profile " + j.finalizer.Profile + " supports it")
}

// settable tells whether a way may set the field at a JSON pointer. Everything
// else of metadata, finalizers above all, is out of reach for a profile.
func settable(path string) bool {
	for _, prefix := range []string{"/spec/", "/metadata/labels/", "/metadata/annotations/"} {
		if strings.HasPrefix(path, prefix) && len(path) > len(prefix) {
			return true
		}
	}
	return false
}
