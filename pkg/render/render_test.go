package render

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// example is one output of this package in any style.
type example struct {
	name   string
	render func(w *bytes.Buffer, s Style) error
}

func examples() []example {
	seen := evidence()
	seen.Storage = []backup.StorageVerdict{full()}
	seen.Contents = []backup.Contents{{
		Total: backup.Count{Objects: 812, Bytes: 41 << 30}, Complete: true,
		Groups: []backup.ContentGroup{{Name: "*.sst", Count: backup.Count{Objects: 811, Bytes: 41 << 30}}, {Name: "backupmeta", Count: backup.Count{Objects: 1, Bytes: 5241}}},
	}}
	return []example{
		{"diagnosis", func(w *bytes.Buffer, s Style) error { return Diagnosis(w, diagnosis(), s, false) }},
		{"diagnosis-short", func(w *bytes.Buffer, s Style) error { return Diagnosis(w, diagnosis(), s, true) }},
		{"describe", func(w *bytes.Buffer, s Style) error { return Describe(w, evidence(), s, Brief) }},
		{"describe-details", func(w *bytes.Buffer, s Style) error {
			return Describe(w, seen, s, Detailed)
		}},
		{"plan-strip", func(w *bytes.Buffer, s Style) error { return Plan(w, stripPlan(), s) }},
		{"plan-erase", func(w *bytes.Buffer, s Style) error { return Plan(w, erasePlan(), s) }},
		{"result", func(w *bytes.Buffer, s Style) error { return Result(w, result(), s) }},
		{"document", func(w *bytes.Buffer, s Style) error { return document().Print(w, s) }},
	}
}

func document() Document {
	table := NewTable("ID", "TARGET")
	table.Add("20261125T110000Z", "Backup tidb-test/backup-test")
	return Document{
		Title: "BK-F101  a finalizer waits for its owner", Fields: []Field{{"Severity", "cause"}, {"Topic", "deletion"}},
		Sections: []Section{
			{Title: "Meaning", Text: "The owner has not finished.\nIt removes the finalizer when it has."},
			{Title: "What helps", Items: []string{"make the storage answer"}, Commands: []string{"kubectl backup diagnose backup/demo"}},
			{Title: "Seen in", Table: table, Tree: []Node{{Status: backup.StatusOK, Text: "operator"}}, Fields: []Field{{"Times", "1"}}},
		},
	}
}

func TestGolden(t *testing.T) {
	for _, e := range examples() {
		t.Run(e.name, func(t *testing.T) {
			golden(t, e.name, output(t, func(w *bytes.Buffer) error { return e.render(w, pipe) }))
		})
	}
}

func TestGoldenOnTerminal(t *testing.T) {
	for _, e := range examples()[:3] {
		t.Run(e.name, func(t *testing.T) {
			golden(t, e.name+"-100", output(t, func(w *bytes.Buffer) error { return e.render(w, terminal) }))
		})
	}
}

func TestColorAddsNoWord(t *testing.T) {
	for _, e := range examples() {
		t.Run(e.name, func(t *testing.T) {
			bare := output(t, func(w *bytes.Buffer) error { return e.render(w, pipe) })
			color := output(t, func(w *bytes.Buffer) error { return e.render(w, colored) })
			if color == bare {
				t.Error("the coloured output has no colour")
			}
			if got := stripColor(color); got != bare {
				t.Errorf("without colour:\n%s\nwith colour, stripped:\n%s", bare, got)
			}
		})
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("pipe is closed") }

func TestWriteErrorIsReturned(t *testing.T) {
	for name, err := range map[string]error{
		"diagnosis": Diagnosis(broken{}, diagnosis(), pipe, false),
		"describe":  Describe(broken{}, evidence(), pipe, Brief),
		"plan":      Plan(broken{}, stripPlan(), pipe),
		"result":    Result(broken{}, result(), pipe),
		"drill":     Drill(broken{}, passedDrill(), pipe),
		"document":  document().Print(broken{}, pipe),
		"tree":      Tree(broken{}, []Node{{Text: "x"}}, pipe),
	} {
		if err == nil {
			t.Errorf("%s: no error from a writer that fails", name)
		}
	}
}

func TestZoneIsUsedForAllTimes(t *testing.T) {
	s := Style{Now: now, Zone: time.FixedZone("CET", 3600)}
	if got, want := s.Time(now), "2026-11-25 12:00:00 CET"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
