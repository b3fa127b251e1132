package render

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestProgressTellsRatesOfEachUnit(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	at := func(items, bytes int64) backup.Object {
		return backup.Object{
			Ref: backup.Ref{Kind: "Backup", Namespace: "velero", Name: "demo"}, Phase: backup.PhaseRunning,
			Progress: &backup.Progress{Done: items, Total: 100, Unit: "items"},
			Works:    []backup.Work{{Role: backup.WorkMove, Phase: backup.PhaseRunning, Progress: &backup.Progress{Done: bytes, Total: 100 << 20, Unit: "bytes"}}},
		}
	}
	var out strings.Builder
	p := NewProgress(&out, Style{Width: 200}, true)
	p.Show(at(10, 0), start)
	p.Show(at(30, 20<<20), start.Add(10*time.Second))
	p.Clear()
	shown := strings.Split(out.String(), "\r\x1b[K")
	if len(shown) != 3 || strings.Contains(shown[0], "left") {
		t.Fatalf("shown %q", shown)
	}
	for _, want := range []string{"30/100 items, 2/s, 35s left", "20 MiB/100 MiB, 2 MiB/s, 40s left"} {
		if !strings.Contains(shown[1], want) {
			t.Errorf("no %q in %q", want, shown[1])
		}
	}
	if strings.Contains(shown[1], "\n") || shown[2] != "" {
		t.Errorf("shown %q", shown)
	}
}

func TestProgressElsewhereIsOneLineForEachPhase(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := NewProgress(&out, Style{}, true)
	o := backup.Object{Ref: backup.Ref{Kind: "Backup", Namespace: "velero", Name: "demo"}, Phase: backup.PhaseRunning, NativePhase: "InProgress"}
	for _, native := range []string{"InProgress", "InProgress", "Finalizing"} {
		o.NativePhase = native
		p.Show(o, time.Time{})
	}
	NewProgress(&out, Style{}, false).Show(o, time.Time{})
	if out.String() != "Backup velero/demo: Running (InProgress)\nBackup velero/demo: Running (Finalizing)\n" {
		t.Errorf("got %q", out.String())
	}
}

func TestProgressLeavesOutWhatMattersLess(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	moving := func(items, bytes int64) backup.Object {
		return backup.Object{
			Ref: backup.Ref{Kind: "Backup", Namespace: "velero", Name: "nightly"}, Phase: backup.PhaseRunning, NativePhase: "WaitingForPluginOperations",
			Progress: &backup.Progress{Done: items, Total: 40, Unit: "items"},
			Works:    []backup.Work{{Role: backup.WorkMove, Phase: backup.PhaseRunning, Progress: &backup.Progress{Done: bytes, Total: 100 << 30, Unit: "bytes"}}},
		}
	}
	for width, want := range map[int]string{
		150: "Backup velero/nightly: Running (WaitingForPluginOperations), 0 of 1 volumes, 30/40 items, 20 GiB/100 GiB, 2 GiB/s, 40s left",
		101: "Backup velero/nightly: Running, 0 of 1 volumes, 30/40 items, 20 GiB/100 GiB, 2 GiB/s, 40s left",
		90:  "Backup velero/nightly: Running, 0 of 1 volumes, 20 GiB/100 GiB, 2 GiB/s, 40s left",
		70:  "nightly: Running, 0 of 1 volumes, 20 GiB/100 GiB, 2 GiB/s, 40s left",
		30:  "nightly: Running, 0 of 1 vol…",
	} {
		var out strings.Builder
		p := NewProgress(&out, Style{Width: width}, true)
		p.Show(moving(30, 0), start)
		out.Reset()
		p.Show(moving(30, 20<<30), start.Add(10*time.Second))
		if got := strings.TrimPrefix(out.String(), "\r\x1b[K"); got != want {
			t.Errorf("width %d: %q", width, got)
		}
	}
	var out strings.Builder
	NewProgress(&out, Style{Width: 150}, true).Show(moving(40, 1), start)
	if strings.Contains(out.String(), "items") {
		t.Errorf("items that are done: %q", out.String())
	}
}

func TestProgressStaysBelowWhatIsPrinted(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	p := NewProgress(&out, Style{Width: 80}, true)
	say := func() error { out.WriteString("line\n"); return nil }
	if err := p.Above(say); err != nil || out.String() != "line\n" {
		t.Errorf("nothing was shown before: %q, %v", out.String(), err)
	}
	p.Text("half")
	out.Reset()
	full := errors.New("the disk is full")
	if err := p.Above(func() error { _ = say(); return full }); !errors.Is(err, full) || out.String() != "\r\x1b[Kline\nhalf" {
		t.Errorf("got %q, %v", out.String(), err)
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
	type look struct {
		second int
		done   int64
		want   string
	}
	for name, looks := range map[string][]look{
		"steady":            {{0, 0, ""}, {10, 100, "10/s, 90s left"}, {20, 200, "10/s, 80s left"}},
		"slower later":      {{0, 0, ""}, {10, 500, "50/s, 10s left"}, {60, 560, "9/s, 47s left"}, {120, 620, "1/s, 6m20s left"}},
		"stands still":      {{0, 0, ""}, {10, 100, "10/s, 90s left"}, {45, 100, "no progress for 35s"}, {46, 200, "4/s, 3m4s left"}},
		"never began":       {{0, 0, ""}, {20, 0, ""}, {40, 0, "no progress for 40s"}},
		"done":              {{0, 0, ""}, {10, 1000, ""}, {60, 1000, ""}},
		"began anew":        {{0, 500, ""}, {10, 600, "10/s, 40s left"}, {11, 0, ""}, {21, 100, "10/s, 90s left"}},
		"slow":              {{0, 0, ""}, {30, 10, "20/min, 49m left"}},
		"two looks at once": {{0, 0, ""}, {0, 10, ""}},
	} {
		p := &pace{}
		for _, l := range looks {
			got := p.tell(backup.Progress{Done: l.done, Total: 1000, Unit: "items"}, start.Add(time.Duration(l.second)*time.Second))
			if got != l.want {
				t.Errorf("%s: after %d s %q, want %q", name, l.second, got, l.want)
			}
		}
	}
}
