package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func policyEntries() []entry {
	return []entry{
		{Code{
			Code:    "BK-P701",
			Title:   "the policy keeps the data, and under it the finalizer is never removed",
			Explain: "The object carries a finalizer that its owner only looks at while the policy asks for a clean-up. The policy now says that data is kept, so the owner neither cleans up nor lets go, for ever.",
			Why:     "Somebody changed the policy to Retain while the deletion already hung, to save the data or to get unstuck.",
			Fix:     "Setting the policy back revives the owner. With OnFailure it lets go without erasing if the backup has not failed; if it has failed, or with Delete, the clean-up runs again.",
			Danger:  "A policy that deletes erases the data.",
			Source:  "pingcap/tidb-operator@v1.6.1 pkg/controller/backup/backup_control.go; tried with the running operator",
		}, judgePolicyTrap},
		{Code{
			Code:    "BK-P702",
			Title:   "the owner can let go and keep the data",
			Explain: "There is a supported way for this object in which the owner itself removes its finalizer without touching the storage.",
			Why:     "The policy allows it in the object's present state.",
			Fix:     "Take the way out named release if the data shall stay.",
			Danger:  "The data stays in the storage without an object that points at it.",
			Source:  "the ways of the profile; pingcap/tidb-operator@v1.6.1 pkg/controller/backup/backup_control.go",
		}, judgeRelease},
		{Code{
			Code:    "BK-P703",
			Title:   "GitOps would bring the object back",
			Explain: "Marks on the object show that a tool keeps it as it is written in a repository. When it is gone the tool makes it again, and a new backup object starts a new run. Changes to its fields are undone likewise.",
			Why:     "The object, or the release it belongs to, is under the control of Argo CD, Flux or Helm.",
			Fix:     "Remove it from the repository first, or suspend the tool for it.",
			Danger:  "A new run writes to the same prefix as the old one.",
			Source:  "labels and annotations of the object",
		}, judgeGitOps},
		{Code{
			Code:    "BK-P704",
			Title:   "other objects go with this one",
			Explain: "Objects with an owner reference to this one are deleted by the garbage collector as soon as it is gone.",
			Why:     "Jobs and pods of a run belong to its object; some systems let more than that belong to it.",
			Fix:     "Look at what belongs to it before it goes. Finished Jobs and pods are no loss.",
			Danger:  "Whatever else belongs to the object is deleted without being asked for.",
			Source:  "metadata.ownerReferences of other objects",
		}, judgeDependents},
		{Code{
			Code:    "BK-P705",
			Title:   "the schedule may wait for this object",
			Explain: "The object was made by a schedule and does not come to an end. Some systems start no further backup before the last one has ended, so a single stuck object stops the whole schedule in silence.",
			Why:     "The controller of the schedule waits for the last child to be complete or failed.",
			Fix:     "Bring this object to an end, then see whether the schedule makes the next one.",
			Danger:  "Until then there are no new backups.",
			Source:  "the schedule that the object names; pingcap/tidb-operator@v1.6.0 pkg/controller/backupschedule",
		}, judgeSchedule},
	}
}

// policyHolds tells whether the policy itself keeps the finalizer: data is
// kept, so that the clean-up, for which the finalizer waits, is never made. A
// log backup is let go under any policy once it is stopped.
func policyHolds(ev *backup.Evidence) bool {
	f := guarding(ev)
	if !ev.Object.Deleting() || f == nil || ev.Object.Retention.Policy != backup.Keeps || ev.Object.Mode == "log" {
		return false
	}
	clean := f.Way(backup.WayRetryClean)
	return clean != nil && clean.Applies == backup.No
}

func judgePolicyTrap(ev *backup.Evidence) []backup.Finding {
	if !policyHolds(ev) {
		return nil
	}
	f, source := guarding(ev), orElse(ev.Object.Retention.Source, "the retention policy")
	found := problem("BK-P701", backup.SeverityCause, ev.Object.Ref, "under the present policy ("+source+") its owner never removes finalizer "+f.Name)
	found.Explain = "Nothing happens any more: no clean-up is made, and a clean-up Job that is deleted does not come back."
	found.Proof = []backup.Proof{{Text: source, Source: "the object's retention policy"}}
	if release := f.Way(backup.WayRelease); release != nil && release.Applies == backup.Yes {
		found.Fixes = append(found.Fixes, backup.Fix{
			Does: release.Does, DoesNot: release.DoesNot, Effect: backup.EffectReleases,
			Commands: []string{unstick(ev.Object.Ref, backup.WayRelease)},
		})
	}
	if field := policyField(f); field != "" {
		found.Fixes = append(found.Fixes, backup.Fix{
			Does: "Sets the policy back, which revives the owner and its clean-up.", Effect: backup.EffectErases,
			Commands: []string{patchField(ev.Object.Ref, field, "Delete")}, Danger: erasure(ev),
		})
	}
	return one(found)
}

