package act

import (
	"context"
	"errors"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// Many is a verb for several objects: each is judged alone, all are shown in one
// table with one digest, and carried out one after the other until the first surprise.
type Many struct {
	*Act
	Collector *collect.Collector
	Hits      []collect.Hit
	Gaps      []backup.Gap // what could not be listed when they were selected
	// NotDeleting counts what was selected and is not about to be freed.
	NotDeleting int
	Depth       collect.Depth
	// Verb is what happens to them, for the question: "free", "delete".
	Verb string
	// OneOfMany is a plan as one of several; nil leaves it.
	OneOfMany func(backup.Plan) backup.Plan
	// Attend prepares the executor for one object; nil leaves it.
	Attend func(context.Context, *finalizer.Executor, collect.Hit)
}

// Run goes from the objects over their plans and one confirmation to the results.
// The results are empty where nothing was begun.
func (m *Many) Run(ctx context.Context) (backup.ResultList, error) {
	list, err := m.Plans(ctx)
	if err != nil {
		return backup.ResultList{}, err
	}
	if m.Flags.DryRun != DryRunNone || list.Free == 0 {
		return backup.ResultList{}, errors.Join(m.printList(list), LeftCode(list))
	}
	if err := m.confirmMany(ctx, list); err != nil {
		return backup.ResultList{}, err
	}
	results, err := m.carryOut(ctx, list)
	return results, errors.Join(m.printResults(results), err)
}

// Plans judges each object alone. What they have in common is read once; right
// before each write everything is read anew.
func (m *Many) Plans(ctx context.Context) (backup.PlanList, error) {
	plans := make([]*backup.Plan, len(m.Hits))
	gaps := m.Gaps
	err := m.Collector.Shared().Examine(ctx, m.Hits, m.Depth, func(i int, ev backup.Evidence, err error) {
		if err == nil {
			var plan backup.Plan
			plan, err = m.Plan(ctx, m.Executor(m.recollect(m.Hits[i]), ""), ev)
			plans[i] = &plan
		}
		switch {
		case cluster.IsAbsent(err): // it went by itself while it was looked at
			plans[i] = nil
		case err != nil:
			plans[i] = nil
			gaps = append(gaps, backup.Gap{What: m.Hits[i].Ref().Human(), Why: err.Error(), Lookup: cluster.Lookup(err)})
		}
	})
	var all []backup.Plan
	for _, plan := range plans {
		switch {
		case plan == nil:
		case m.OneOfMany != nil:
			all = append(all, m.OneOfMany(*plan))
		default:
			all = append(all, *plan)
		}
	}
	list := finalizer.NewBatch(all)
	list.NotDeleting, list.Gaps = m.NotDeleting, gaps
	if len(all) == 0 {
		list.At, list.Cluster, list.Items = m.Now().UTC(), m.Reader.Info(ctx), []backup.Plan{}
	}
	return list, err
}

// recollect reads an object and everything about it anew.
func (m *Many) recollect(hit collect.Hit) Collecting {
	return func(ctx context.Context) (backup.Evidence, error) { return m.Collector.Evidence(ctx, hit, m.Depth) }
}

// carryOut carries the plans out one after the other, until the first surprise.
func (m *Many) carryOut(ctx context.Context, list backup.PlanList) (backup.ResultList, error) {
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
		result, err := m.one(ctx, plan)
		if stopped = finalizer.Surprise(result, err); stopped != "" {
			failed = StopError(result, err)
		}
		if len(result.Outcomes) == 0 && err != nil {
			out.NotDone = append(out.NotDone, backup.NotDone{Ref: plan.Target, Why: err.Error()})
			continue
		}
		out.Items = append(out.Items, result)
	}
	if failed == nil {
		failed = LeftCode(list)
	}
	return out, failed
}

// one carries out one of the plans; the digest of the list was given for it.
func (m *Many) one(ctx context.Context, plan backup.Plan) (backup.Result, error) {
	hit := hitOf(plan.Target, m.Hits)
	executor := m.Executor(m.recollect(hit), plan.Target.Human()+": ")
	if m.Attend != nil {
		m.Attend(ctx, executor, hit)
	}
	request := m.Request
	request.Confirm = finalizer.Confirmation{Digest: plan.Digest}
	result, err := executor.Run(ctx, plan, request)
	result.JournalDir = m.Flags.JournalDir
	return result, err
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

// StopError is the error with which a batch ends after a surprise.
func StopError(result backup.Result, err error) error {
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

// LeftCode is the exit code for the objects that are left alone.
func LeftCode(list backup.PlanList) error {
	switch {
	case list.Refused > 0:
		return cli.Code(cli.CodeRefused)
	case list.Undecided > 0 || len(list.Gaps) > 0:
		return cli.Code(cli.CodeUnknown)
	}
	return nil
}
