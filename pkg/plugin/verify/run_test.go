package verify

import (
	"errors"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestExitCode(t *testing.T) {
	for _, c := range []struct {
		all  []backup.Status
		want int
	}{
		{nil, cli.CodeOK},
		{[]backup.Status{backup.StatusOK, backup.StatusSkipped}, cli.CodeOK},
		{[]backup.Status{backup.StatusOK, backup.StatusUnknown}, cli.CodeUnknown},
		{[]backup.Status{backup.StatusUnknown, backup.StatusProblem, backup.StatusOK}, cli.CodeProblems},
	} {
		worst := backup.StatusOK
		for _, status := range c.all {
			worst = graver(worst, status)
		}
		var code cli.Code
		if err := codeOf(worst); err != nil && !errors.As(err, &code) || int(code) != c.want {
			t.Errorf("%v: exit code %d, want %d", c.all, code, c.want)
		}
	}
}

func TestWhatIsVerifiedIsSaidOnce(t *testing.T) {
	for _, c := range []struct {
		flags flags
		args  []string
		ok    bool
	}{
		{flags{}, []string{"demo"}, true},
		{flags{all: true, namespaces: true}, nil, true},
		{flags{}, nil, false},
		{flags{all: true}, []string{"demo"}, false},
		{flags{namespaces: true}, []string{"demo"}, false},
	} {
		var usage *cli.UsageError
		if err := c.flags.validate(c.args); (err == nil) != c.ok || err != nil && !errors.As(err, &usage) {
			t.Errorf("%+v %v: %v", c.flags, c.args, err)
		}
	}
}

// A list of many backups keeps no long list of what is in each.
func TestCountsWithoutTheirList(t *testing.T) {
	items := &backup.ArchiveItems{Format: "1.1.0", Total: 3, Counts: []backup.ItemCount{{Resource: "pods", Items: 3}}}
	if got := withoutCounts(items); got.Total != 3 || got.Format != "1.1.0" || got.Counts != nil || len(items.Counts) != 1 {
		t.Errorf("%+v", got)
	}
	if withoutCounts(nil) != nil {
		t.Error("what was not read was counted")
	}
}
