package act

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

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
		if got := code(CodeOf(finalizer.Refusal(c.plan))); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	other := errors.New("other")
	if !errors.Is(CodeOf(other), other) {
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
		o.Flags.Confirm = confirm
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
	if got := code(o.PrintResult(waiting, nil)); got != cli.CodePending || out.Len() == 0 {
		t.Errorf("code %d, printed %q", got, out)
	}
	broken := errors.New("no right")
	o, out = printing()
	if err := o.PrintResult(backup.Result{}, broken); !errors.Is(err, broken) || out.Len() > 0 {
		t.Errorf("%v; of an error before the first step %q is printed", err, out)
	}
}

func TestWhatTakesNothingAwayIsNotAskedFor(t *testing.T) {
	t.Parallel()
	plan := backup.Plan{Effect: backup.EffectCreates, Digest: "3fa9c2d1e0b7", Steps: []backup.Step{{Kind: backup.StepCreate}}}
	o, out := printing()
	if err := o.confirm(t.Context(), plan); err != nil || out.Len() > 0 {
		t.Errorf("%v; printed %q", err, out)
	}
	plan.Effect = backup.EffectErases
	if err := o.confirm(t.Context(), plan); !errors.Is(err, finalizer.ErrNotConfirmed) {
		t.Errorf("what erases is not asked for: %v", err)
	}
}

func TestFlagsAreChecked(t *testing.T) {
	t.Parallel()
	for word, f := range map[string]Flags{
		"--accept-risk=all":    {DryRun: DryRunNone, Accept: []string{string(backup.RiskStorageUnknown), "all"}},
		"--dry-run=yes":        {DryRun: "yes"},
		"nothing to --confirm": {DryRun: DryRunClient, Confirm: "3fa9c2d1e0b7"},
		"output format":        {DryRun: DryRunNone, Output: "xml"},
	} {
		var usage *cli.UsageError
		if err := f.Validate(); !errors.As(err, &usage) || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: got %v", word, err)
		}
	}
	for _, risk := range backup.Risks() {
		f := Flags{DryRun: DryRunServer, Accept: []string{string(risk)}}
		if err := f.Validate(); err != nil || len(f.Risks()) != 1 {
			t.Error(risk, err)
		}
	}
}

// printing prints into a buffer and reaches no cluster.
func printing() (*Act, *bytes.Buffer) {
	out := &bytes.Buffer{}
	g := &cli.Globals{Now: time.Now, Getenv: func(string) string { return "" }, Color: "never"}
	g.In, g.Out, g.ErrOut = strings.NewReader(""), out, &bytes.Buffer{}
	return &Act{Globals: g, Flags: &Flags{DryRun: DryRunNone}}, out
}
