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
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// printRefused shows what stands in the way: to a person as the plan, beside a
// format for programs as an error, since there is no object to print.
func (o *options) printRefused(plan backup.Plan, refused error) error {
	if o.Output != "" {
		return refused
	}
	return errors.Join(render.Plan(o.Out, shown(plan), o.Style(o.Out)), act.CodeOf(refused))
}

// printDraft shows the manifest, as kubectl does in a dry run, or the plan.
func (o *options) printDraft(plan backup.Plan) error {
	if o.Output == "" {
		return render.Plan(o.Out, shown(plan), o.Style(o.Out))
	}
	return o.printObject(o.object)
}

// printMade tells what was made, or prints it as the server has it.
func (o *options) printMade(ctx context.Context, result backup.Result, err error) error {
	if err != nil {
		return err
	}
	if o.Output == "" {
		return render.Made(o.Out, result, o.Style(o.Out))
	}
	object, err := o.Reader.Get(ctx, o.kind.Served, o.ref.Namespace, o.ref.Name)
	if err != nil {
		return err
	}
	return o.printObject(object)
}

func (o *options) printObject(object map[string]any) error {
	if o.Output == "name" {
		_, err := fmt.Fprintln(o.Out, render.Escape(o.ref.String()))
		return err
	}
	return o.Output.Print(o.Out, object)
}

// hintSystem says how to tell which system or namespace is meant.
func hintSystem(err error) error {
	var several *collect.SeveralSystemsError
	var homeless *collect.HomelessError
	switch {
	case errors.As(err, &several):
		return &cli.HintedError{Err: err, Hint: "say which one: --system=" + several.Systems[0]}
	case errors.As(err, &homeless):
		return &cli.HintedError{Err: err, Hint: "say in which one with -n"}
	}
	return err
}

// faultsError names each field that the server would drop or refuse.
func faultsError(faults []compose.Fault) error {
	if len(faults) == 0 {
		return nil
	}
	lines := make([]string, 0, len(faults))
	for _, fault := range faults {
		lines = append(lines, fault.Error())
	}
	return &cli.UsageError{Text: strings.Join(lines, "\n")}
}

// wrongSystem says whose flag it is.
func wrongSystem(flag, system string, role backup.Role) error {
	return &cli.UsageError{Text: fmt.Sprintf("--%s is for a %s of %s, and not of %s", flag, role, strings.Join(compose.SystemsWith(role, flag), " or "), system)}
}

// shown is a plan as a person sees it: what was copied from another object may hold
// what is not for a terminal.
func shown(plan backup.Plan) backup.Plan {
	plan.Steps = slices.Clone(plan.Steps)
	for i, step := range plan.Steps {
		if step.Object != nil {
			plan.Steps[i].Object = redact.Object(step.Object)
		}
	}
	return plan
}
