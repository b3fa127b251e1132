package logs

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// printing are options that print errors into a buffer and reach no cluster.
func printing() (*options, *bytes.Buffer) {
	out := &bytes.Buffer{}
	g := &cli.Globals{Now: time.Now}
	g.ErrOut = out
	return &options{Globals: g, flags: &flags{}, progress: render.NewProgress(out, render.Style{}, false)}, out
}

func TestTroubleNamesTheRuleThatIsMissing(t *testing.T) {
	t.Parallel()
	denied := &cluster.Error{What: "get log of pods/x", Rule: "get pods/log in namespace a", Err: errors.New("forbidden")}
	for name, c := range map[string]struct {
		trouble logs.Trouble
		want    string
		unread  bool
	}{
		"denied":           {logs.Trouble{What: "log of pod a/x", Err: denied}, "warning: log of pod a/x: denied (missing right: get pods/log in namespace a)\n", true},
		"broken":           {logs.Trouble{What: "log of pod a/x", Err: errors.New("no answer")}, "warning: log of pod a/x: no answer\n", true},
		"tried again":      {logs.Trouble{What: "log of pod a/x", Err: errors.New("cut"), Passing: true}, "warning: log of pod a/x: cut\n", false},
		"of a hostile one": {logs.Trouble{What: "log", Err: errors.New("\x1b[2J")}, "warning: log: ^[[2J\n", true},
	} {
		o, out := printing()
		o.trouble(c.trouble)
		if out.String() != c.want || o.unread != c.unread {
			t.Errorf("%s: printed %q, unread %t", name, out, o.unread)
		}
	}
}

func TestWorksThatCouldNotBeReadAreMissingInTheStream(t *testing.T) {
	t.Parallel()
	gaps := []backup.Gap{{What: "jobs.batch in namespace a", Why: "forbidden", Rule: "get jobs.batch in namespace a"}}
	for lookup, unread := range map[backup.Lookup]bool{backup.Found: false, backup.Absent: false, backup.Denied: true, backup.Failed: true} {
		o, out := printing()
		o.unseen(backup.Evidence{Object: backup.Object{Works: []backup.Work{{Lookup: lookup}}}, Gaps: gaps})
		if o.unread != unread || strings.Contains(out.String(), "missing right: get jobs.batch") != unread {
			t.Errorf("%s: unread %t, printed %q", lookup, o.unread, out)
		}
	}
}
