package logs

import (
	"errors"
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// denied says which rule is missing, in the place of the server's own words,
// which say no more.
func denied(err error) error {
	var failed *cluster.Error
	if errors.As(err, &failed) && failed.Rule != "" {
		return errors.New("denied (missing right: " + failed.Rule + ")")
	}
	return err
}

// unseen says why works of the object could not be read: their logs are missing
// in the stream.
func (o *options) unseen(ev backup.Evidence) {
	unread := func(w backup.Work) bool { return w.Lookup == backup.Denied || w.Lookup == backup.Failed }
	if !slices.ContainsFunc(ev.Object.Works, unread) {
		return
	}
	o.unread = true
	for _, gap := range ev.Gaps {
		_, _ = fmt.Fprintln(o.ErrOut, "warning: "+render.Escape(cli.GapWords(gap)))
	}
}
