package drill

import (
	"errors"
	"strings"
	"testing"
	"time"

	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestWhatCannotBeMeantIsRefused(t *testing.T) {
	t.Parallel()
	for word, c := range map[string]struct {
		args   string
		change func(*flags)
	}{
		"name what to look at":       {"", func(*flags) {}},
		"one backup is drilled":      {"a b", func(*flags) {}},
		"a drill has an end":         {"a", func(f *flags) { f.timeout = 0 }},
		"without --namespaces all":   {"a", func(f *flags) { f.namespaces = []string{"*"} }},
		"leave --storage=never away": {"a", func(f *flags) { f.storage.Mode = "never" }},
		"output format":              {"a", func(f *flags) { f.Output = "wide" }},
	} {
		streams, _, _, _ := genericiooptions.NewTestIOStreams()
		f := &flags{timeout: time.Minute, ready: time.Minute}
		f.DryRun = act.DryRunNone
		c.change(f)
		_, err := f.options(cli.NewGlobals(streams, "test"), strings.Fields(c.args))
		var usage *cli.UsageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: got %v", word, err)
		}
	}
}

func TestTheExitCodeIsThatOfTheDrill(t *testing.T) {
	t.Parallel()
	for status, want := range map[backup.Status]error{
		backup.StatusOK: nil, backup.StatusProblem: cli.Code(cli.CodeProblems), backup.StatusUnknown: cli.Code(cli.CodeUnknown),
	} {
		if got := codeOf(status); !errors.Is(got, want) {
			t.Errorf("%s: %v, want %v", status, got, want)
		}
	}
}

// A drill that was cut short proves nothing, whatever was seen until then.
func TestADrillThatWasCutShortProvesNothing(t *testing.T) {
	t.Parallel()
	begun := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	o := &options{Act: &act.Act{Globals: &cli.Globals{Now: func() time.Time { return begun.Add(90 * time.Second) }}}, flags: &flags{}, hit: collect.Hit{Name: "nightly"}}
	o.ev.Drill = &backup.DrillLook{Name: "drill-1-nightly"}
	got := o.result(begun, errors.New("no route"))
	if got.Status != backup.StatusUnknown || got.Verdict != "the drill was not finished" || time.Duration(got.Took) != 90*time.Second {
		t.Errorf("%+v", got)
	}
}
