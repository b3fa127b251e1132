package render

import (
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
