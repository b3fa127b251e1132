package drill

import (
	"context"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// lookInterval is the pause between two looks.
const lookInterval = time.Second

// restoreHit is the Restore of the drill.
func (o *options) restoreHit() collect.Hit {
	return collect.Hit{Kind: o.restore, Served: o.restore.Served, Namespace: o.hit.Namespace, Name: o.ev.Drill.Name}
}

// await waits for the restore and for what it restored, and compares that. An
// error is that of the context, or one of the cluster that does not pass.
func (o *options) await(ctx context.Context) error {
	found := &backup.DrillFound{}
	o.ev.Drill.Found = found
	progress := render.NewProgress(o.ErrOut, o.Style(o.ErrOut), !o.Quiet)
	defer progress.Clear()
	if err := o.awaitRestore(ctx, found, progress); err != nil {
		return err
	}
	if !found.Late {
		if err := o.awaitReady(ctx, found, progress); err != nil {
			return err
		}
		found.Kinds = o.collector.DrillKinds(ctx, o.ev.Drill)
	}
	o.collector.DrillResults(ctx, o.restoreHit(), o.ev.Archive, o.ev.Drill)
	return ctx.Err()
}

// awaitRestore waits until the Restore has ended and its data has arrived.
func (o *options) awaitRestore(ctx context.Context, found *backup.DrillFound, progress *render.Progress) error {
	limit := o.Now().Add(o.flags.timeout)
	for {
		ev, err := o.collector.Works(ctx, o.restoreHit())
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			found.Restore = ev.Object
			progress.Show(ev.Object, o.Now())
		case cluster.IsAbsent(err), !cluster.IsUnreachable(err) && !cluster.IsThrottled(err):
			return err
		}
		settled := found.Restore.Phase.Terminal() && found.Restore.Done() != backup.No && !collect.Passing(ev.Gaps)
		if settled && err == nil {
			return nil
		}
		if !o.Now().Before(limit) {
			found.Late = !found.Restore.Phase.Terminal() || found.Restore.Done() == backup.No
			return nil
		}
		if err := cli.Sleep(ctx, lookInterval); err != nil {
			return err
		}
	}
}

// awaitReady waits until all that was restored is ready, or the time is over.
func (o *options) awaitReady(ctx context.Context, found *backup.DrillFound, progress *render.Progress) error {
	begun := o.Now()
	for {
		o.collector.DrillReady(ctx, o.ev.Drill, found)
		found.Waited = backup.Duration(o.Now().Sub(begun).Truncate(time.Second))
		pending := diagnose.DrillPending(o.ev.Drill)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case pending == "" || !o.Now().Before(begun.Add(o.flags.ready)):
			return nil
		}
		progress.Text("waits for " + pending)
		if err := cli.Sleep(ctx, lookInterval); err != nil {
			return err
		}
	}
}
