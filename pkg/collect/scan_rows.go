package collect

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// rows prepares the reading of a kind's rows in each of the places.
func (s *scan) rows(ctx context.Context, kind *system.Kind, where []string) func(item map[string]any) backup.Object {
	if kind.Role == backup.RoleWork { // only whether it is being deleted counts
		return kind.Row
	}
	readers := map[string]*Rows{}
	for _, namespace := range where {
		rows, gaps := s.Rows(ctx, Place{Kind: kind, Namespace: namespace})
		readers[namespace] = rows
		for _, gap := range gaps {
			s.gap(gap)
		}
	}
	return func(item map[string]any) backup.Object {
		if rows := readers[nested(item, "metadata", "namespace")]; rows != nil {
			return rows.Row(item)
		}
		return readers[where[0]].Row(item) // everywhere
	}
}

// unclear tells whether an object is in a phase that nobody knows. A location
// that says nothing of itself, such as a VolumeSnapshotLocation, has none.
func unclear(row backup.Object) bool {
	return row.Phase == backup.PhaseUnknown && (row.Role != backup.RoleLocation || row.NativePhase != "")
}
