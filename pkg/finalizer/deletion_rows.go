package finalizer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// named is how many objects of a kind are named before the others are counted.
const named = 3

// notNeeded: nothing else still works with the object.
func notNeeded(j *judging) backup.GateResult {
	reasons := map[string][]string{}
	var order []string
	for _, kin := range j.ev.Removal.Kin {
		if kin.Fate != backup.FateBlocks {
			continue
		}
		if reasons[kin.Because] == nil {
			order = append(order, kin.Because)
		}
		reasons[kin.Because] = append(reasons[kin.Because], kin.Ref.String())
	}
	var texts []string
	for _, why := range order {
		texts = append(texts, fewOf(reasons[why])+": "+why)
	}
	switch {
	case len(texts) > 0:
		return refuse(strings.Join(texts, "; "))
	case !j.ev.Removal.KinLookup.Known():
		return unknown("not everything that may need it could be listed" + j.missingRights())
	}
	return pass("nothing is known that needs it")
}

// fewOf names some and counts the rest.
func fewOf(names []string) string {
	if len(names) <= named {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:named], ", "), len(names)-named)
}

// noWriterLeft: nothing writes to the place, or its system ends that first.
func noWriterLeft(j *judging) backup.GateResult {
	result := noWriter(j)
	if j.ev.Removal.StopsRun && result.State != backup.GatePass {
		return shown(result.Because + "; its system ends a run before it erases")
	}
	return result
}

// dataElsewhere says what is erased that no look at the places sees.
func dataElsewhere(j *judging) backup.GateResult {
	if field := j.unreadable("locations"); field != "" {
		return risk(backup.RiskStorageUnknown, "not every place of the data is known: the profile could not evaluate "+field)
	}
	if len(j.ev.Removal.Takes) == 0 {
		return pass("every carrier of the data is known")
	}
	text := "also erased: " + strings.Join(j.ev.Removal.Takes, ", ")
	if moved := j.moved(); moved != "" {
		text += "; of its volumes " + moved
	}
	return shown(text)
}

// moved counts the pieces of work that copied volumes, and their bytes as far as
// they are recorded.
func (j *judging) moved() string {
	count, bytes := 0, int64(0)
	for _, w := range j.ev.Object.Works {
		if w.Role != backup.WorkMove || w.Lookup != backup.Found {
			continue
		}
		count++
		if w.SizeBytes != nil {
			bytes += *w.SizeBytes
		}
	}
	if count == 0 {
		return ""
	}
	return fmt.Sprintf("%d recorded with %d bytes", count, bytes)
}

// ownRecord: what lies in the place is of this object. Where the object cannot
// tell, as after it was made anew from the bucket, the record in the bucket does.
func ownRecord(j *judging, p place) backup.GateResult {
	result := samePlace(j, p)
	if result.State == backup.GatePass {
		return result
	}
	archive := j.ev.Archive
	if archive == nil || archive.Record == nil || archive.Record.Started == nil || j.ev.Object.Started == nil {
		return result
	}
	if archive.Record.Ref.Name == j.ev.Object.Ref.Name && archive.Record.Started.Equal(*j.ev.Object.Started) {
		return pass("the record in " + p.named() + " is that of this backup")
	}
	return refuse("the record in " + p.named() + " is that of another backup")
}

// placeItsOwn: what is in the place is this object's alone. Of a run that its system
// ends first no end is known with which the objects could be compared.
func placeItsOwn(j *judging, p place) backup.GateResult {
	result := placeExclusive(j, p)
	alone := j.ev.NeighboursLookup.Known() && len(j.ev.Neighbours) == 0
	if result.State == backup.GateUnknown && alone && j.ev.Removal.StopsRun && runEnd(j.ev.Object) == nil {
		return shown("no other object names " + p.named() + ", where its run has not ended")
	}
	return result
}

