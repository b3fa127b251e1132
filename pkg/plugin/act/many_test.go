package act

import (
	"errors"
	"fmt"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestWhatIsLeftAloneDecidesTheCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list backup.PlanList
		want int
	}{
		"all are free":          {backup.PlanList{Free: 2}, cli.CodeOK},
		"nothing was selected":  {backup.PlanList{}, cli.CodeOK},
		"one is refused":        {backup.PlanList{Free: 1, Refused: 1, Undecided: 1}, cli.CodeRefused},
		"one is undecided":      {backup.PlanList{Free: 1, Undecided: 1}, cli.CodeUnknown},
		"not all could be seen": {backup.PlanList{Free: 1, Gaps: []backup.Gap{{What: "x"}}}, cli.CodeUnknown},
	} {
		if got := code(LeftCode(c.list)); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestASurpriseDecidesTheCode(t *testing.T) {
	t.Parallel()
	broken := errors.New("the server said no")
	for name, c := range map[string]struct {
		result backup.Result
		err    error
		want   int
		hint   bool
	}{
		"a changed plan":   {backup.Result{}, fmt.Errorf("collect again: %w", finalizer.ErrPlanChanged), -1, true},
		"an error":         {backup.Result{Ended: "failed"}, broken, -1, false},
		"a failed step":    {backup.Result{Ended: "failed"}, nil, cli.CodeError, false},
		"it is still here": {backup.Result{Ended: "waiting"}, nil, cli.CodePending, false},
	} {
		err := StopError(c.result, c.err)
		var hinted *cli.HintedError
		if code(err) != c.want || errors.As(err, &hinted) != c.hint || c.err != nil && !errors.Is(err, c.err) && !errors.Is(c.err, finalizer.ErrPlanChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
