package create

import (
	"context"
	"errors"
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
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
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

// chooseKind is the kind of the system that --system or the base names, else of
// the one that has all the flags that were typed.
func (o *options) chooseKind(ctx context.Context) (*system.Kind, error) {
	wanted := o.flags.system
	if from := o.base.kind; from != nil {
		if wanted != "" && wanted != from.System {
			return nil, &cli.UsageError{Text: fmt.Sprintf("%s is of %s, and --system says %s", o.base.flag, from.System, wanted)}
		}
		wanted = from.System
	}
	can := func(system string) bool { return compose.Creates(system, o.noun.role) }
	fitting := o.fitting()
	kind, err := o.collector.KindFor(ctx, o.noun.role, wanted, func(system string) bool { return slices.Contains(fitting, system) })
	var none *collect.NoSystemError
	if wanted == "" && errors.As(err, &none) {
		kind, err = o.collector.KindFor(ctx, o.noun.role, wanted, can)
	}
	var several *collect.SeveralSystemsError
	if !errors.As(err, &several) || o.noun.system == nil {
		return kind, err
	}
	switch meant, unread := o.noun.system(ctx, o); {
	case unread != nil:
		return nil, unread
	case meant != "":
		return o.collector.KindFor(ctx, o.noun.role, meant, can)
	}
	return nil, err
}

// fitting are the systems that have all the flags that were typed; those of them for
// which these are enough, if there are such.
func (o *options) fitting() []string {
	given := o.flags.given()
	all := compose.SystemsWith(o.noun.role, given...)
	enough := slices.DeleteFunc(slices.Clone(all), func(system string) bool { return !compose.Enough(system, o.noun.role, given) })
	if len(enough) == 0 || len(o.flags.set) > 0 {
		return all
	}
	return enough
}

// draft makes the manifest: the base, then the flags, then --set.
func (o *options) draft() error {
	o.object = compose.New(o.kind.Served, o.ref.Namespace, o.name)
	if o.base.fill != nil {
		if err := o.base.fill(o.object); err != nil {
			return fmt.Errorf("%s: %w", o.base.flag, err)
		}
	}
	if err := o.emptyTemplate(); err != nil {
		return err
	}
	if err := o.applyFlags(); err != nil {
		return err
	}
	for _, typed := range o.flags.set {
		if err := compose.Set(o.object, typed); err != nil {
			return &cli.UsageError{Text: err.Error()}
		}
	}
	return nil
}

// applyFlags puts what was typed into the manifest.
func (o *options) applyFlags() error {
	var fields []compose.Field
	for _, name := range o.flags.given() {
		field, known := compose.Find(name, o.kind.System, o.noun.role)
		if !known {
			return wrongSystem(name, o.kind.System, o.noun.role)
		}
		fields = append(fields, field)
	}
	compose.Order(fields)
	for _, field := range fields {
		typed := o.flags.values[field.Flag].typed
		if field.Kind == compose.File {
			text, err := o.readFile(typed[0])
			if err != nil {
				return fmt.Errorf("--%s: %w", field.Flag, err)
			}
			typed = []string{string(text)}
		}
		if err := field.Apply(o.object, typed); err != nil {
			return &cli.UsageError{Text: err.Error()}
		}
	}
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