// lastRestorable: what the backup protects is protected without it, too.
func lastRestorable(j *judging) backup.GateResult {
	r, object := j.ev.Removal, j.ev.Object
	switch {
	case object.Phase == backup.PhaseFailed || object.Phase == backup.PhaseInvalid || object.Data == backup.DataNone:
		return pass("it cannot be restored itself")
	case !j.erasing():
		return pass("what it holds stays")
	case !r.OthersLookup.Known():
		return risk(backup.RiskLastRestorable, "whether another backup protects the same is not known"+j.missingRights())
	case !r.Holds.Known:
		return risk(backup.RiskLastRestorable, "what it protects could not be read, and so not whether another backup does")
	}
	var bare []string
	for _, name := range r.Holds.Names {
		if !slices.ContainsFunc(r.Others, func(o backup.Protector) bool { return j.protects(o, name) }) {
			bare = append(bare, name)
		}
	}
	if len(bare) == 0 {
		return pass("another backup that can be restored protects the same")
	}
	if contains(bare, "*") {
		return risk(backup.RiskLastRestorable, "no other backup that can be restored holds all namespaces")
	}
	return risk(backup.RiskLastRestorable, "no other backup that can be restored holds "+fewOf(bare))
}

// protects tells whether another backup, that is not deleted with this one, holds
// all of a name. One of the same schedule leaves out the same.
func (j *judging) protects(other backup.Protector, name string) bool {
	if slices.ContainsFunc(j.req.Beside, other.Ref.Same) {
		return false
	}
	alike := other.Schedule != "" && other.Schedule == j.ev.Object.Schedule && other.Ref.Namespace == j.ev.Object.Ref.Namespace
	if alike {
		return true
	}
	return other.Holds.Limits == "" && other.Holds.Includes(name)
}

// goesAlong says what goes with the object. Data of theirs is a risk of its own,
// for nobody looked where it lies.
func goesAlong(j *judging) backup.GateResult {
	var goes []string
	bytes := int64(0)
	losing := j.losing()
	for _, kin := range j.ev.Removal.Kin {
		if kin.Fate == backup.FateGoes {
			goes = append(goes, kin.Ref.String())
		}
	}
	for _, d := range j.ev.Dependents {
		if !slices.Contains(goes, d.Ref.String()) && !j.isCleanUp(d.Ref) {
			goes = append(goes, d.Ref.String())
		}
	}
	for _, kin := range losing {
		if kin.SizeBytes != nil {
			bytes += *kin.SizeBytes
		}
	}
	switch {
	case j.keeps() && j.ev.Removal.Keep.Orphan:
		return pass("what it owns stays")
	case len(losing) > 0:
		return risk(backup.RiskErasesData, fmt.Sprintf("%d go with it: %s; of %d the data goes too, recorded with %d bytes", len(goes), fewOf(goes), len(losing), bytes))
	case !j.ev.DependentsLookup.Known() || !j.ev.Removal.KinLookup.Known():
		return shown("not everything that goes with it could be listed" + j.missingRights())
	case len(goes) > 0:
		return shown(fmt.Sprintf("%d go with it: %s", len(goes), fewOf(goes)))
	}
	return pass("nothing goes with it")
}

// ownerThere: whoever has to act on the deletion runs. Without it the deletion
// waits, which endangers nothing.
func ownerThere(j *judging) backup.GateResult {
	selectors := []backup.OwnerSelector{j.ev.Removal.Owner}
	for _, f := range j.ev.Object.Finalizers {
		selectors = append(selectors, f.Owner)
	}
	if j.ev.Removal.Create == nil && len(j.ev.Object.Finalizers) == 0 {
		return pass("the API server deletes it by itself")
	}
	for _, owner := range j.ev.Owners {
		if !contains(selectors, owner.Selector) {
			continue
		}
		who := orElse(owner.Selector.Called, owner.Selector.Manager)
		switch owner.Alive(j.ev.At) {
		case backup.No:
			return warning(who + " does not run: until it does, the deletion waits")
		case backup.Unknown:
			return warning("whether " + who + " runs is not known: without it the deletion waits")
		}
	}
	return pass("who carries it out runs")
}

func warning(why string) backup.GateResult {
	return backup.GateResult{State: backup.GateWarning, Because: why}
}
