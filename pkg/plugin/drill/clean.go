package drill

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
)

// cleanPatience is how long the clean-up waits for each thing to go.
const cleanPatience = 5 * time.Minute

var (
	namespaces = backup.Served{Version: "v1", Resource: "namespaces", Kind: "Namespace"}
	configMaps = backup.Served{Version: "v1", Resource: "configmaps", Kind: "ConfigMap", Namespaced: true}
)

// finish notes a drill that passed, and takes away what it made. It goes on after an
// interruption; a second one ends it.
func (o *options) finish(ctx context.Context, drill *backup.Drill) {
	if ctx.Err() != nil {
		_, _ = fmt.Fprintln(o.ErrOut, "interrupted: taking away what the drill made; once more leaves it")
		fresh, stop := signal.NotifyContext(context.WithoutCancel(ctx), os.Interrupt, syscall.SIGTERM)
		defer stop()
		ctx = fresh
	}
	if drill.Status == backup.StatusOK {
		if err := o.record(ctx, drill); err != nil {
			drill.RecordError = redact.Text(err.Error())
		}
	}
	drill.CleanUp = o.cleanUp(ctx)
	drill.JournalIDs = o.journal
}

// cleanUp takes away what the drill made, unless it is kept, and tells what is left.
func (o *options) cleanUp(ctx context.Context) backup.DrillCleanUp {
	var failed error
	if !o.flags.keep {
		failed = o.clean(ctx)
	}
	out := o.left(ctx)
	out.Kept = o.flags.keep
	if failed != nil {
		out.Error = redact.Text(failed.Error())
	}
	return out
}

// clean takes away what the drill made: first the Restore, since the server would
// make the namespaces anew as long as it restores into them.
func (o *options) clean(ctx context.Context) error {
	refs, err := o.made(ctx)
	if len(refs) == 0 {
		return err
	}
	if !o.Quiet {
		_, _ = fmt.Fprintln(o.ErrOut, "taking away what the drill made")
	}
	restores := o.restore.Served.Ref("", "").GroupResource()
	var others []backup.Step
	for _, ref := range refs {
		step := deletion(ref)
		if ref.GroupResource() != restores {
			others = append(others, step)
			continue
		}
		if err := o.do(ctx, step); err != nil {
			return err
		}
	}
	if err := o.settle(ctx); err != nil {
		return err
	}
	for _, ref := range refs {
		others = append(others, backup.Step{
			Kind: backup.StepWait, Target: ref, Effect: backup.EffectWaits, Until: finalizer.UntilGone,
			Does: "wait until " + ref.Human() + " is gone", Undo: "nothing to undo",
		})
	}
	return errors.Join(err, o.do(ctx, others...))
}

func deletion(ref backup.Ref) backup.Step {
	return backup.Step{
		Kind: backup.StepDelete, Target: ref, Effect: backup.EffectDeletes, UID: ref.UID,
		Does: "delete " + ref.Human() + ", which the drill made", Undo: "none",
	}
}

// settle waits until the server makes no objects for the Restore any more.
func (o *options) settle(ctx context.Context) error {
	for limit := o.Now().Add(cleanPatience); ; {
		ev, err := o.collector.Works(ctx, o.restoreHit())
		switch {
		case cluster.IsAbsent(err):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil && !slices.Contains([]string{"", "New", "InProgress"}, ev.Object.NativePhase):
			return nil
		case !o.Now().Before(limit):
			return fmt.Errorf("%s still runs, and would make its namespaces anew", ev.Object.Ref.Human())
		}
		if err := cli.Sleep(ctx, lookInterval); err != nil {
			return err
		}
	}
}

// do carries out steps that the plan of the drill announced.
func (o *options) do(ctx context.Context, steps ...backup.Step) error {
	effect := backup.EffectChanges
	for _, step := range steps {
		if step.Kind == backup.StepDelete {
			effect = backup.EffectDeletes
		}
	}
	side := *o.Act
	side.Judge = func(ev backup.Evidence, req finalizer.Request) backup.Plan {
		return finalizer.Propose(ev, finalizer.Proposal{Target: ev.Object.Ref, System: ev.Object.System, Way: "drill", Effect: effect, Steps: steps}, req)
	}
	// What the drill made goes also where the backup went meanwhile.
	executor := side.Executor(func(context.Context) (backup.Evidence, error) { return o.ev, nil }, "")
	plan, err := side.Plan(ctx, executor, o.ev)
	if err != nil {
		return err
	}
	if err := finalizer.Refusal(plan); err != nil {
		return err
	}
	answered := *side.Flags
	answered.Confirm = plan.Digest // whoever began the drill was shown that it ends so
	side.Flags = &answered
	result, err := side.Do(ctx, executor, plan)
	o.note(result)
	if err == nil && result.Ended == "waiting" {
		err = errors.New("not everything was gone after " + cleanPatience.String())
	}
	return err
}
