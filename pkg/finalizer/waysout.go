package finalizer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// WaysOut judges every way out of every finalizer on the object, ordered by what
// it costs. No risk is accepted and no dry run was made. To wait is open where
// the owner is progressing: elsewhere it would change nothing.
func WaysOut(ev backup.Evidence) []backup.WayOut {
	var out []backup.WayOut
	for i := range ev.Object.Finalizers {
		f := &ev.Object.Finalizers[i]
		j := newJudging(&ev, Request{})
		j.finalizer = f
		ways := slices.Clone(f.Ways)
		if f.Way(backup.WayWait) == nil {
			ways = append(ways, j.find(backup.WayWait))
		}
		for _, way := range ways {
			out = append(out, j.with(way).wayOut())
		}
	}
	slices.SortStableFunc(out, func(a, b backup.WayOut) int { return cmp.Compare(cost(a.Effect), cost(b.Effect)) })
	return out
}

func (j *judging) wayOut() backup.WayOut {
	out := backup.WayOut{
		Finalizer: j.finalizer.Name, Name: j.way.Name, Effect: j.way.Effect, Does: j.way.Does, DoesNot: j.way.DoesNot,
	}
	if j.way.Effect != backup.EffectWaits {
		gate := j.judgeRows(without(table(), CondDryRun))
		out.Open, _, _ = decide(gate)
		out.Why = strings.Join(Obstacles(gate), "; ")
		return out
	}
	progressing, why := j.progressing()
	switch {
	case !j.asked():
		out.Open, out.Why = backup.DecisionRefused, "the object is not being deleted"
	case progressing == backup.Yes:
		out.Open = backup.DecisionAllowed
	case progressing == backup.No:
		out.Open, out.Why = backup.DecisionRefused, why
	default:
		out.Open, out.Why = backup.DecisionUndecided, why
	}
	return out
}

// cost orders effects, cheapest first; an unknown one is the dearest.
func cost(e backup.Effect) int {
	order := []backup.Effect{backup.EffectWaits, backup.EffectReleases, backup.EffectStrips, backup.EffectErases}
	if i := slices.Index(order, e); i >= 0 {
		return i
	}
	return len(order)
}
