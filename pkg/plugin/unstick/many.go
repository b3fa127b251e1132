package unstick

import (
	"context"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
)

// many tells whether the command line is about several objects, or may be.
func (o *options) many() bool { return o.flags.selects() || len(o.Targets) > 1 }

// runMany goes from the objects over their plans and one confirmation to the results.
func (o *options) runMany(ctx context.Context) error {
	chosen, err := o.choose(ctx)
	if err != nil {
		return err
	}
	_, err = o.batch(chosen).Run(ctx)
	return err
}

// batch are the objects that were chosen. What may hold data is erased for one
// object at a time only.
func (o *options) batch(chosen selection) *act.Many {
	return &act.Many{
		Act: o.Act, Collector: o.Collector, Hits: chosen.hits, Gaps: chosen.gaps, NotDeleting: chosen.alive,
		Depth: o.depth(), Verb: "free", OneOfMany: finalizer.ForMany,
	}
}

// recollect reads an object and everything about it anew.
func (o *options) recollect(hit collect.Hit) act.Collecting {
	return func(ctx context.Context) (backup.Evidence, error) { return o.Collector.Evidence(ctx, hit, o.depth()) }
}
