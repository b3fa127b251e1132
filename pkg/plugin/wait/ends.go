package wait

import (
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// ends refuses to wait for the end of what has none, such as a schedule or an
// object of no backup system. That it is gone can be waited for.
func (o *options) ends(hits []collect.Hit) error {
	if o.until == forDeleted {
		return nil
	}
	runs := []backup.Role{backup.RoleBackup, backup.RoleRestore, backup.RoleWork}
	for _, hit := range hits {
		if hit.Kind == nil || !slices.Contains(runs, hit.Kind.Role) {
			return &cli.UsageError{Text: hit.Ref().Human() + " is no backup or restore and never is done; wait for it with --for=" + forDeleted}
		}
	}
	return nil
}

// unseen says what keeps from saying how an object ended.
func (o *options) unseen(gaps []backup.Gap) {
	for _, gap := range gaps {
		_, _ = fmt.Fprintln(o.ErrOut, "warning: not seen: "+render.Escape(cli.GapWords(gap)))
	}
}
