package finalizer

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// choose takes the way that the request names, else the one that costs least.
func (j *judging) choose() {
	if j.req.Via != "" {
		j.take(j.find(j.req.Via))
		return
	}
	j.take(j.cheapest())
}

// cheapest is the way that nobody had to name. It erases only where nothing is.
func (j *judging) cheapest() backup.Way {
	strip := j.find(backup.WayStrip)
	if j.finalizer == nil || !j.asked() {
		return strip
	}
	if progressing, _ := j.progressing(); progressing == backup.Yes {
		return j.find(backup.WayWait)
	}
	// Only a living owner lets go: without it a release changes the spec and frees nothing.
	// Of Kubernetes' own finalizers nobody knows where the owner runs, and there is no other way.
	alive, _ := j.ownerAlive()
	lets := alive == backup.Yes || j.finalizer.Builtin && alive == backup.Unknown
	if release := j.finalizer.Way(backup.WayRelease); lets && release != nil && release.Applies == backup.Yes {
		return *release
	}
	retry := j.finalizer.Way(backup.WayRetryClean)
	if retry != nil && retry.Applies == backup.Yes && j.clear() && j.causeGone() && j.with(*retry).open() {
		return *retry
	}
	return strip
}

// find is the way of a name as the profile knows it. To wait is always possible;
// another way that no profile knows is refused by the gate.
func (j *judging) find(name string) backup.Way {
	if j.finalizer != nil {
		if way := j.finalizer.Way(name); way != nil {
			return *way
		}
	}
	switch name {
	case backup.WayWait:
		return backup.Way{Name: name, Effect: backup.EffectWaits, Applies: backup.Yes, Does: "waits until the owner lets the object go"}
	case backup.WayRelease:
		return backup.Way{Name: name, Effect: backup.EffectReleases}
	case backup.WayStrip:
		return backup.Way{Name: name, Effect: backup.EffectStrips}
	}
	return backup.Way{Name: name, Effect: backup.EffectErases}
}

// open tells whether the gate opens for the way as far as can be said before a dry run.
func (j *judging) open() bool {
	decision, _, _ := decide(j.judgeRows(without(table(), CondDryRun)))
	return decision == backup.DecisionAllowed
}

// wayNamed stands in the way of a strip that was not named where something may
// be lost; nil where it may be chosen.
func (j *judging) wayNamed() *backup.GateResult {
	if j.req.Via != "" || j.way.Effect != backup.EffectStrips || j.clear() {
		return nil
	}
	result := unknown("what would be lost is not known; name the way out with --via")
	known := slices.ContainsFunc(j.places, func(p place) bool {
		return !p.verdict.Class.Clear() && p.verdict.Class != backup.VerdictUnknown
	})
	if known {
		result = refuse("something may be lost; name the way out with --via")
	}
	result.Condition = CondWayNamed
	return &result
}

// causeGone tells whether nothing is known any more that would make the owner's
// clean-up fail again, and the place was seen as the owner sees it.
func (j *judging) causeGone() bool {
	if j.unreadable("needs") != "" {
		return false
	}
	for _, need := range j.ev.Object.Needs {
		if need.Lookup != backup.Found || len(need.MissingKeys) > 0 {
			return false
		}
	}
	for _, p := range j.places {
		if len(p.overridden()) > 0 {
			return false
		}
	}
	for _, w := range j.ev.Object.Works {
		if w.Role == backup.WorkClean && stalled(w) != "" {
			return false
		}
	}
	alive, _ := j.ownerAlive()
	canMakePods := j.ev.Object.Ref.Namespace == "" || j.ev.Namespace.Terminating() == backup.No
	return alive == backup.Yes && canMakePods
}
