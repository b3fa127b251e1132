package logs

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// made are options that print into buffers and reach no cluster.
func made(f *flags) (o *options, out, errOut *bytes.Buffer) {
	out, errOut = &bytes.Buffer{}, &bytes.Buffer{}
	g := &cli.Globals{Now: time.Now, Getenv: func(string) string { return "" }, Color: "never"}
	g.Out, g.ErrOut = out, errOut
	o = &options{Globals: g, flags: f, collector: collect.New(collect.Sources{Now: time.Now})}
	o.progress = render.NewProgress(errOut, render.Style{}, false)
	return o, out, errOut
}

func TestFlagsAreChecked(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*flags{
		"output":              {output: "yaml"},
		"level":               {level: "loud"},
		"previous and follow": {previous: true, follow: true},
		"negative tail":       {tail: -1},
		"negative since":      {since: -time.Second},
		"following a bucket":  {follow: true, storage: cli.StorageFlags{Bucket: "s3://b"}},
	} {
		var usage *cli.UsageError
		if _, err := f.options(nil, []string{"demo"}); !errors.As(err, &usage) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func evidence(works ...backup.Work) backup.Evidence {
	return backup.Evidence{Object: backup.Object{Ref: backup.Ref{Kind: "Backup", Namespace: "velero", Name: "demo"}, Works: works}}
}

func TestWantedSources(t *testing.T) {
	t.Parallel()
	job := backup.Work{Role: backup.WorkRun, Ref: backup.Ref{Group: "batch", Resource: "jobs", Namespace: "velero", Name: "job"}}
	move := backup.Work{Role: backup.WorkMove, PodSelector: "x=y", Logs: []backup.LogSource{{Name: "node-agent", Selector: "a=b"}, {Name: "data-mover", Selector: "x=y"}}}
	for name, c := range map[string]struct {
		flags *flags
		want  string // names, or a part of the error
	}{
		"all":               {&flags{}, "run node-agent data-mover"},
		"one":               {&flags{sources: []string{"node-agent"}}, "node-agent"},
		"unknown":           {&flags{sources: []string{"server"}}, "error: no source \"server\" speaks of Backup velero/demo; there is run, node-agent, data-mover"},
		"unknown, may come": {&flags{sources: []string{"server"}, follow: true}, ""},
	} {
		o, _, _ := made(c.flags)
		sources, err := o.wanted(collect.Hit{}, evidence(job, move))
		var names []string
		for _, s := range sources {
			names = append(names, s.Name)
		}
		got := strings.Join(names, " ")
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != c.want {
			t.Errorf("%s: got %s", name, got)
		}
	}
	o, _, _ := made(&flags{})
	if _, err := o.wanted(collect.Hit{}, evidence()); err == nil {
		t.Error("nothing speaks of it, and that is no error")
	}
}

func TestPrinter(t *testing.T) {
	t.Parallel()
	lines := []backup.LogEntry{
		{Source: "server", Level: "info", Message: "a", Text: "level=info msg=a"}, {Source: "server", Message: "plain", Text: "plain"},
		{Source: "server", Level: "error", Message: "b\x1b[2J", Text: "level=error msg=\"b\x1b[2J\""},
	}
	for name, c := range map[string]struct {
		flags *flags
		want  []string
	}{
		"text": {&flags{}, []string{"server  level=info", "server  plain", `level=error msg="b^[[2J"`}},
		"raw":  {&flags{raw: true}, []string{"level=info msg=a", "plain", "\x1b[2J"}},
		"json": {&flags{output: "json"}, []string{`"message":"a"`, `"message":"plain"`, `{"source":"server","level":"error","message":"b\u001b[2J"}`}},
	} {
		o, out, _ := made(c.flags)
		for _, line := range lines {
			if err := o.printer()(line); err != nil {
				t.Fatal(err)
			}
		}
		got := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
		if len(got) != len(c.want) {
			t.Errorf("%s: got %q", name, got)
			continue
		}
		for i, want := range c.want {
			if !strings.Contains(got[i], want) {
				t.Errorf("%s: line %d is %q", name, i, got[i])
			}
		}
	}
}

func TestHowItEnded(t *testing.T) {
	t.Parallel()
	last := func(phase backup.Phase, data backup.DataState) *backup.Object {
		return &backup.Object{Ref: backup.Ref{Kind: "Backup", Name: "demo"}, Phase: phase, Data: data}
	}
	for name, c := range map[string]struct {
		watcher *watcher
		unread  bool
		want    cli.Code
		says    string
	}{
		"sound":        {&watcher{last: last(backup.PhaseCompleted, backup.DataMoved)}, false, cli.CodeOK, "is Completed, its data included"},
		"failed":       {&watcher{last: last(backup.PhaseFailed, backup.DataInline)}, true, cli.CodeProblems, "ended: Failed"},
		"mover failed": {&watcher{last: last(backup.PhaseCompleted, backup.DataFailed)}, false, cli.CodeProblems, "ended: Completed"},
		"data unknown": {&watcher{last: last(backup.PhaseCompleted, backup.DataUnknown)}, false, cli.CodeUnknown, "cannot be said"},
		"gone":         {&watcher{gone: true}, false, cli.CodeOK, "is gone"},
		"a gap":        {&watcher{last: last(backup.PhaseCompleted, backup.DataMoved)}, true, cli.CodeUnknown, "its data included"},
		"never seen":   {&watcher{}, false, cli.CodeOK, ""},
	} {
		o, _, errOut := made(&flags{})
		o.unread = c.unread
		c.watcher.options = o
		err := o.ended(nil, c.watcher.result())
		got := cli.Code(cli.CodeOK)
		if err != nil && !errors.As(err, &got) {
			t.Errorf("%s: %v", name, err)
		}
		if got != c.want || !strings.Contains(errOut.String(), c.says) {
			t.Errorf("%s: code %d, said %q", name, got, errOut)
		}
	}
}

// Before its end the bucket is not asked: no storage is there to answer.
func TestFileOnlyAfterTheEnd(t *testing.T) {
	t.Parallel()
	o, _, errOut := made(&flags{})
	file := o.file()
	for phase, missing := range map[backup.Phase]bool{backup.PhasePending: true, backup.PhaseRunning: true, backup.PhaseCompleted: false} {
		ev := evidence()
		ev.Object.Phase = phase
		o.now.set(ev)
		if err := readFile(file, o); errors.Is(err, fs.ErrNotExist) != missing {
			t.Errorf("%s: %v", phase, err)
		}
	}
	if errOut.Len() > 0 {
		t.Errorf("said %q", errOut)
	}
}

func readFile(file logs.File, o *options) (err error) {
	o.collector = collect.New(collect.Sources{Cluster: noCluster{}, Now: time.Now})
	return file.Lines(context.Background(), func([]byte) error { return nil })
}

// noCluster is a fake cluster that does not answer.
type noCluster struct{ cluster.Reader }

func (noCluster) Discover(context.Context) ([]backup.Served, []backup.Gap, error) {
	return nil, nil, errors.New("no answer")
}

func TestFinished(t *testing.T) {
	t.Parallel()
	ev := func(phase backup.Phase, data backup.DataState, lookups ...backup.Lookup) backup.Evidence {
		out := backup.Evidence{Object: backup.Object{Phase: phase, Data: data}}
		for _, l := range lookups {
			out.Gaps = append(out.Gaps, backup.Gap{Lookup: l})
		}
		return out
	}
	for name, c := range map[string]struct {
		ev    backup.Evidence
		after int // looks; 0 is never
	}{
		"runs":                     {ev(backup.PhaseRunning, backup.DataInline), 0},
		"is being deleted":         {ev(backup.PhaseDeleting, backup.DataInline), 0},
		"moves":                    {ev(backup.PhaseCompleted, backup.DataMoving), 0},
		"is done":                  {ev(backup.PhaseCompleted, backup.DataMoved), 1},
		"is done, a gap elsewhere": {ev(backup.PhaseCompleted, backup.DataMoved, backup.Failed), 1},
		"a mover nobody knows":     {ev(backup.PhaseCompleted, backup.DataUnknown), 1},
		"movers may not be read":   {ev(backup.PhaseCompleted, backup.DataUnknown, backup.Denied), 1},
		"movers could not be read": {ev(backup.PhaseCompleted, backup.DataUnknown, backup.Failed), patience},
	} {
		w, looks := &watcher{}, 1
		for ; looks <= 2*patience && !w.finished(c.ev); looks++ {
		}
		if looks > 2*patience {
			looks = 0
		}
		if looks != c.after {
			t.Errorf("%s: it ended after %d looks", name, looks)
		}
	}
}

func TestTroubleIsToldOnce(t *testing.T) {
	t.Parallel()
	o, _, errOut := made(&flags{})
	o.trouble(logs.Trouble{What: "pods of server", Err: errors.New("cut"), Passing: true})
	if o.unread {
		t.Error("what is tried again is not missing")
	}
	for range 2 {
		o.trouble(logs.Trouble{What: "pods of server", Err: errors.New("denied")})
	}
	if !o.unread || errOut.String() != "warning: pods of server: cut\nwarning: pods of server: denied\n" {
		t.Errorf("said %q", errOut)
	}
}
