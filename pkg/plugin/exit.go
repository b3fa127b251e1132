package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/redact"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// exitCode is the one table from errors to exit codes.
func exitCode(err error) int {
	var code cli.Code
	var missing *collect.NotFoundError
	var failed *cluster.Error
	switch {
	case err == nil:
		return cli.CodeOK
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled):
		return cli.CodeInterrupted
	case errors.Is(err, finalizer.ErrNotConfirmed), errors.Is(err, finalizer.ErrPlanChanged),
		errors.Is(err, finalizer.ErrNotWritable), errors.Is(err, finalizer.ErrRefused):
		return cli.CodeRefused
	case errors.Is(err, finalizer.ErrUndecided):
		return cli.CodeUnknown
	case cli.IsBucketError(err): // also when it is a deadline
		return cli.CodeError
	case errors.As(err, &failed): // also when it is a deadline: that of a request, not of a wait
		return cli.CodeError
	case errors.Is(err, context.DeadlineExceeded):
		return cli.CodePending
	case errors.As(err, &missing) && len(missing.Gaps) > 0:
		return cli.CodeUnknown
	}
	return cli.CodeError
}

// report prints an error as a lower-case sentence and a hint for the next step.
func report(w io.Writer, g *cli.Globals, called *cobra.Command, err error) {
	var code cli.Code
	switch {
	case err == nil, errors.As(err, &code):
		return
	case errors.Is(err, context.Canceled):
		_, _ = fmt.Fprintln(w, "interrupted") // nothing is left to do when stderr is gone
		return
	}
	text := redact.Text(strings.TrimPrefix(err.Error(), "error: "))
	_, _ = fmt.Fprintf(w, "error: %s\n", render.Block(text))
	if hint := hintFor(called, err); hint != "" && !g.Quiet {
		_, _ = fmt.Fprintf(w, "hint: %s\n", render.Block(redact.Text(hint)))
	}
}

// hintFor is the next step after an error of the command that was called.
func hintFor(called *cobra.Command, err error) string {
	var hinted *cli.HintedError
	var usage *cli.UsageError
	var failed *cluster.Error
	var none *collect.NoSystemError
	var missing *collect.NotFoundError
	switch {
	case errors.As(err, &hinted):
		return hinted.Hint
	case errors.As(err, &usage):
		return "see '" + called.CommandPath() + " --help'"
	case cli.IsBucketError(err):
		return cli.BucketHint(err)
	case errors.As(err, &failed) && failed.Rule != "":
		return "the rule that is missing: " + failed.Rule
	case cluster.IsUnauthorized(err):
		return "the server does not accept the credentials of the kubeconfig: log in again; 'kubectl auth whoami' asks the same server"
	case cluster.IsThrottled(err):
		return "the API server is overloaded and refused even after it was waited for; try again later"
	case cluster.IsServerFault(err):
		return "the API server failed, not this command; 'kubectl get --raw /readyz?verbose' asks it what is wrong"
	case failed != nil && cluster.IsTimeout(err):
		return "the API server did not answer in time; --request-timeout sets how long a request may take"
	case cluster.IsUnreachable(err):
		return "check the context with 'kubectl config current-context' and that the API server answers: 'kubectl version'"
	case errors.As(err, &none) && ofBucket(called):
		return "a bucket holds backups and the files of restores; everything else was only in the cluster"
	case errors.As(err, &missing) && ofBucket(called):
		return "'kubectl backup get' with the same --bucket lists the backups that it holds"
	case errors.As(err, &none):
		return "'kubectl backup systems list' names the systems that are known, 'kubectl api-resources' the resources that this cluster serves"
	case errors.As(err, &missing) && len(missing.Gaps) > 0:
		return unseen(missing.Gaps)
	case errors.As(err, &missing) && missing.Resource != "":
		return "'kubectl get " + missing.Resource + " -A' lists those that there are"
	case errors.As(err, &missing):
		return "'kubectl backup get -A' lists the backups that there are"
	}
	return ""
}

// unseen says why something may be there all the same: the rules that are
// missing to look, or what else kept from it.
func unseen(gaps []backup.Gap) string {
	var rules []string
	for _, gap := range gaps {
		if gap.Rule != "" && !slices.Contains(rules, gap.Rule) {
			rules = append(rules, gap.Rule)
		}
	}
	if len(rules) > 0 {
		return "it may be there all the same; the rules that are missing to look: " + strings.Join(rules, "; ")
	}
	return "not everything could be looked at: " + gaps[0].What + ": " + gaps[0].Why
}

// ofBucket tells whether the command that was called reads a bucket and no cluster.
func ofBucket(called *cobra.Command) bool {
	flag := called.Flag("bucket")
	return flag != nil && flag.Changed
}
