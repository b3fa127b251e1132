package pause

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/timing"
)

// evidence is what the plan is judged on. Schedules that are where they are wanted
// already are told and left alone.
func (o *options) evidence(ctx context.Context) (backup.Evidence, error) {
	if err := o.find(ctx); err != nil {
		return backup.Evidence{}, err
	}
	pause := o.flags.verb == verbPause
	o.found = slices.DeleteFunc(o.found, func(s schedule) bool {
		if s.paused() != pause {
			return false
		}
		text := " is at work already"
		if pause {
			text = " is paused already"
		}
		o.note("already", backup.GateShown, s.ref().Human()+text)
		return true
	})
	ev := backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: o.Now().UTC(), Cluster: o.collector.Info(ctx),
		Object: backup.Object{Role: backup.RoleSchedule, Ref: o.target()}, Preflight: &backup.Preflight{},
	}
	if len(o.found) == 1 {
		ev.Object, ev.Raw = o.found[0].hit.Kind.View(o.found[0].raw), o.found[0].raw
	}
	if pause {
		return ev, nil
	}
	for _, s := range o.found {
		if o.flags.skip && s.how.Skip == "" {
			return ev, &cli.UsageError{Text: fmt.Sprintf("--skip-immediately: %s has no such field", s.hit.Kind.System)}
		}
		table, err := timing.Table(ctx, o.collector, s.hit.Kind, s.raw, o.Now())
		if err != nil {
			o.note("schedule", backup.GateWarning, fmt.Sprintf("%s makes no backups: %s: %s", s.ref().Human(), s.how.Cron, err))
			continue
		}
		ev.Checked = append(ev.Checked, o.collector.PreflightSchedule(ctx, s.hit, s.raw)...)
		table.Paused, table.Skips = false, table.Skips || o.flags.skip
		ev.Preflight.Timetables = append(ev.Preflight.Timetables, table)
	}
	return ev, nil
}

// target is what the plan is about: the one schedule, or no single one.
func (o *options) target() backup.Ref {
	if len(o.found) == 1 {
		return o.found[0].ref()
	}
	return backup.Ref{Resource: "schedules", Kind: "Schedule"}
}

// judge is the plan that sets the switch of each schedule.
func (o *options) judge(ev backup.Evidence, req finalizer.Request) backup.Plan {
	var steps []backup.Step
	gate := slices.Clone(o.notes)
	for _, s := range o.found {
		steps = append(steps, o.step(s))
		if tools := s.hit.Kind.View(s.raw).GitOps; len(tools) > 0 {
			gate = append(gate, backup.GateResult{
				Condition: "gitops", State: backup.GateWarning,
				Because: fmt.Sprintf("%s is kept by %s, which may set it back", s.ref().Human(), strings.Join(tools, ", ")),
			})
		}
	}
	plan := finalizer.Propose(ev, finalizer.Proposal{
		Target: o.target(), System: ev.Object.System, Way: o.flags.verb, Effect: backup.EffectChanges,
		Steps: steps, Gate: append(gate, diagnose.Preflight(ev, nil)...),
	}, req)
	plan.Timetables = ev.Preflight.Timetables
	return plan
}

// step sets the switch and nothing else. It holds for this very object, whatever
// else of it changes meanwhile.
func (o *options) step(s schedule) backup.Step {
	pause := o.flags.verb == verbPause
	step := backup.Step{
		Kind: backup.StepPatch, Target: s.ref(), Effect: backup.EffectChanges,
		Does: fmt.Sprintf("set %s to %t", s.how.Paused, pause), Undo: fmt.Sprintf("set it back to %t", !pause),
		Patch: []backup.PatchOp{
			{Op: "test", Path: "/metadata/uid", Value: s.ref().UID},
			{Op: "add", Path: pointer(s.how.Paused), Value: pause},
		},
	}
	if o.flags.skip {
		step.Patch = append(step.Patch, backup.PatchOp{Op: "add", Path: pointer(s.how.Skip), Value: true})
	}
	return step
}

// pointer is a path with dots as a JSON pointer.
func pointer(path string) string { return "/" + strings.ReplaceAll(path, ".", "/") }
