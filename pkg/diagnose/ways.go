package diagnose

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// wayCost orders the ways out by what they cost. Over places that are all
// clear the owner's own clean-up erases nothing, so it comes before a strip.
func wayCost(ev *backup.Evidence, w backup.WayOut) int {
	switch {
	case w.Effect == backup.EffectWaits:
		return 0
	case w.Effect == backup.EffectReleases:
		return 1
	case w.Effect == backup.EffectErases && allClear(ev):
		return 2
	case w.Effect == backup.EffectStrips:
		return 3
	}
	return 4
}

// allClear tells whether every place was seen to hold nothing.
func allClear(ev *backup.Evidence) bool {
	places := verdicts(ev)
	return len(places) > 0 && !slices.ContainsFunc(places, func(v backup.StorageVerdict) bool { return !v.Class.Clear() })
}

// waysOut orders the judged ways and adds to each the command that takes it,
// unless it is refused, and the profile's words where it has none. Where no
// deletion was asked for there is nothing to get out of.
func waysOut(ev *backup.Evidence, ways []backup.WayOut) []backup.WayOut {
	if !ev.Object.Deleting() && holding(ev) == nil {
		return nil
	}
	sorted := slices.Clone(ways)
	slices.SortStableFunc(sorted, func(a, b backup.WayOut) int { return wayCost(ev, a) - wayCost(ev, b) })
	finalizers := map[string]bool{}
	for _, w := range sorted {
		finalizers[w.Finalizer] = true
	}
	for i := range sorted {
		w := &sorted[i]
		if known := profileWay(ev, w.Finalizer, w.Name); known != nil {
			w.Does, w.DoesNot = orElse(w.Does, known.Does), orElse(w.DoesNot, known.DoesNot)
			w.Why = orElse(w.Why, known.WhyNot)
		}
		if len(w.Commands) > 0 || w.Open == backup.DecisionRefused {
			continue
		}
		var more []string
		if len(finalizers) > 1 {
			more = []string{"--finalizer=" + w.Finalizer}
		}
		w.Commands = []string{unstick(ev.Object.Ref, w.Name, more...)}
	}
	return sorted
}

// profileWay is the profile's description of a way, or nil.
func profileWay(ev *backup.Evidence, finalizer, name string) *backup.Way {
	for _, f := range ev.Object.Finalizers {
		if f.Name == finalizer {
			return f.Way(name)
		}
	}
	return nil
}

// holding is the phase in which the system deletes the object by itself, or nil.
func holding(ev *backup.Evidence) *backup.Finalizer {
	for i, f := range ev.Object.Finalizers {
		if f.Hold {
			return &ev.Object.Finalizers[i]
		}
	}
	return nil
}
