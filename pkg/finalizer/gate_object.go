package finalizer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// deletionAsked: a finalizer that is removed from a living object is put back by
// its owner, and a delete that follows hangs as before.
func deletionAsked(j *judging) backup.GateResult {
	if deleted := j.ev.Object.Deleted; deleted != nil {
		return pass("deletion was asked for at " + deleted.UTC().Format(time.RFC3339))
	}
	if j.asked() {
		return pass("its system is to delete it: its phase is " + j.ev.Object.NativePhase)
	}
	return refuse("the object is not being deleted; nothing is to be freed")
}

// asked tells whether a deletion was asked for, of the API server or of the
// object's system.
func (j *judging) asked() bool {
	return j.ev.Object.Deleting() || j.finalizer != nil && j.finalizer.Hold
}

// explainedOnly are resources whose finalizers guard more than any profile can know.
func explainedOnly(ref backup.Ref) bool {
	switch ref.GroupResource() {
	case "namespaces", "customresourcedefinitions.apiextensions.k8s.io", "volumeattachments.storage.k8s.io":
		return true
	}
	return false
}

// waySupported: the way stands in a trusted profile and works for this object now.
func waySupported(j *judging) backup.GateResult {
	f, way := j.finalizer, j.way
	switch {
	case explainedOnly(j.ev.Object.Ref):
		return refuse("finalizers of " + j.ev.Object.Ref.GroupResource() + " are explained and never taken away: `kubectl backup diagnose " + j.ev.Object.Ref.String() + "` says what it waits for")
	case f == nil:
		return refuse(j.noneWhy)
	case f.Builtin && way.Effect != backup.EffectReleases:
		return refuse(f.Name + " is Kubernetes' own finalizer; it is explained and never taken away")
	case f.Profile == "":
		return refuse("no profile knows the finalizer " + f.Name)
	case f.Way(way.Name) == nil:
		return refuse(fmt.Sprintf("the profile %s knows no way %q for %s", f.Profile, way.Name, f.Name))
	case !f.Trusted:
		return refuse(fmt.Sprintf("the profile %s is not trusted for %s; --trust-profile=%s would", f.Profile, f.Name, f.Profile))
	case way.Applies == backup.No:
		return refuse(orElse(way.WhyNot, "the way "+way.Name+" does not work for this object"))
	case way.Applies != backup.Yes:
		return unknown("whether the way " + way.Name + " works for this object is not known" + because(way.WhyNot))
	}
	if way.Effect == backup.EffectStrips {
		if blocked := j.stillGuarding(); blocked != nil {
			return *blocked
		}
	}
	return j.stepsPossible()
}

// stillGuarding: what the finalizer waits for by its profile is still there, or
// may be; nil where nothing of it is.
func (j *judging) stillGuarding() *backup.GateResult {
	i := slices.IndexFunc(j.ev.Blocking, func(b backup.Blocking) bool { return b.Finalizer == j.finalizer.Name })
	var result backup.GateResult
	switch {
	case i < 0 && len(j.finalizer.Blockers) == 0:
		return nil
	case i < 0:
		result = unknown("nobody looked whether what " + j.finalizer.Name + " waits for is still there")
	case len(j.ev.Blocking[i].Blockers) > 0:
		first := j.ev.Blocking[i].Blockers[0]
		result = refuse(j.finalizer.Name + " waits for " + first.Ref.Human() + ": " + first.Because)
	case j.ev.Blocking[i].Lookup != backup.Found:
		result = unknown("whether what " + j.finalizer.Name + " waits for is still there is not known" + because(strings.Join(j.ev.Blocking[i].Unreadable, "; ")))
	default:
		return nil
	}
	return &result
}

// noDependents: what would be collected with the object is lost with it. Jobs
// and pods that ended hold nothing, and neither does the clean-up.
func noDependents(j *judging) backup.GateResult {
	result := j.dependents()
	if j.way.Effect == backup.EffectErases && result.State != backup.GatePass {
		result.State = backup.GateShown
	}
	return result
}

func (j *judging) dependents() backup.GateResult {
	var lost, unsure []string
	for _, d := range j.ev.Dependents {
		if j.isCleanUp(d.Ref) {
			continue
		}
		switch ends := d.Ref.GroupResource() == "jobs.batch" || d.Ref.GroupResource() == "pods"; {
		case ends && d.Finished == backup.Yes:
		case ends && d.Finished == backup.Unknown:
			unsure = append(unsure, d.Ref.String())
		default:
			lost = append(lost, d.Ref.String())
		}
	}
	switch {
	case len(lost) > 0:
		return refuse("would be deleted with the object: " + strings.Join(lost, ", "))
	case len(unsure) > 0:
		return unknown("whether these ended is not known: " + strings.Join(unsure, ", "))
	case !j.ev.DependentsLookup.Known():
		return unknown("not everything that would be deleted with the object could be listed" + j.missingRights())
	}
	return pass("nothing that lives would be deleted with the object")
}

// missingRights names the first right to list that was missing when the
// evidence was collected, and counts the others.
func (j *judging) missingRights() string {
	var rules []string
	for _, gap := range j.ev.Gaps {
		if strings.HasPrefix(gap.Rule, "list ") && !slices.Contains(rules, gap.Rule) {
			rules = append(rules, gap.Rule)
		}
	}
	switch len(rules) {
	case 0:
		return ""
	case 1:
		return "; missing right: " + rules[0]
	}
	slices.Sort(rules)
	return fmt.Sprintf("; missing rights: %s and %d more", rules[0], len(rules)-1)
}

// isCleanUp tells whether a dependent is the clean-up Job or one of its pods.
func (j *judging) isCleanUp(ref backup.Ref) bool {
	for _, w := range j.ev.Object.Works {
		if w.Role != backup.WorkClean {
			continue
		}
		if w.Ref.Same(ref) {
			return true
		}
		for _, p := range w.Pods {
			if p.Ref.Same(ref) {
				return true
			}
		}
	}
	return false
}

// gitOps: a tool that keeps the object in a repository makes it again.
func gitOps(j *judging) backup.GateResult {
	if tools := j.ev.Object.GitOps; len(tools) > 0 {
		return shown("would be brought back by " + strings.Join(tools, ", "))
	}
	return pass("no tool is known that would bring the object back")
}

// dryRun: the server took each writing step with dryRun=All.
func dryRun(j *judging) backup.GateResult {
	if j.req.PlanOnly {
		return shown("no step was tried: the server was not asked")
	}
	later := 0
	for i, step := range j.steps {
		if step.Kind == backup.StepWait {
			continue
		}
		switch result := j.req.DryRun[i]; {
		case result.Later:
			later++
		case result.Passed == backup.No:
			return refuse(fmt.Sprintf("the server refuses step %d in a dry run: %s", i+1, result.Why))
		case result.Passed != backup.Yes:
			return unknown(fmt.Sprintf("step %d was not tried in a dry run%s", i+1, because(result.Why)))
		}
	}
	if later > 0 {
		return pass(fmt.Sprintf("the server took every step in a dry run, but for %d in namespaces that are not there yet", later))
	}
	return pass("the server took every step in a dry run")
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}
