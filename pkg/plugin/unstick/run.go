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
	flags     *flags
	targets   []collect.Target
	kind      string // the TYPE of a selection
	scope     collect.Scope
	storage   bool
	collector *collect.Collector
}

// run goes from the target over the plan and its confirmation to the result.
func (o *options) run(ctx context.Context) error {
	hit, err := o.collector.Find(ctx, o.targets[0], o.scope)
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
	depth.Storage = o.storage
	depth.Contents = o.storage && o.flags.via == backup.WayRetryClean && !o.many()
	return depth
}
