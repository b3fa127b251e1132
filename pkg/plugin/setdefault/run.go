package setdefault

import (
	"context"
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

func (o *options) run(ctx context.Context) (err error) {
	if o.hit, err = o.collector.FindLocation(ctx, o.target, o.scope); err != nil {
		return err
	}
	if err := o.check(ctx); err != nil {
		return err
	}
	ev, err := o.evidence(ctx)
	if err != nil {
		return err
	}
	if !o.Output.IsStructured() && diagnose.OnlyDefault(ev) {
		_, err := fmt.Fprintln(o.Out, render.Escape(ev.Object.Ref.Human()+" is the default already"))
		return err
	}
	return o.Carry(ctx, ev, o.evidence)
}

// check refuses what cannot be a default: another kind, and a definition without the field.
func (o *options) check(ctx context.Context) error {
	ref := o.hit.Ref()
	if o.hit.Kind == nil || o.hit.Kind.Role != backup.RoleLocation {
		return &cli.UsageError{Text: ref.String() + " is no location"}
	}
	schema, err := o.collector.Schema(ctx, o.hit.Served)
	if err != nil {
		return fmt.Errorf("read the definition of %s: %w", ref.GroupResource(), err)
	}
	wanted := map[string]any{"spec": map[string]any{"default": true}}
	for _, fault := range compose.Check(wanted, schema) {
		if strings.HasPrefix(fault.Path, "spec.default") {
			return &cli.UsageError{Text: ref.GroupResource() + " has no default: " + fault.Error()}
		}
	}
	return nil
}

// evidence is the location, and which ones are the default.
func (o *options) evidence(ctx context.Context) (backup.Evidence, error) {
	ev, err := o.collector.Evidence(ctx, o.hit, collect.Depth{})
	if err != nil {
		return ev, err
	}
	defaults, err := o.collector.DefaultLocations(ctx, o.hit.Kind, o.hit.Namespace)
	if err != nil {
		return ev, err
	}
	ev.Location = &backup.LocationLook{
		Server:   backup.ServerLook{ReadOnly: ev.Object.Mode == "ReadOnly"},
		Defaults: defaults, DefaultsLookup: backup.Found,
	}
	return ev, nil
}

// judge is the plan: the others cease to be the default before this one becomes it,
// for of several the server keeps the youngest.
func (o *options) judge(ev backup.Evidence, req finalizer.Request) backup.Plan {
	var steps []backup.Step
	for _, other := range ev.Location.Defaults {
		if !other.Same(ev.Object.Ref) {
			steps = append(steps, compose.Default(other, false))
		}
	}
	return finalizer.Propose(ev, finalizer.Proposal{
		Target: ev.Object.Ref, System: ev.Object.System, Way: "set-default", Effect: backup.EffectChanges,
		Gate: diagnose.AsDefault(ev), Steps: append(steps, compose.Default(ev.Object.Ref, true)),
	}, req)
}
