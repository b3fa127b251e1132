package finalizer

import (
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// carriersKnown: every carrier of the object's data is among its places. Data
// that a mover carried lies where no look at the places sees it, except that of a
// restore, which is in the volumes that it restored. A location that the profile
// could not evaluate is a place that nobody knows.
func carriersKnown(j *judging) backup.GateResult {
	if field := j.unreadable("locations"); field != "" {
		return risk(backup.RiskStorageUnknown, "not every place of the data is known: the profile could not evaluate "+field)
	}
	for _, w := range j.ev.Object.Works {
		if j.ev.Object.Role != backup.RoleRestore && w.Role == backup.WorkMove && w.Lookup != backup.Absent {
			return risk(backup.RiskStorageUnknown, "the data of "+w.Ref.Human()+" lies where nobody looked")
		}
	}
	return pass("every carrier of the data is known")
}

// placeKnown: the place was seen.
func placeKnown(_ *judging, p place) backup.GateResult {
	if p.verdict.Class == backup.VerdictUnknown {
		return risk(backup.RiskStorageUnknown, fmt.Sprintf("what is in %s is not known (%s)%s", p.named(), p.verdict.Reason, because(p.verdict.Detail)))
	}
	return pass(p.named() + " was seen")
}

// placeClear: nothing would be lost at the place.
func placeClear(j *judging, p place) backup.GateResult {
	class := p.verdict.Class
	switch {
	case class.Clear():
		return pass(fmt.Sprintf("%s is %s", p.named(), class))
	case j.way.Effect != backup.EffectStrips:
		return erases(p)
	case class == backup.VerdictUnknown:
		return shown("whether " + p.named() + " holds data is not known")
	case class == backup.VerdictHidden:
		return risk(backup.RiskHiddenVersions, p.named()+" shows no object, but may hold old versions")
	case class == backup.VerdictBucketMissing:
		return risk(backup.RiskBucketMissing, "the bucket of "+p.named()+" does not exist at this endpoint; its name, endpoint or region may be wrong")
	}
	result := risk(backup.RiskDataPresent, fmt.Sprintf("%s holds %s; nothing would point at it any more", p.named(), counted(p.verdict.Current)))
	result.TypeBack = p.named()
	return result
}

// erases judges a way that erases at a place that is not clear. Data that was
// seen has to be counted before anybody is asked to let it go.
func erases(p place) backup.GateResult {
	holds := p.verdict.Class.HoldsData()
	if holds && !p.counted() {
		return unknown("what would be erased in " + p.named() + " was not counted")
	}
	text := "would erase whatever is in " + p.named() + ", of which nobody knows what it is"
	switch {
	case holds:
		text = fmt.Sprintf("would erase %s in %s", counted(p.contents.Total), p.named())
	case p.verdict.Class == backup.VerdictHidden:
		text = "might erase old versions in " + p.named()
	}
	result := risk(backup.RiskErasesData, text)
	result.TypeBack = p.named()
	return result
}

func counted(c backup.Count) string {
	objects := "objects"
	if c.Objects == 1 {
		objects = "object"
	}
	text := fmt.Sprintf("%d %s, %d bytes", c.Objects, objects, c.Bytes)
	if c.AtLeast {
		return "at least " + text
	}
	return text
}

// samePlace: the place that was seen, or would be erased, is where the run wrote.
func samePlace(j *judging, p place) backup.GateResult {
	same, why := j.unchanged(p)
	if same == backup.Yes {
		return pass(why)
	}
	switch {
	case j.way.Effect == backup.EffectStrips:
		return risk(backup.RiskLocationChanged, why)
	case p.empty():
		return shown(why + "; nothing is there to be erased")
	case same == backup.No:
		return refuse(why)
	}
	return unknown(why)
}

// ownAccess: what was seen was seen at the object's own endpoint, with its own
// credentials. Where nothing was ever written it does not matter what was seen.
func ownAccess(j *judging, p place) backup.GateResult {
	parts := p.overridden()
	if len(parts) == 0 {
		return pass("endpoint, region and credentials are the object's own")
	}
	why := "a flag replaced the object's " + strings.Join(parts, ", ")
	if j.ev.Object.Written.Answer == backup.No {
		return shown(why + ", but nothing was written" + because(j.ev.Object.Written.Source))
	}
	return risk(backup.RiskLocationOverridden, why)
}

// placeExclusive: what is in the place is this object's alone.
func placeExclusive(j *judging, p place) backup.GateResult {
	shared, why := j.shared(p)
	switch {
	case shared == backup.No:
		return pass("no other object names " + p.named())
	case j.way.Effect == backup.EffectStrips && p.verdict.Class == backup.VerdictResidue:
		return shown(why + "; what is left there may be another's lock")
	case j.way.Effect == backup.EffectStrips:
		return shown(why)
	case p.empty():
		return shown(why + "; nothing is there to be erased")
	case shared == backup.Yes:
		return refuse(why)
	}
	return unknown(why)
}
