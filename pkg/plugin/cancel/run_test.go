package cancel

import (
	"errors"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestTheGraverEndIsThatOfAll(t *testing.T) {
	t.Parallel()
	other := errors.New("other")
	for _, c := range []struct{ a, b, want error }{
		{nil, nil, nil},
		{nil, cli.Code(cli.CodePending), cli.Code(cli.CodePending)},
		{cli.Code(cli.CodePending), cli.Code(cli.CodeUnknown), cli.Code(cli.CodeUnknown)},
		{cli.Code(cli.CodeRefused), cli.Code(cli.CodeUnknown), cli.Code(cli.CodeRefused)},
		{other, nil, other},
		{nil, other, other},
	} {
		if got := graver(c.a, c.b); !errors.Is(got, c.want) {
			t.Errorf("%v and %v are %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestTheResultOfSeveralIsNoDocument(t *testing.T) {
	t.Parallel()
	f := &flags{Flags: act.Flags{DryRun: act.DryRunNone, Output: "json"}}
	var usage *cli.UsageError
	if err := f.check([]string{"one", "two"}); !errors.As(err, &usage) {
		t.Errorf("error %v", err)
	}
	if err := f.check([]string{"one"}); err != nil {
		t.Errorf("error %v", err)
	}
	f.DryRun = "maybe"
	if err := f.check([]string{"one"}); !errors.As(err, &usage) {
		t.Errorf("error %v", err)
	}
}
