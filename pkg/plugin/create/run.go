package create

import (
	"context"
	"fmt"
	"maps"
	"slices"

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
	return wait.Done(ctx, o.Globals, o.collector, hit, o.flags.timeout)
}

// also does what one noun does beside the others.
func (o *options) also(ctx context.Context, does func(context.Context, *options) error) error {
	if does == nil {
		return nil
	}
	return does(ctx, o)
}

// locate finds the kind and the namespace.
func (o *options) locate(ctx context.Context) error {
	kind, err := o.collector.KindFor(ctx, o.noun.role, o.flags.system, func(name string) bool { return compose.Creates(name, o.noun.role) })
	if err != nil {
		return hintSystem(err)
	}
	if !compose.Creates(kind.System, o.noun.role) {
		return &cli.UsageError{Text: fmt.Sprintf("%ss of %s cannot be made here yet", o.noun.role, kind.System)}
	}
	namespace, err := o.collector.Home(ctx, kind, o.scope)
	if err != nil {
		return hintSystem(err)
	}
	o.kind, o.ref = kind, kind.Served.Ref(namespace, o.name)
	return nil
}

// draft makes the manifest of what was typed.
func (o *options) draft() error {
	o.object = compose.New(o.kind.Served, o.ref.Namespace, o.name)
	for _, name := range slices.Sorted(maps.Keys(o.flags.values)) {
		v := o.flags.values[name]
		if v.typed == nil {
			continue
		}
		field, known := compose.Find(name, o.kind.System, o.noun.role)
		if !known {
			return &cli.UsageError{Text: fmt.Sprintf("--%s is not for a %s of %s", name, o.noun.role, o.kind.System)}
		}
		if err := field.Apply(o.object, v.typed); err != nil {
			return &cli.UsageError{Text: err.Error()}
		}
	}
	for _, typed := range o.flags.set {
		if err := compose.Set(o.object, typed); err != nil {
			return &cli.UsageError{Text: err.Error()}
		}
	}
	return nil
}

// check compares the manifest with the definition that this cluster serves.
func (o *options) check(ctx context.Context) error {
	schema, err := o.collector.Schema(ctx, o.kind.Served)
	if err != nil {
		return fmt.Errorf("read the definition of %s, with which the fields are compared: %w", o.ref.GroupResource(), err)
	}
	return faultsError(compose.Check(o.object, schema))
}

// evidence is what the new object is judged on.
func (o *options) evidence(ctx context.Context) (backup.Evidence, error) {
	return backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: o.Now().UTC(), Cluster: o.collector.Info(ctx),
		Object:    backup.Object{System: o.kind.System, Role: o.noun.role, Ref: o.ref},
		Preflight: o.look(ctx),
	}, nil
}

// judge is the plan to make the object.
func (o *options) judge(ev backup.Evidence, req finalizer.Request) backup.Plan {
	return finalizer.Propose(ev, finalizer.Proposal{
		Target: o.ref, System: o.kind.System, Way: "create", Effect: backup.EffectCreates,
		Gate: diagnose.Preflight(ev, o.flags.skipped()),
		Steps: append(slices.Clone(o.before), backup.Step{
			Kind: backup.StepCreate, Target: o.ref, Effect: backup.EffectCreates, Object: o.object,
			Does: "make " + o.ref.Human(), Undo: "'kubectl backup delete " + o.ref.String() + "'",
		}),
	}, req)
}
