package system

import (
	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Row reads what a list shows of an object: phase, data, times, size, progress,
// schedule and the addresses of its places. It evaluates about a dozen
// expressions; retention, works, finalizers and the record of writing are left
// to View.
func (k *Kind) Row(raw map[string]any) backup.Object {
	s := k.reader.exprs.over(raw)
	o := k.row(s, raw)
	if !o.Phase.Terminal() && o.Deleted == nil { // what ended does not hang
		o.PhaseSince = s.instant("phaseSince", k.reader.spec.PhaseSince)
	}
	for i := range k.reader.spec.Locations {
		if l, holds := k.reader.place(s, i); holds {
			o.Locations = append(o.Locations, l)
		}
	}
	o.Unreadable = s.unreadable
	return o
}

func (k *Kind) row(s *scope, raw map[string]any) backup.Object {
	spec := k.reader.spec
	o := base(k.Served, raw)
	o.System, o.Role = k.System, k.Role
	o.NativePhase, _ = s.text("nativePhase", spec.NativePhase)
	o.Mode, _ = s.text("mode", spec.Mode)
	o.Phase = k.reader.phase(s, &o)
	o.Data = k.reader.data(s)
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

// data is the first rule that holds, and Unknown where a profile has rules of
// which none does. A kind without rules has no data of its own.
func (r *reader) data(s *scope) backup.DataState {
	if len(r.spec.Data) == 0 {
		return ""
	}
	for _, rule := range r.spec.Data {
		switch holds, ok := s.holds("data", rule.When); {
		case !ok:
			return backup.DataUnknown
		case holds:
			return rule.Is
		}
	}
	return backup.DataUnknown
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
