package finalizer

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// WayCancel is the way of a plan by [JudgeCancel].
const WayCancel = "cancel"

// The conditions of stopping a run.
const (
	CondStoppable = "stoppable"
	CondWorksStop = "works-stop"
)

// JudgeCancel makes the plan to stop a run, and decides whether it may be carried
// out. What it does can be begun anew, so that nobody has to confirm it.
func JudgeCancel(ev backup.Evidence, req Request) backup.Plan {
	if ev.Cancellation == nil {
		ev.Cancellation = &backup.Cancellation{WhyNot: "nobody looked how it is stopped"}
	}
	c, steps, leaves := ev.Cancellation, cancelSteps(ev), ""
	if len(steps) > 0 {
		leaves = strings.Join(c.Leaves, "; ")
	}
	return Propose(ev, Proposal{
		Target: ev.Object.Ref, System: ev.Object.System, Way: WayCancel, Effect: backup.EffectChanges,
		Steps: steps, Gate: []backup.GateResult{stoppable(ev), worksStop(c)}, Orphans: leaves,
	}, req)
}

// stoppable: the profile says how it is stopped in this state.
func stoppable(ev backup.Evidence) backup.GateResult {
	c := ev.Cancellation
	result := pass("the profile " + c.Profile + " supports it")
	switch {
	case ev.Object.Deleting() || ev.Object.Phase == backup.PhaseDeleting:
		result = refuse("it is being deleted")
	case c.Applies == backup.No:
		result = refuse(c.WhyNot)
	case c.Applies != backup.Yes:
		result = unknown(orElse(c.WhyNot, "whether it can be stopped is not known"))
	case !c.Trusted:
		result = refuse(fmt.Sprintf("the profile %s is not trusted for it; --trust-profile=%s would", c.Profile, c.Profile))
	case c.ByWorks && len(c.Works) == 0:
		result = refuse(orElse(c.WhyNot, "nothing of it runs that can be stopped"))
	}
	result.Condition = CondStoppable
	return result
}

// worksStop: what works for the run can be told to stop. It is no use to wait for
// those that cannot, but worth knowing.
func worksStop(c *backup.Cancellation) backup.GateResult {
	var deaf []string
	lookup, can := backup.Found, 0
	for _, w := range c.Works {
		if len(w.Set) > 0 {
			can++
			continue
		}
		deaf = append(deaf, w.Ref.String()+": "+w.WhyNot)
		if w.Lookup != backup.Found {
			lookup = w.Lookup
		}
	}
	result := pass("each of its works can be told to stop")
	switch {
	case !c.ByWorks:
		result = pass("it is told itself")
	case len(deaf) > 0 && can > 0:
		result = warning("these go on: " + fewOf(deaf))
	case len(deaf) > 0 && !lookup.Known():
		result = unknown("what of it runs is not known: " + fewOf(deaf))
	case len(deaf) > 0:
		result = refuse("none of what works for it can be told to stop: " + fewOf(deaf))
	}
	result.Condition = CondWorksStop
	return result
}

// cancelSteps tell the object or its works to stop.
func cancelSteps(ev backup.Evidence) []backup.Step {
	c, object := ev.Cancellation, ev.Object
	switch {
	case object.Ref.UID == "" || c.Applies != backup.Yes:
		return nil
	case c.Delete:
		return []backup.Step{{
			Kind: backup.StepDelete, Target: object.Ref, Effect: backup.EffectChanges, Does: c.Does,
			UID: object.Ref.UID, ResourceVersion: ev.ResourceVersion, Undo: "make it again; the journal has the object",
		}}
	case len(c.Set) > 0:
		return []backup.Step{{
			Kind: backup.StepPatch, Target: object.Ref, Effect: backup.EffectChanges, Does: c.Does,
			Patch: SetPatch(object.Ref.UID, ev.ResourceVersion, c.Set), Undo: "none: what was stopped begins anew or not at all",
		}}
	}
	var steps []backup.Step
	for _, w := range c.Works {
		if len(w.Set) == 0 || w.Ref.UID == "" {
			continue
		}
		steps = append(steps, backup.Step{
			Kind: backup.StepPatch, Target: w.Ref, Effect: backup.EffectChanges, Does: "tell it to stop",
			// Its progress changes it every few seconds, and that it is to stop holds for each state.
			Patch: withoutVersion(SetPatch(w.Ref.UID, "", w.Set)), Undo: "none: what was stopped begins anew or not at all",
		})
	}
	return steps
}
