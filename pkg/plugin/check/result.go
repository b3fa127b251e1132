package check

import (
	"cmp"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

func compareRefs(a, b backup.Ref) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Resource, b.Resource))
}

// warn says what could not be listed, and that there is nothing to check.
func (o *options) warn(found int, gaps []backup.Gap) error {
	for _, gap := range gaps {
		if _, err := fmt.Fprintln(o.ErrOut, render.Escape("warning: not listed: "+gap.What+": "+gap.Why)); err != nil {
			return err
		}
	}
	if found == 0 && len(gaps) == 0 && !o.Quiet {
		_, err := fmt.Fprintln(o.ErrOut, "No locations found.")
		return err
	}
	return nil
}

// print writes one check as itself and several as a list; as text, what was not
// named one by one is shown in short.
func (o *options) print(checks []backup.LocationCheck) error {
	if o.output.IsStructured() {
		if len(checks) == 1 && len(o.targets) == 1 {
			return o.output.Print(o.Out, checks[0])
		}
		return o.output.Print(o.Out, cli.NewList("LocationCheckList", checks))
	}
	for i, check := range checks {
		if i > 0 {
			if _, err := fmt.Fprintln(o.Out); err != nil {
				return err
			}
		}
		if err := render.Check(o.Out, check, o.Style(o.Out), len(o.targets) == 0 && len(checks) > 1); err != nil {
			return err
		}
	}
	return nil
}

// verdict is the exit code: a problem outweighs what could not be checked.
func verdict(checks []backup.LocationCheck, gaps []backup.Gap) error {
	code := cli.CodeOK
	if len(gaps) > 0 {
		code = cli.CodeUnknown
	}
	for _, check := range checks {
		switch check.Status {
		case backup.StatusProblem:
			return cli.Code(cli.CodeProblems)
		case backup.StatusUnknown:
			code = cli.CodeUnknown
		}
	}
	if code == cli.CodeOK {
		return nil
	}
	return cli.Code(code)
}
