package unstick

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// code is the exit code that an error carries, or -1 for one that carries none.
func code(err error) int {
	var c cli.Code
	switch {
	case err == nil:
		return cli.CodeOK
	case errors.As(err, &c):
		return int(c)
	}
	return -1
}

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
		if got := code(leftCode(c.list)); got != c.want {
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
		err := stopError(c.result, c.err)
		var hinted *cli.HintedError
		if code(err) != c.want || errors.As(err, &hinted) != c.hint || c.err != nil && !errors.Is(err, c.err) && !errors.Is(c.err, finalizer.ErrPlanChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestARefusalHasACodeAndNoSecondSentence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		plan backup.Plan
		want int
	}{
		"allowed":                    {backup.Plan{Decision: backup.DecisionAllowed}, cli.CodeOK},
		"refused":                    {backup.Plan{Decision: backup.DecisionRefused}, cli.CodeRefused},
		"undecided":                  {backup.Plan{Decision: backup.DecisionUndecided}, cli.CodeUnknown},
		"a risk that nobody accepts": {backup.Plan{Decision: backup.DecisionRisk, Needs: []backup.Risk{backup.RiskDataPresent}}, cli.CodeRefused},
		"a place that nobody saw":    {backup.Plan{Decision: backup.DecisionRisk, Needs: []backup.Risk{backup.RiskStorageUnknown}}, cli.CodeUnknown},
	} {
		if got := code(codeOf(finalizer.Refusal(c.plan))); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	other := errors.New("other")
	if !errors.Is(codeOf(other), other) {
		t.Error("another error is lost")
	}
}

func TestWithoutAnAnswerThePlanIsShownAndNothingIsDone(t *testing.T) {
	t.Parallel()
	plan := backup.Plan{
		Target: backup.Ref{Kind: "Backup", Resource: "backups", Name: "demo"}, Decision: backup.DecisionAllowed, Digest: "3fa9c2d1e0b7",
		Steps: []backup.Step{{Kind: backup.StepPatch, Effect: backup.EffectStrips}},
	}
	for confirm, want := range map[string]bool{"": false, "another": false, plan.Digest: true} {
		o, out := printing()
		o.flags.confirm = confirm
		err := o.confirm(t.Context(), plan)
		if (err == nil) != want {
			t.Errorf("--confirm=%s: %v", confirm, err)
		}
		var hinted *cli.HintedError
		if !want && (!errors.Is(err, finalizer.ErrNotConfirmed) || !errors.As(err, &hinted) || !strings.Contains(hinted.Hint, "--confirm="+plan.Digest) || !strings.Contains(out.String(), "demo")) {
			t.Errorf("--confirm=%s: %v; printed %q", confirm, err, out)
		}
	}
}

func TestAResultThatWaitsIsPending(t *testing.T) {
	t.Parallel()
	o, out := printing()
	waiting := backup.Result{Ended: "waiting", Outcomes: []backup.Outcome{{State: "done"}}}
	if got := code(o.printResult(waiting, nil)); got != cli.CodePending || out.Len() == 0 {
		t.Errorf("code %d, printed %q", got, out)
	}
	broken := errors.New("no right")
	o, out = printing()
	if err := o.printResult(backup.Result{}, broken); !errors.Is(err, broken) || out.Len() > 0 {
		t.Errorf("%v; of an error before the first step %q is printed", err, out)
	}
}

// printing are options that print into a buffer and reach no cluster.
func printing() (*options, *bytes.Buffer) {
	out := &bytes.Buffer{}
	g := &cli.Globals{Now: now, Getenv: func(string) string { return "" }, Color: "never"}
	g.In, g.Out, g.ErrOut = strings.NewReader(""), out, &bytes.Buffer{}
	return &options{Globals: g, flags: typed(func(*flags) {})}, out
}
