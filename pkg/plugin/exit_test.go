package plugin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestExitCodes(t *testing.T) {
	unseen := []backup.Gap{{What: "backups", Why: "forbidden", Lookup: backup.Denied}}
	tests := map[string]struct {
		err  error
		want int
	}{
		"fine":                                   {nil, 0},
		"any error":                              {errors.New("no"), 1},
		"bad command line":                       {&cli.UsageError{Text: "no"}, 1},
		"nothing has the name":                   {&collect.NotFoundError{}, 1},
		"the name may be where one may not look": {&collect.NotFoundError{Gaps: unseen}, 4},
		"problems found":                         {cli.Code(2), 2},
		"refused":                                {fmt.Errorf("x: %w", finalizer.ErrRefused), 3},
		"not confirmed":                          {&cli.HintedError{Err: finalizer.ErrNotConfirmed}, 3},
		"the plan changed":                       {&finalizer.PlanChangedError{}, 3},
		"no journal":                             {fmt.Errorf("x: %w", finalizer.ErrNotWritable), 3},
		"undecided":                              {errors.Join(errors.New("x"), finalizer.ErrUndecided), 4},
		"timed out":                              {context.DeadlineExceeded, 8},
		"interrupted":                            {errors.Join(context.Canceled, finalizer.ErrPlanChanged), 130},
	}
	for name, test := range tests {
		if got := exitCode(test.err); got != test.want {
			t.Errorf("%s: exit code %d, want %d", name, got, test.want)
		}
	}
}

func TestErrorsAreReportedWithAHint(t *testing.T) {
	tests := map[string]struct {
		args []string
		want []string
	}{
		"unknown verb":       {[]string{"frobnicate"}, []string{"error: ", "frobnicate", "hint: "}},
		"unknown flag":       {[]string{"get", "--frobnicate"}, []string{"error: ", "--frobnicate", "hint: see 'kubectl backup get --help'"}},
		"unknown way":        {[]string{"unstick", "demo", "--via=foo"}, []string{"error: --via=foo", "hint: "}},
		"a risk by wildcard": {[]string{"unstick", "demo", "--accept-risk=all"}, []string{"error: --accept-risk=all", "storage-unknown"}},
		"unknown finding":    {[]string{"explain", "BK-0000"}, []string{"error: ", "BK-0000", "hint: 'kubectl backup explain' lists"}},
		"no target":          {[]string{"describe"}, []string{"error: name what to look at", "hint: "}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBECONFIG", "/nonexistent")
			var out, errOut bytes.Buffer
			code := Run(context.Background(), test.args, genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut})
			if code != cli.CodeError {
				t.Errorf("exit code %d, want 1", code)
			}
			for _, want := range test.want {
				if !strings.Contains(errOut.String(), want) {
					t.Errorf("stderr lacks %q:\n%s", want, errOut.String())
				}
			}
		})
	}
}
