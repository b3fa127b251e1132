package system

import (
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// worksUnread says why the state of data is unknown that works move.
const worksUnread = "the works that move the data were not read"

// Fold judges again where the data of an object is, with the works that were
// collected into it. A mover that could not be read leaves it unknown.
func (k *Kind) Fold(raw map[string]any, o *backup.Object) {
	o.Data, o.DataWhy = k.reader.data(k.scope(raw), o.Works, true)
}

// data is the first rule that holds, and Unknown where a profile has rules of
// which none does. A kind without rules has no data of its own.
func (r *reader) data(s *scope, works []backup.Work, read bool) (state backup.DataState, why string) {
	if len(r.spec.Data) == 0 {
		return "", ""
	}
	for _, rule := range r.spec.Data {
		holds, ok := s.holds("data", rule.When)
		switch {
		case !ok:
			return backup.DataUnknown, "the rule for it could not be evaluated"
		case !holds:
			continue
		case rule.Is != FromWorks:
			return rule.Is, rule.Because
		case !read:
			return backup.DataUnknown, worksUnread
		}
		if state, why := fold(works); state != "" {
			return state, why
		}
	}
	return backup.DataUnknown, ""
}

// fold is the state of data that works move: the worst of them counts, and what
// nobody knows is worse than what still moves. It is empty without such a work.
func fold(works []backup.Work) (state backup.DataState, why string) {
	severity := []backup.DataState{"", backup.DataMoved, backup.DataMoving, backup.DataUnknown, backup.DataFailed}
	worst := 0
	for _, w := range works {
		if w.Role != backup.WorkMove {
			continue
		}
		now, text := moveState(w)
		for i, other := range severity {
			if other == now && i > worst {
				worst, state, why = i, now, text
			}
		}
	}
	return state, why
}

// moveState is the state of what one work moves; empty for one that does not exist.
func moveState(w backup.Work) (backup.DataState, string) {
	switch {
	case w.Lookup == backup.Absent:
		return "", ""
	case w.Lookup != backup.Found:
		return backup.DataUnknown, fmt.Sprintf("%s could not be read", w.Ref.Human())
	case w.Phase == backup.PhaseCompleted:
		return backup.DataMoved, ""
	case w.Phase == backup.PhaseFailed, w.Phase == backup.PhasePartiallyFailed:
		return backup.DataFailed, w.Ref.Human() + " is " + w.NativePhase
	case w.Phase == backup.PhasePending, w.Phase == backup.PhaseRunning:
		return backup.DataMoving, w.Ref.Human() + " is " + w.NativePhase
	}
	return backup.DataUnknown, "what became of " + w.Ref.Human() + " is not known"
}
