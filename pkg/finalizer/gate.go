package finalizer

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// The names of the conditions, in the order of the table.
const (
	CondDeletionAsked  = "deletion-asked"
	CondWaySupported   = "way-supported"
	CondNoWriter       = "no-writer"
	CondDataAccounted  = "data-accounted"
	CondPlaceClear     = "place-clear"
	CondSamePlace      = "same-place"
	CondOwnAccess      = "own-access"
	CondPlaceExclusive = "place-exclusive"
	CondNoDependents   = "no-dependents"
	CondGitOps         = "gitops"
	CondDryRun         = "dry-run"
	// CondWayNamed is no row of the table: data is touched only by a way that was named.
	CondWayNamed = "way-named"
)

// row is one condition of the table, with the effects in whose column it counts.
// It has either judge, or perPlace, which is asked for each place of the object.
type row struct {
	name     string
	effects  []backup.Effect
	judge    func(*judging) backup.GateResult
	perPlace func(*judging, place) backup.GateResult
}

// table is the gate: its rows in order.
func table() []row {
	writing := []backup.Effect{backup.EffectReleases, backup.EffectStrips, backup.EffectErases}
	dangerous := []backup.Effect{backup.EffectStrips, backup.EffectErases}
	return []row{
		{name: CondDeletionAsked, effects: writing, judge: deletionAsked},
		{name: CondWaySupported, effects: writing, judge: waySupported},
		{name: CondNoWriter, effects: writing, judge: noWriter},
		{name: CondDataAccounted, effects: dangerous, judge: carriersKnown, perPlace: placeKnown},
		{name: CondPlaceClear, effects: dangerous, perPlace: placeClear},
		{name: CondSamePlace, effects: dangerous, perPlace: samePlace},
		{name: CondOwnAccess, effects: []backup.Effect{backup.EffectStrips}, perPlace: ownAccess},
		{name: CondPlaceExclusive, effects: dangerous, perPlace: placeExclusive},
		{name: CondNoDependents, effects: writing, judge: noDependents},
		{name: CondGitOps, effects: writing, judge: gitOps},
		{name: CondDryRun, effects: writing, judge: dryRun},
	}
}

// judgeRows asks each row that counts for the way's effect. A way whose effect
// is not known counts as one that erases.
func (j *judging) judgeRows(rows []row) []backup.GateResult {
	effect := j.way.Effect
	switch effect {
	case backup.EffectWaits, backup.EffectReleases, backup.EffectStrips, backup.EffectErases:
	default:
		effect = backup.EffectErases
	}
	var out []backup.GateResult
	for _, r := range rows {
		if !contains(r.effects, effect) {
			continue
		}
		for _, result := range r.results(j) {
			result.Condition = r.name
			result.Accepted = result.State == backup.GateRisk && contains(j.req.Accept, result.Risk)
			out = append(out, result)
		}
	}
	return out
}

// results are one result for the row, or one for each place. Where both are
// asked, the row's own result is left out when it passes.
func (r row) results(j *judging) []backup.GateResult {
	var out []backup.GateResult
	if r.judge != nil {
		result := r.judge(j)
		if r.perPlace == nil || result.State != backup.GatePass {
			out = append(out, result)
		}
	}
	if r.perPlace != nil {
		for _, p := range j.places {
			out = append(out, r.perPlace(j, p))
		}
	}
	return out
}

// without leaves one row out.
func without(rows []row, name string) []row {
	out := make([]row, 0, len(rows))
	for _, r := range rows {
		if r.name != name {
			out = append(out, r)
		}
	}
	return out
}

func pass(why string) backup.GateResult {
	return backup.GateResult{State: backup.GatePass, Because: why}
}

func shown(why string) backup.GateResult {
	return backup.GateResult{State: backup.GateShown, Because: why}
}

func refuse(why string) backup.GateResult {
	return backup.GateResult{State: backup.GateRefuse, Because: why}
}

func unknown(why string) backup.GateResult {
	return backup.GateResult{State: backup.GateUnknown, Because: why}
}

func risk(name backup.Risk, why string) backup.GateResult {
	return backup.GateResult{State: backup.GateRisk, Because: why, Risk: name}
}
