package cli

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// Archives reads each target, and what the storage holds of it, in their order.
func (l *Look) Archives(ctx context.Context, depth collect.ArchiveDepth) ([]backup.Evidence, error) {
	all := make([]backup.Evidence, 0, len(l.targets))
	for _, target := range l.targets {
		hit, err := l.collector.Find(ctx, target, l.scope)
		if err != nil {
			return nil, err
		}
		ev, err := l.collector.Brief(ctx, hit)
		if err != nil {
			return nil, err
		}
		l.collector.Archive(ctx, &ev, depth)
		l.ofBucket(&ev)
		all = append(all, ev)
	}
	return all, nil
}
