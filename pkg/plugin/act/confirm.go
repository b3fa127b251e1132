package act

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// confirm shows the plan and gets it confirmed: by its digest, or by what a
// person types on a terminal. A plan that takes nothing away needs neither.
func (a *Act) confirm(ctx context.Context, plan backup.Plan) error {
	a.Request.Confirm = finalizer.Confirmation{Digest: a.Flags.Confirm}
	ask := a.Flags.Confirm == "" && !plan.Effect.Gentle() && a.Interactive()
	if ask {
		if err := a.PrintPlan(plan); err != nil {
			return err
		}
		answer, err := a.ask(ctx, plan)
		if err != nil {
			return err
		}
		a.Request.Confirm = answer
	}
	err := a.Request.Confirm.Confirms(plan)
	switch {
	case err == nil:
		return nil
	case ask:
		return &cli.HintedError{Err: err, Hint: "nothing was changed; type the answer exactly to go ahead"}
	}
	return errors.Join(a.PrintPlan(plan), &cli.HintedError{
		Err: err, Hint: "nothing was changed; to carry out this plan repeat the command with --confirm=" + plan.Digest,
	})
}

// ask lets a person on a terminal type back the name of the object, and each
// path with data. Only an exact answer confirms.
func (a *Act) ask(ctx context.Context, plan backup.Plan) (finalizer.Confirmation, error) {
	answers := bufio.NewReader(a.In)
	var answer finalizer.Confirmation
	for _, path := range finalizer.TypeBack(plan) {
		typed, err := a.Line(ctx, answers, fmt.Sprintf("Type %s to confirm that what lies there may be lost: ", path))
		if err != nil {
			return answer, err
		}
		answer.Paths = append(answer.Paths, typed)
	}
	typed, err := a.Line(ctx, answers, fmt.Sprintf("Type %s to go ahead: ", plan.Target.Name))
	answer.Name = typed
	return answer, err
}

// Line asks one question; the end of the input is an empty answer. Ctrl-C ends
// the waiting.
func (a *Act) Line(ctx context.Context, answers *bufio.Reader, question string) (string, error) {
	_, _ = fmt.Fprint(a.ErrOut, render.Escape(question))
	typed := make(chan string, 1)
	go func() {
		text, _ := answers.ReadString('\n') // an error is the end of the input: nothing typed
		typed <- strings.TrimSpace(text)
	}()
	select {
	case text := <-typed:
		return text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
