package cli

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// Archive adds to the evidence what the storage holds of its object, where its
// system leaves there what can be read.
func (l *Look) Archive(ctx context.Context, ev *backup.Evidence, depth collect.ArchiveDepth) {
	if l.Contact && l.collector.HasArchive(ctx, ev.Object) {
		l.collector.Archive(ctx, ev, depth)
	}
}

// Manifest adds the object itself to the evidence.
func (l *Look) Manifest(ev *backup.Evidence) { l.collector.Manifest(ev) }

// Files lists what the storage holds of the one target. Where it cannot be listed
// and --via-server was given, the server is asked for the files of the roles; none is all.
func (l *Look) Files(ctx context.Context, roles ...backup.FileRole) (*collect.Files, error) {
	if len(l.targets) != 1 {
		return nil, &UsageError{Text: "name one backup or restore"}
	}
	all, err := l.Evidence(ctx, collect.Depth{})
	if err != nil {
		return nil, err
	}
	return l.collector.OpenFiles(ctx, all[0], roles...)
}
