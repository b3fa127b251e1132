package system

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Row reads what a list shows of an object: phase, data, times, size, progress,
// schedule and the addresses of its places. It evaluates about a dozen
// expressions; retention, works, finalizers and the record of writing are left
// to View.
func (k *Kind) Row(raw map[string]any) backup.Object {
	s := k.scope(raw)
	o := k.row(s, raw)
	if !o.Phase.Terminal() && o.Deleted == nil { // what ended does not hang
		o.PhaseSince = s.instant("phaseSince", k.reader.spec.PhaseSince)
	}
	if k.placesRead(s) { // else nobody read what names the places
		o.Locations = k.places(s)
	}
	o.Unreadable = s.unreadable
	return o
}

// places are the addresses of the object's places.
func (k *Kind) places(s *scope) []backup.Location {
	var out []backup.Location
	for i := range k.reader.spec.Locations {
		if l, holds := k.reader.place(s, i); holds {
			out = append(out, l)
		}
	}
	return out
}

func (k *Kind) row(s *scope, raw map[string]any) backup.Object {
	spec := k.reader.spec
	o := base(k.Served, raw)
	o.System, o.Role = k.System, k.Role
	o.NativePhase, _ = s.text("nativePhase", spec.NativePhase)
	o.Mode, _ = s.text("mode", spec.Mode)
	o.Phase = k.reader.phase(s, &o)
	o.Data, o.DataWhy = k.reader.data(s, nil, false)
	o.Started = s.instant("started", spec.Started)
	o.Finished = s.instant("finished", spec.Finished)
	o.Expires = s.instant("expires", spec.Expires)
	o.PhaseSince = o.Deleted
	o.Usual = s.length("usual", spec.Usual)
	o.SizeBytes = s.number("size", spec.Size)
	o.Progress = k.reader.progress(s)
	o.Schedule, _ = s.text("schedule", spec.Schedule)
	o.Cron, _ = s.text("cron", spec.Cron)
	o.LastRun = s.instant("lastRun", spec.LastRun)
	o.LastChild, _ = s.text("lastChild", spec.LastChild)
	return o
}

// phase is the first rule that holds. A rule that cannot be evaluated ends the
// search: which one is first is unknown then.
func (r *reader) phase(s *scope, o *backup.Object) backup.Phase {
	if o.Deleted != nil {
		return backup.PhaseDeleting
	}
	return r.ownPhase(s)
}

// ownPhase is what the object's record says, whether it is being deleted or not.
func (r *reader) ownPhase(s *scope) backup.Phase {
	for _, rule := range r.spec.Phases {
		switch holds, ok := s.holds("phases", rule.When); {
		case !ok:
			return backup.PhaseUnknown
		case holds:
			return rule.Is
		}
	}
	return backup.PhaseUnknown
}

func (r *reader) progress(s *scope) *backup.Progress {
	spec := r.spec.Progress
	if spec == nil {
		return nil
	}
	done := s.number("progress.done", spec.Done)
	if done == nil {
		return nil
	}
	p := &backup.Progress{Done: *done, Unit: spec.Unit}
	if total := s.number("progress.total", spec.Total); total != nil {
		p.Total = *total
	}
	return p
}
