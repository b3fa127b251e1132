package logs

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

// chosen hands on what is no echo and grave enough.
func (r *Reader) chosen(emit func(backup.LogEntry) error) func(backup.LogEntry) error {
	return r.withoutEchoes(r.graveEnough(emit))
}

// graveEnough hands on what has the wanted level or a graver one. A line without
// a level counts as info.
func (r *Reader) graveEnough(emit func(backup.LogEntry) error) func(backup.LogEntry) error {
	if r.opts.Level == "" {
		return emit
	}
	least := r.opts.Level.rank()
	return func(e backup.LogEntry) error {
		level := Level(e.Level)
		if level == "" {
			level = Info
		}
		if level.rank() < least {
			return nil
		}
		return emit(e)
	}
}
