package create

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/wait"
)

// run goes from the flags over the manifest and its checks to the object.
func (o *options) run(ctx context.Context) error {
	if err := o.readBase(ctx); err != nil {
		return err
	}
	if err := o.locate(ctx); err != nil {
		return err
	}
	if err := o.also(ctx, o.noun.located); err != nil {
		return err
	}
	if err := o.draft(); err != nil {
		return err
	}
	if err := o.also(ctx, o.noun.drafted); err != nil {
		return err
	}
	if err := o.check(ctx); err != nil {
		return err
	}
	if o.restoring() {
		if err := o.source(ctx); err != nil {
			return err
		}
	}
	ev, err := o.evidence(ctx)
	if err != nil {
		return err
	}
	executor := o.Executor(o.evidence, "")
	plan, err := o.Plan(ctx, executor, ev)
	if err != nil {
		return err
	}
	if refused := finalizer.Refusal(plan); refused != nil {
		return o.printRefused(plan, refused)
	}
	if o.Flags.DryRun != "none" {
		return o.printDraft(plan)
	}
	result, err := o.Do(ctx, executor, plan)
	if err = o.printMade(ctx, result, err); err != nil || !o.flags.wait {
		return err
	}
	if o.noun.made != nil {
		return o.noun.made(ctx, o)
	}
	hit := collect.Hit{Kind: o.kind, Served: o.kind.Served, Namespace: o.ref.Namespace, Name: o.ref.Name}
	said := *o.Globals
	if o.Output != "" { // the object alone is for programs
		said.Out = o.ErrOut
	}
	return wait.Done(ctx, &said, o.collector, hit, o.flags.timeout)
}

// also does what one noun does beside the others.
func (o *options) also(ctx context.Context, does func(context.Context, *options) error) error {
	if does == nil {
		return nil
	}
	return does(ctx, o)
}

// locate finds the kind, the namespace and the name.
func (o *options) locate(ctx context.Context) error {
	kind, err := o.chooseKind(ctx)
	if err != nil {
		return hintSystem(err)
	}
	if !compose.Creates(kind.System, o.noun.role) {
		return &cli.UsageError{Text: fmt.Sprintf("%ss of %s cannot be made here yet", o.noun.role, kind.System)}
	}
	namespace := o.base.namespace
	if namespace == "" {
		if namespace, err = o.collector.Home(ctx, kind, o.scope); err != nil {
			return hintSystem(err)
		}
	}
	if o.name == "" {
		o.name = o.base.name
	}
	if o.name == "" {
		return &cli.UsageError{Text: "name what is to be made; " + o.base.flag + " does not"}
	}
	o.kind, o.ref = kind, kind.Served.Ref(namespace, o.name)
	return nil
}

// check compares the manifest with what the system takes and with the definition
// that this cluster serves.
func (o *options) check(ctx context.Context) error {
	faults := compose.Refused(o.object, o.kind.System, o.noun.role)
	schema, err := o.collector.Schema(ctx, o.kind.Served)
	if err != nil {
		return fmt.Errorf("read the definition of %s, with which the fields are compared: %w", o.ref.GroupResource(), err)
	}
	faults = append(append(faults, o.plans(ctx)...), o.references(ctx)...)
	for _, fault := range compose.Check(o.object, schema) {
		if !slices.ContainsFunc(faults, func(known compose.Fault) bool { return known.Path == fault.Path }) {
			faults = append(faults, fault)
		}
	}
	return faultsError(faults)
}

// evidence is what the new object is judged on.
func (o *options) evidence(ctx context.Context) (backup.Evidence, error) {
	ev := backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: o.Now().UTC(), Cluster: o.collector.Info(ctx),
		Object:    backup.Object{System: o.kind.System, Role: o.noun.role, Ref: o.ref},
		Preflight: o.preflight(ctx),
	}
	if o.base.checks != nil {
		ev.Checked = o.base.checks(ctx)
	}
	return ev, nil
}

// retention is what deleting the new object will do to its data, where a field of
// it decides that.
func (o *options) retention() *backup.Retention {
	retention := o.kind.View(o.object).Retention
	if !strings.HasPrefix(retention.Source, "spec.") {
		return nil
	}
	return &retention
}

// judge is the plan to make the object.
func (o *options) judge(ev backup.Evidence, req finalizer.Request) backup.Plan {
	plan := finalizer.Propose(ev, finalizer.Proposal{
		Target: o.ref, System: o.kind.System, Way: "create", Effect: o.effect(),
		Gate: slices.Concat(o.notes, diagnose.Preflight(ev, o.flags.skipped())),
		Steps: append(slices.Clone(o.before), backup.Step{
			Kind: backup.StepCreate, Target: o.ref, Effect: o.effect(), Object: o.object,
			Does: "make " + o.ref.Human() + o.restoreInto(), Undo: o.undo(),
		}),
	}, req)
	plan.Timetables, plan.Retention = o.timetables, o.retention()
	return plan
}
