package backup

import "time"

// Stuck tells whether an object hangs: its deletion was asked for and it is
// still there, or its phase is not terminal and has not changed for longer than
// a run of its kind usually takes. Unknown where the profile knows no usual
// time or the object does not say since when.
func (o Object) Stuck(now time.Time) Answer {
	switch {
	case o.Deleting():
		return Yes
	case o.Phase.Terminal() || o.Phase == PhaseActive || o.Phase == PhasePaused || o.Phase == PhaseAvailable:
		return No
	case o.Phase == PhaseDeleting:
		return o.cleaningHangs(now)
	case o.Usual == 0 || o.PhaseSince == nil:
		return Unknown
	}
	return AnswerOf(now.Sub(*o.PhaseSince) > time.Duration(o.Usual))
}

// cleaningHangs judges an object that its system deletes without a deletion
// time: it hangs if the work that cleans has failed, lasts too long, or is gone.
func (o Object) cleaningHangs(now time.Time) Answer {
	hangs := Unknown
	if o.WorksLookup == Found {
		hangs = Yes
	}
	for _, w := range o.Works {
		switch {
		case w.Role != WorkClean || w.Lookup == Absent:
		case w.Lookup != Found:
			return Unknown
		case w.Phase == PhasePending || w.Phase == PhaseRunning:
			return AnswerOf(w.Usual > 0 && now.Sub(w.Created) > time.Duration(w.Usual))
		}
	}
	return hangs
}
