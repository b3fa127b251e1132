package act

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// confirmMany shows the plans and gets them confirmed: by their digest, or by
// what a person types on a terminal.
func (m *Many) confirmMany(ctx context.Context, list backup.PlanList) error {
	answer := finalizer.BatchAnswer{Digest: m.Flags.Confirm}
	asked := m.Flags.Confirm == "" && m.Interactive()
	if asked {
		if err := m.printList(list); err != nil {
			return err
		}
		var err error
		if answer, err = m.askMany(ctx, list); err != nil {
			return err
		}
	}
	err := answer.Confirms(list)
	switch {
	case err == nil:
		return nil
	case asked:
		return &cli.HintedError{Err: err, Hint: "nothing was changed; type the answer exactly to go ahead"}
	}
	return errors.Join(m.printList(list), &cli.HintedError{
		Err: err, Hint: "nothing was changed; to carry out these plans repeat the command with --confirm=" + list.Digest,
	})
}

func (m *Many) askMany(ctx context.Context, list backup.PlanList) (finalizer.BatchAnswer, error) {
	answers := bufio.NewReader(m.In)
	var answer finalizer.BatchAnswer
	for _, path := range finalizer.BatchTypeBack(list) {
		typed, err := m.Line(ctx, answers, fmt.Sprintf("Type %s to confirm that what lies there may be lost: ", path))
		if err != nil {
			return answer, err
		}
		answer.Paths = append(answer.Paths, typed)
	}
	var err error
	answer.Words, err = m.Line(ctx, answers, fmt.Sprintf("Type %s to %s them: ", finalizer.BatchWords(list), m.Verb))
	return answer, err
}

func (m *Many) printList(list backup.PlanList) error {
	if m.Output.IsStructured() {
		return m.Output.Print(m.Out, list)
	}
	return render.PlanList(m.Out, list, m.Style(m.Out))
}

func (m *Many) printResults(results backup.ResultList) error {
	if m.Output.IsStructured() {
		return m.Output.Print(m.Out, results)
	}
	return render.ResultList(m.Out, results, m.Style(m.Out))
}