// policyField is the dotted path of the policy, as the release way sets it.
func policyField(f *backup.Finalizer) string {
	if w := f.Way(backup.WayRelease); w != nil && len(w.Set) > 0 {
		return strings.ReplaceAll(strings.Trim(w.Set[0].Path, "/"), "/", ".")
	}
	return ""
}

func judgeRelease(ev *backup.Evidence) []backup.Finding {
	f := guarding(ev)
	if !ev.Object.Deleting() || f == nil {
		return nil
	}
	w := f.Way(backup.WayRelease)
	if w == nil || w.Applies != backup.Yes {
		return nil
	}
	found := fine("BK-P702", ev.Object.Ref, "its owner can let go and keep the data: "+w.Does)
	found.Severity = backup.SeverityInfo
	found.Fixes = []backup.Fix{{Does: w.Does, DoesNot: w.DoesNot, Effect: backup.EffectReleases, Commands: []string{unstick(ev.Object.Ref, backup.WayRelease)}}}
	return one(found)
}

func judgeGitOps(ev *backup.Evidence) []backup.Finding {
	if len(ev.Object.GitOps) == 0 {
		return nil
	}
	severity := backup.SeverityInfo
	if ev.Object.Deleting() {
		severity = backup.SeverityWarning
	}
	found := problem("BK-P703", severity, ev.Object.Ref, "a GitOps tool keeps this object and would bring it back")
	for _, mark := range ev.Object.GitOps {
		found.Proof = append(found.Proof, backup.Proof{Text: mark, Source: "metadata of the object"})
	}
	found.Fixes = gitOpsFixes(ev.Object.GitOps)
	return one(found)
}

func judgeDependents(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() || dying(ev) || leaving(ev) {
		return nil
	}
	if !ev.DependentsLookup.Known() {
		return one(unknown("BK-P704", ev.Object.Ref, unread("the list of objects that go with this one", ev.DependentsLookup, "")))
	}
	var proof []backup.Proof
	for _, d := range ev.Dependents {
		if d.Finished != backup.Yes && !cleansUp(ev, d.Ref) {
			proof = append(proof, backup.Proof{Text: d.Ref.Human() + " is not known to have ended", Source: "metadata.ownerReferences of " + d.Ref.String()})
		}
	}
	if len(proof) == 0 {
		return one(fine("BK-P704", ev.Object.Ref, fmt.Sprintf("nothing but finished work goes with this object (%s)", counted(int64(len(ev.Dependents)), "dependent"))))
	}
	found := problem("BK-P704", backup.SeverityInfo, ev.Object.Ref, counted(int64(len(proof)), "object")+" would be deleted together with this one")
	found.Proof = proof
	return one(found)
}

// cleansUp tells whether an object is the clean-up of this one or a pod of it:
// it has no other purpose, and nothing is lost with it.
func cleansUp(ev *backup.Evidence, ref backup.Ref) bool {
	for _, w := range worksOf(ev, backup.WorkClean) {
		if w.Ref.Same(ref) || slices.ContainsFunc(w.Pods, func(p backup.Pod) bool { return p.Ref.Same(ref) }) {
			return true
		}
	}
	return false
}

func judgeSchedule(ev *backup.Evidence) []backup.Finding {
	obj := &ev.Object
	hangs := obj.Deleting() && ev.At.Sub(*obj.Deleted) > patience && !progressing(ev)
	if obj.Schedule == "" || !hangs && retryCondition(ev) == nil && obj.Phase != backup.PhaseInvalid {
		return nil
	}
	found := problem("BK-P705", backup.SeverityWarning, obj.Ref, "schedule "+obj.Schedule+" made this object and may make no other before this one has ended")
	if obj.System == tidbOperator {
		found.Explain = "A BackupSchedule starts the next backup only after the last one is complete or failed."
	}
	words := inNamespace(obj.Ref.Namespace, "kubectl", "backup", "get", "schedule/"+obj.Schedule)
	found.Fixes = []backup.Fix{{Does: "Shows when the schedule last made a backup.", Commands: []string{command(words...)}}}
	return one(found)
}
