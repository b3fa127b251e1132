package finalizer

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// WayDelete is the way of a plan by [JudgeDeletion].
const WayDelete = "delete"

// The conditions of a deletion that the table of the ways out does not have.
const (
	CondDeletable      = "deletable"
	CondNotNeeded      = "not-needed"
	CondLastRestorable = "last-restorable"
	CondGoesAlong      = "goes-along"
	CondOwnerAlive     = "owner-alive"
)

// JudgeDeletion makes the plan to delete an object by its system's own way, and
// decides whether it may be carried out. What of it erases goes through the same
// rows as a way out that erases.
func JudgeDeletion(ev backup.Evidence, req Request) backup.Plan {
	if ev.Removal == nil {
		ev.Removal = &backup.Removal{Deletion: backup.Deletion{WhyNot: "nobody looked how it is deleted"}}
	}
	j := newJudging(&ev, req)
	j.way = backup.Way{Name: WayDelete, Effect: j.deletionEffect()}
	j.steps = j.deletionSteps()
	proposal := Proposal{
		Target: ev.Object.Ref, System: ev.Object.System, Way: WayDelete, Effect: j.way.Effect, Steps: j.steps,
		Finalizers: finalizerNames(ev.Object), Gate: j.judgeDeletion(),
	}
	for _, p := range j.places {
		if p.location.Provider == "" || ev.Object.Role != backup.RoleBackup {
			continue
		}
		proposal.Storage = append(proposal.Storage, p.verdict)
		if j.erasing() && p.verdict.Class.HoldsData() && p.counted() {
			proposal.Erases = append(proposal.Erases, *p.contents)
		}
	}
	return Propose(ev, proposal, req)
}

func finalizerNames(object backup.Object) []string {
	var out []string
	for _, f := range object.Finalizers {
		if !f.Hold {
			out = append(out, f.Name)
		}
	}
	return out
}

// deletionEffect is what the deletion costs: with the object go the data of those
// that it takes along.
func (j *judging) deletionEffect() backup.Effect {
	r := j.ev.Removal
	switch {
	case j.keeps():
		return backup.EffectDeletes
	case r.Effect == backup.EffectDeletes && len(j.losing()) == 0:
		return backup.EffectDeletes
	}
	return backup.EffectErases
}

// erasing tells whether the object's own places are emptied.
func (j *judging) erasing() bool {
	return !j.keeps() && j.ev.Removal.Effect != backup.EffectDeletes
}

// keeps tells whether the data is to stay that a plain deletion would not keep.
func (j *judging) keeps() bool { return j.req.KeepData && j.ev.Removal.Keep.Special }

// losing are the kin that go along with data of their own, or of which that is not known.
func (j *judging) losing() []backup.Kin {
	var out []backup.Kin
	for _, kin := range j.ev.Removal.Kin {
		if kin.Fate == backup.FateGoes && kin.Ref.Kind == "Backup" && kin.Retention != backup.Keeps {
			out = append(out, kin)
		}
	}
	return out
}

// deletionSteps are the steps of the deletion; none where there is no way.
func (j *judging) deletionSteps() []backup.Step {
	r, object := j.ev.Removal, j.ev.Object
	if object.Ref.UID == "" || r.Profile == "" {
		return nil
	}
	var steps []backup.Step
	switch {
	case j.keeps():
		steps = j.keepingSteps()
	case r.Create != nil:
		steps = append(steps, backup.Step{
			Kind: backup.StepCreate, Target: r.Create.Ref, Effect: backup.EffectErases, Object: r.Create.Object,
			Does: r.Does, Undo: "none: what is erased is gone",
		})
	default:
		steps = append(steps, backup.Step{
			Kind: backup.StepDelete, Target: object.Ref, Effect: j.way.Effect, Does: r.Does,
			UID: object.Ref.UID, ResourceVersion: j.ev.ResourceVersion, Undo: j.deletionUndo(),
		})
	}
	if j.req.NoWait {
		return steps
	}
	return append(steps, backup.Step{
		Kind: backup.StepWait, Target: object.Ref, Effect: backup.EffectWaits, Until: UntilGone,
		Does: "wait until " + object.Ref.Human() + " is gone", Undo: "nothing to undo",
	})
}

func (j *judging) deletionUndo() string {
	if j.way.Effect == backup.EffectErases {
		return "none: what is erased is gone"
	}
	return "none; the journal has the object"
}

