package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// manyExamples are the outputs about many objects.
func manyExamples() []example {
	return []example{
		{"scan", func(w *bytes.Buffer, s Style) error { return Scan(w, scan(), s, false) }},
		{"scan-short", func(w *bytes.Buffer, s Style) error { return Scan(w, scan(), s, true) }},
		{"scan-calm", func(w *bytes.Buffer, s Style) error { return Scan(w, calm(), s, false) }},
		{"plan-list", func(w *bytes.Buffer, s Style) error { return PlanList(w, planList(), s) }},
		{"plan-list-none", func(w *bytes.Buffer, s Style) error {
			return PlanList(w, backup.PlanList{Cluster: prod(), Gaps: manyGaps()}, s)
		}},
		{"result-list", func(w *bytes.Buffer, s Style) error { return ResultList(w, resultList(), s) }},
	}
}

// Into a pipe, and on a terminal of 80 columns. Wide characters count twice.
func TestGoldenOfMany(t *testing.T) {
	for _, e := range manyExamples() {
		t.Run(e.name, func(t *testing.T) {
			golden(t, e.name, output(t, func(w *bytes.Buffer) error { return e.render(w, pipe) }))
			narrow := Style{Now: now, Width: 80}
			golden(t, e.name+"-80", output(t, func(w *bytes.Buffer) error { return e.render(w, narrow) }))
		})
	}
}

func TestColorsOfManyOnlyRepeatWords(t *testing.T) {
	for _, e := range manyExamples() {
		with := output(t, func(w *bytes.Buffer) error { return e.render(w, colored) })
		without := output(t, func(w *bytes.Buffer) error { return e.render(w, pipe) })
		if strings.Contains(without, "\x1b") || stripColor(with) != without {
			t.Errorf("%s: colours are in what has none, or hide a word:\n%s", e.name, with)
		}
	}
}

func TestHostileTextOfManyIsHarmless(t *testing.T) {
	s, plans, results := scan(), planList(), resultList()
	s.Verdict, s.Causes[0].Title, s.Causes[0].Next = payload, payload, payload
	s.Causes[0].Proof[0].Text, s.Causes[0].Objects[0].Ref.Name, s.Rest[0].Resource, s.Gaps[0].Why = payload, payload, payload, payload
	plans.Items[0].Target.Name, plans.Items[1].Gate[1].Because, plans.Items[0].Orphans, plans.Gaps[0].Rule = payload, payload, payload, payload
	results.NotDone[0].Why, results.Items[0].Left[0], results.Items[0].JournalDir = payload, payload, payload
	for name, render := range map[string]func(w *bytes.Buffer) error{
		"scan":       func(w *bytes.Buffer) error { return Scan(w, s, pipe, false) },
		"short scan": func(w *bytes.Buffer) error { return Scan(w, s, terminal, true) },
		"plans":      func(w *bytes.Buffer) error { return PlanList(w, plans, terminal) },
		"results":    func(w *bytes.Buffer) error { return ResultList(w, results, pipe) },
	} {
		t.Run(name, func(t *testing.T) {
			text := output(t, render)
			harmless(t, text)
			if !strings.Contains(text, "evil") {
				t.Errorf("what others wrote is not shown:\n%s", text)
			}
		})
	}
}
