package get

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// recovery says on stderr, for people, how to restore from the bucket that was
// listed: the youngest whole backup, else the youngest that lacks something.
func (o *options) recovery(ctx context.Context, entries []*entry) error {
	if o.Quiet || o.output.IsStructured() || o.output == "name" || o.columns().Role != backup.RoleBackup {
		return nil
	}
	if len(entries) == 0 {
		o.elsewhere(ctx)
		return nil
	}
	rank := func(e *entry) int {
		return slices.Index([]backup.Phase{backup.PhasePartiallyFailed, backup.PhaseCompleted}, e.phase)
	}
	restorable := slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return rank(e) < 0 })
	if len(restorable) == 0 {
		return nil
	}
	best := slices.MaxFunc(restorable, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.created.Compare(b.created))
	})
	return render.Recovery(o.ErrOut, diagnose.Recovery(*o.place, best.namespace, best.name), o.Style(o.ErrOut))
}

// elsewhere names the folders at the top of a bucket in which no backups were
// found: the prefix is easily forgotten.
func (o *options) elsewhere(ctx context.Context) {
	folders, _ := o.BucketFolders(ctx, &o.flags.storage) // only for a hint: the list itself was complete
	if len(folders) == 0 || slices.Contains(folders, "backups/") {
		return
	}
	more := ""
	if len(folders) > shownFolders {
		folders, more = folders[:shownFolders], " …"
	}
	o.say("hint: %s\n", render.Escape("no folder backups/ lies there, but "+strings.Join(folders, " ")+more+"; the prefix of the location belongs into --bucket"))
}

// shownFolders is how many folders a hint names.
const shownFolders = 10