// keepingSteps delete the object so that its data stays. Between the steps the
// object changes, so that only its UID is a precondition of the later ones.
func (j *judging) keepingSteps() []backup.Step {
	keep, object := j.ev.Removal.Keep, j.ev.Object
	var steps []backup.Step
	if len(keep.Set) > 0 {
		set := j.setStep(backup.Way{Effect: backup.EffectChanges, Set: keep.Set})
		set.Does = keep.Does
		steps = append(steps, set)
	}
	gone := backup.Step{
		Kind: backup.StepDelete, Target: object.Ref, Effect: backup.EffectDeletes, UID: object.Ref.UID, Orphan: keep.Orphan,
		Does: "delete the object", Undo: "none; the journal has the object",
	}
	if keep.Orphan {
		gone.ResourceVersion, gone.Does = j.ev.ResourceVersion, "delete the object; "+keep.Does
	}
	steps = append(steps, gone)
	for _, f := range object.Finalizers {
		if keep.Strip == f.Name && f.Index >= 0 {
			steps = append(steps, backup.Step{
				Kind: backup.StepPatch, Target: object.Ref, Effect: backup.EffectStrips,
				Does: "remove the finalizer " + f.Name + " and nothing else", Undo: "none: no finalizer can be added to an object that is being deleted",
				Patch: withoutVersion(StripPatch(object.Ref.UID, "", f)),
			})
		}
	}
	return steps
}

// withoutVersion leaves out the test of the resourceVersion.
func withoutVersion(ops []backup.PatchOp) []backup.PatchOp { return stable(ops) }

// judgeDeletion asks each condition that counts for the deletion.
func (j *judging) judgeDeletion() []backup.GateResult {
	rows := []row{
		{name: CondDeletable, judge: deletable},
		{name: CondNotNeeded, judge: notNeeded},
	}
	if j.erasing() {
		rows = append(rows,
			row{name: CondNoWriter, judge: noWriterLeft},
			row{name: CondDataAccounted, judge: dataElsewhere, perPlace: placeKnown},
			row{name: CondPlaceClear, perPlace: placeClear},
			row{name: CondSamePlace, perPlace: ownRecord},
			row{name: CondPlaceExclusive, perPlace: placeItsOwn},
		)
	}
	if j.ev.Object.Role == backup.RoleBackup {
		rows = append(rows, row{name: CondLastRestorable, judge: lastRestorable})
	}
	rows = append(rows, row{name: CondGoesAlong, judge: goesAlong}, row{name: CondGitOps, judge: gitOps}, row{name: CondOwnerAlive, judge: ownerThere})
	var out []backup.GateResult
	for _, r := range rows {
		for _, result := range r.results(j) {
			result.Condition = r.name
			out = append(out, result)
		}
	}
	for _, text := range j.ev.Removal.Warns {
		out = append(out, backup.GateResult{Condition: CondDeletable, State: backup.GateWarning, Because: text})
	}
	return out
}

// deletable: the object is there, nobody deletes it already, and its profile
// says how it is deleted in this state.
func deletable(j *judging) backup.GateResult {
	r, object := j.ev.Removal, j.ev.Object
	applies, whyNot := r.Applies, r.WhyNot
	if j.keeps() {
		applies, whyNot = r.Keep.Applies, r.Keep.WhyNot
	}
	switch {
	case object.Deleting() || object.Phase == backup.PhaseDeleting:
		return refuse(fmt.Sprintf("it is being deleted already; 'kubectl backup diagnose %s' says what it waits for", object.Ref))
	case r.Profile == "" && r.Applies == backup.No:
		return refuse(r.WhyNot)
	case r.Profile == "":
		return unknown(orElse(r.WhyNot, "no profile says how it is deleted"))
	case !r.Trusted:
		return refuse(fmt.Sprintf("the profile %s is not trusted for it; --trust-profile=%s would", r.Profile, r.Profile))
	case applies == backup.No:
		return refuse(whyNot)
	case applies != backup.Yes:
		return unknown(orElse(whyNot, "whether it can be deleted is not known"))
	case object.Ref.UID == "" || j.ev.ResourceVersion == "":
		return unknown("uid and resourceVersion of the object are not known")
	}
	return j.requestTakenUp()
}

// requestTakenUp: a request to its system needs what that works with.
func (j *judging) requestTakenUp() backup.GateResult {
	r := j.ev.Removal
	if r.Create == nil {
		return pass("the profile " + r.Profile + " supports it")
	}
	for _, need := range j.ev.Object.Needs {
		switch {
		case need.Lookup == backup.Absent:
			return refuse(fmt.Sprintf("%s does not exist, and without it nobody takes up a %s (%s)", need.Ref.Human(), r.Create.Ref.Kind, need.Why))
		case need.Lookup != backup.Found:
			return unknown(need.Ref.Human() + " could not be read" + because(need.Error))
		}
	}
	return pass("the profile " + r.Profile + " supports it")
}
