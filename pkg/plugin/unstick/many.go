package unstick

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// many tells whether the command line is about several objects, or may be.
func (o *options) many() bool { return o.flags.selects() || len(o.targets) > 1 }

// runMany goes from the objects over their plans and one confirmation to the results.
func (o *options) runMany(ctx context.Context) error {
	chosen, err := o.choose(ctx)
	if err != nil {
		return err
	}
	list, err := o.planMany(ctx, chosen)
	if err != nil {
		return err
	}
	if o.flags.DryRun != act.DryRunNone || list.Free == 0 {
		return errors.Join(o.printList(list), leftCode(list))
	}
	if err := o.confirmMany(ctx, list); err != nil {
		return err
	}
	results, err := o.carryOut(ctx, list, chosen)
	return errors.Join(o.printResults(results), err)
}

// planMany judges each object alone. What they have in common is read once;
// right before each write everything is read anew.
func (o *options) planMany(ctx context.Context, chosen selection) (backup.PlanList, error) {
	plans := make([]*backup.Plan, len(chosen.hits))
	gaps := chosen.gaps
	err := o.collector.Shared().Examine(ctx, chosen.hits, o.depth(), func(i int, ev backup.Evidence, err error) {
		if err == nil {
			var plan backup.Plan
			plan, err = o.Plan(ctx, o.Executor(o.recollect(chosen.hits[i]), ""), ev)
			plans[i] = &plan
		}
		switch {
		case cluster.IsAbsent(err): // it went by itself while it was looked at
			plans[i] = nil
		case err != nil:
			plans[i] = nil
			gaps = append(gaps, backup.Gap{What: chosen.hits[i].Ref().Human(), Why: err.Error(), Lookup: cluster.Lookup(err)})
		}
	})
	var all []backup.Plan
	for _, plan := range plans {
		if plan != nil {
			all = append(all, finalizer.ForMany(*plan))
		}
	}
	list := finalizer.NewBatch(all)
	list.NotDeleting, list.Gaps = chosen.alive, gaps
	if len(all) == 0 {
		list.At, list.Cluster, list.Items = o.Now().UTC(), o.Reader.Info(ctx), []backup.Plan{}
	}
	return list, err
}

// recollect reads an object and everything about it anew.
func (o *options) recollect(hit collect.Hit) act.Collecting {
	return func(ctx context.Context) (backup.Evidence, error) { return o.collector.Evidence(ctx, hit, o.depth()) }
}

// confirmMany shows the plans and gets them confirmed: by their digest, or by
// what a person types on a terminal.
func (o *options) confirmMany(ctx context.Context, list backup.PlanList) error {
	answer := finalizer.BatchAnswer{Digest: o.flags.Confirm}
	asked := o.flags.Confirm == "" && o.Interactive()
	if asked {
		if err := o.printList(list); err != nil {
			return err
		}
		var err error
		if answer, err = o.askMany(ctx, list); err != nil {
			return err
		}
	}
	err := answer.Confirms(list)
	switch {
	case err == nil:
		return nil
	case asked:
		return &cli.HintedError{Err: err, Hint: "nothing was changed; type the answer exactly to go ahead"}
	}
	return errors.Join(o.printList(list), &cli.HintedError{
		Err: err, Hint: "nothing was changed; to carry out these plans repeat the command with --confirm=" + list.Digest,
	})
}

func (o *options) askMany(ctx context.Context, list backup.PlanList) (finalizer.BatchAnswer, error) {
	answers := bufio.NewReader(o.In)
	var answer finalizer.BatchAnswer
	for _, path := range finalizer.BatchTypeBack(list) {
		typed, err := o.Line(ctx, answers, fmt.Sprintf("Type %s to confirm that what lies there may be lost: ", path))
		if err != nil {
			return answer, err
		}
		answer.Paths = append(answer.Paths, typed)
	}
	var err error
	answer.Words, err = o.Line(ctx, answers, fmt.Sprintf("Type %s to free them: ", finalizer.BatchWords(list)))
	return answer, err
}

// carryOut carries the plans out one after the other, until the first surprise.
func (o *options) carryOut(ctx context.Context, list backup.PlanList, chosen selection) (backup.ResultList, error) {
	out := backup.ResultList{APIVersion: backup.APIVersion, Kind: "ResultList", Digest: list.Digest, Items: []backup.Result{}}
	stopped, failed := "", error(nil)
	for _, plan := range list.Items {
		switch err := finalizer.Refusal(plan); {
		case err != nil:
			out.NotDone = append(out.NotDone, backup.NotDone{Ref: plan.Target, Why: render.Obstacle(plan)})
			continue
		case stopped != "":
			out.NotDone = append(out.NotDone, backup.NotDone{Ref: plan.Target, Why: "not begun, because of " + stopped})
			continue
		}
		executor := o.Executor(o.recollect(hitOf(plan.Target, chosen.hits)), plan.Target.Human()+": ")
		request := o.Request
		request.Confirm = finalizer.Confirmation{Digest: plan.Digest} // that of the list was given
		result, err := executor.Run(ctx, plan, request)
		result.JournalDir = o.flags.JournalDir
		if stopped = finalizer.Surprise(result, err); stopped != "" {
			failed = stopError(result, err)
		}
		if len(result.Outcomes) == 0 && err != nil {
			out.NotDone = append(out.NotDone, backup.NotDone{Ref: plan.Target, Why: err.Error()})
			continue
		}
		out.Items = append(out.Items, result)
	}
	if failed == nil {
		failed = leftCode(list)
	}
	return out, failed
}

// hitOf finds the object of a plan among those that were chosen.
func hitOf(target backup.Ref, hits []collect.Hit) collect.Hit {
	for _, hit := range hits {
		if hit.Ref().Same(target) {
			return hit
		}
	}
	return collect.Hit{}
}

// stopError is the error with which a batch ends after a surprise.
func stopError(result backup.Result, err error) error {
	switch {
	case errors.Is(err, finalizer.ErrPlanChanged):
		return &cli.HintedError{Err: err, Hint: "something changed since the plans were made, and nothing more was done; look at the new plans and confirm their digest"}
	case err != nil:
		return err
	case result.Ended == "failed":
		return cli.Code(cli.CodeError)
	}
	return cli.Code(cli.CodePending)
}

// leftCode is the exit code for the objects that are left alone.
func leftCode(list backup.PlanList) error {
	switch {
	case list.Refused > 0:
		return cli.Code(cli.CodeRefused)
	case list.Undecided > 0 || len(list.Gaps) > 0:
		return cli.Code(cli.CodeUnknown)
	}
	return nil
}

func (o *options) printList(list backup.PlanList) error {
	if o.Output.IsStructured() {
		return o.Output.Print(o.Out, list)
	}
	return render.PlanList(o.Out, list, o.Style(o.Out))
}

func (o *options) printResults(results backup.ResultList) error {
	if o.Output.IsStructured() {
		return o.Output.Print(o.Out, results)
	}
	return render.ResultList(o.Out, results, o.Style(o.Out))
}
