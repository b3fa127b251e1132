package unstick

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// ask lets a person on a terminal type back the name of the object, and each
// path with data. Only an exact answer confirms.
func (o *options) ask(ctx context.Context, plan backup.Plan) (finalizer.Confirmation, error) {
	answers := bufio.NewReader(o.In)
	var answer finalizer.Confirmation
	for _, path := range finalizer.TypeBack(plan) {
		typed, err := o.line(ctx, answers, fmt.Sprintf("Type %s to confirm that what lies there may be lost: ", path))
		if err != nil {
			return answer, err
		}
		answer.Paths = append(answer.Paths, typed)
	}
	typed, err := o.line(ctx, answers, fmt.Sprintf("Type %s to go ahead: ", plan.Target.Name))
	answer.Name = typed
	return answer, err
}

// line asks one question; the end of the input is an empty answer. Ctrl-C ends
// the waiting.
func (o *options) line(ctx context.Context, answers *bufio.Reader, question string) (string, error) {
	_, _ = fmt.Fprint(o.ErrOut, render.Escape(question))
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
