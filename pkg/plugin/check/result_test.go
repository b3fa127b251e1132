package check

import (
	"errors"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	ok, problem, unknown := backup.LocationCheck{Status: backup.StatusOK}, backup.LocationCheck{Status: backup.StatusProblem}, backup.LocationCheck{Status: backup.StatusUnknown}
	for _, c := range []struct {
		name   string
		checks []backup.LocationCheck
		gaps   []backup.Gap
		code   int
	}{
		{"all fine", []backup.LocationCheck{ok, ok}, nil, cli.CodeOK},
		{"nothing to check", nil, nil, cli.CodeOK},
		{"a problem outweighs", []backup.LocationCheck{unknown, problem, ok}, nil, cli.CodeProblems},
		{"unknown is not fine", []backup.LocationCheck{ok, unknown}, nil, cli.CodeUnknown},
		{"what could not be listed", []backup.LocationCheck{ok}, []backup.Gap{{What: "x"}}, cli.CodeUnknown},
	} {
		err := verdict(c.checks, c.gaps)
		var code cli.Code
		if errors.As(err, &code); int(code) != c.code || (err == nil) != (c.code == cli.CodeOK) {
			t.Errorf("%s: %v, want %d", c.name, err, c.code)
		}
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	streams, _, out, _ := genericiooptions.NewTestIOStreams()
	one := backup.LocationCheck{Status: backup.StatusOK, Verdict: "fine", Object: backup.Object{Ref: backup.Ref{Kind: "BackupStorageLocation", Name: "a"}}, Here: []backup.Finding{{Code: "BK-L810", Status: backup.StatusOK, Title: "listed"}}}
	o := &options{Globals: cli.NewGlobals(streams, "test")}
	for _, c := range []struct {
		output  cli.Output
		targets int
		checks  []backup.LocationCheck
		want    string
	}{
		{"", 0, []backup.LocationCheck{one, one}, "BackupStorageLocation a\n√ fine\n\nBackupStorageLocation a\n√ fine\n"},
		{"", 1, []backup.LocationCheck{one}, "BackupStorageLocation a\n√ fine\n\nFrom this machine\n└─ √ BK-L810  listed\n"},
		{"jsonpath={.verdict}", 1, []backup.LocationCheck{one}, "fine"},
		{"jsonpath={.items[*].verdict}", 0, []backup.LocationCheck{one}, "fine"},
	} {
		out.Reset()
		o.output, o.targets = c.output, make([]collect.Target, c.targets)
		if err := o.print(c.checks); err != nil || out.String() != c.want {
			t.Errorf("%q of %d: %q, %v", c.output, c.targets, out.String(), err)
		}
	}
}
