package unstick

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
)

// options are what the verb runs on.
type options struct {
	*act.Act
	act.Choice
	flags *flags
}

// run goes from the target over the plan and its confirmation to the result.
func (o *options) run(ctx context.Context) error {
	hit, err := o.Collector.Find(ctx, o.Targets[0], o.Scope)
	if err != nil {
		return err
	}
	recollect := o.recollect(hit)
	ev, err := recollect(ctx)
	if err != nil {
		return err
	}
	return o.Carry(ctx, ev, recollect)
}

// depth is how much is looked at: everything, and the objects in the place are
// counted where a way out would erase them.
func (o *options) depth() collect.Depth {
	depth := collect.Full()
	depth.Storage = o.Storage
	depth.Contents = o.Storage && o.flags.via == backup.WayRetryClean && !o.many()
	return depth
}
