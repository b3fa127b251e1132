package render

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func tableText(t *testing.T, table *Table) string {
	t.Helper()
	return output(t, func(w *bytes.Buffer) error { return table.Print(w, pipe) })
}

func TestTableAlignsWideCharacters(t *testing.T) {
	for _, eastAsian := range []string{"0", "1"} {
		t.Run("RUNEWIDTH_EASTASIAN="+eastAsian, func(t *testing.T) {
			t.Setenv("RUNEWIDTH_EASTASIAN", eastAsian)
			table := NewTable("NAME", "PHASE", "NOTE")
			table.Add("备份-一号", "Completed", "")
			table.Add("バックアップ", "Failed", "x")
			table.Add("plain", "", "50% of \\n")
			golden(t, "table-cjk", tableText(t, table))
		})
	}
}

func TestTableNeverCuts(t *testing.T) {
	name := strings.Repeat("long-name-", 30)
	table := NewTable("NAME", "AGE")
	table.Add(name, "3m")
	text := tableText(t, table)
	if !strings.Contains(text, name+"  3m\n") {
		t.Errorf("the name is cut or wrapped:\n%s", text)
	}
}

func TestTableHasNoTrailingBlanks(t *testing.T) {
	table := NewTable("A", "B")
	table.Add("  x  ", "short")
	table.Add("y", "much longer")
	for line := range strings.Lines(tableText(t, table)) {
		if strings.HasSuffix(line, " \n") {
			t.Errorf("blanks at the end of %q", line)
		}
	}
}

func TestTableOfOneColumn(t *testing.T) {
	table := NewTable("NAME")
	table.Add("a")
	if got, want := tableText(t, table), "NAME\na\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTreeWrapsUnderItsText(t *testing.T) {
	nodes := []Node{
		{Status: backup.StatusProblem, Text: "the clean-up Job cannot reach the storage", Children: []Node{
			{Text: "dial tcp 10.0.0.9:9999: connect: connection refused", Aside: "log of pod clean-backup-test"},
		}},
		{Status: backup.StatusOK, Text: "operator"},
	}
	golden(t, "tree-40", output(t, func(w *bytes.Buffer) error { return Tree(w, nodes, Style{Width: 40}) }))
	golden(t, "tree", output(t, func(w *bytes.Buffer) error { return Tree(w, nodes, Style{}) }))
}

func TestWrapKeepsWordsAndWidth(t *testing.T) {
	spans := []span{say("the clean-up "), {"Job", bad}, say("-x cannot reach http://a-very-long-host-name.example.com/ now")}
	lines := wrap(spans, 24)
	var all []string
	for _, line := range lines {
		text := ""
		for _, s := range line {
			text += s.text
		}
		if widthOf(text) > 24 && strings.Contains(text, " ") {
			t.Errorf("%q is wider than 24 columns", text)
		}
		all = append(all, text)
	}
	if got, want := strings.Join(all, " "), "the clean-up Job-x cannot reach http://a-very-long-host-name.example.com/ now"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(lines) < 3 {
		t.Errorf("only %d lines", len(lines))
	}
}

func TestBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 812: "812 B", 1023: "1023 B", 1024: "1 KiB", 1536: "1.5 KiB", 10 * 1024: "10 KiB", 1<<20 - 1: "1 MiB",
		41 << 30: "41 GiB", 5241: "5.1 KiB", 1<<63 - 1: "8 EiB", 10188: "9.9 KiB", 10230: "10 KiB",
	} {
		if got := Bytes(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestAgo(t *testing.T) {
	for _, c := range []struct {
		since time.Duration
		want  string
	}{
		{6 * time.Second, "6s ago"}, {98 * time.Hour, "4d2h ago"}, {0, "0s ago"}, {-29 * 24 * time.Hour, "in 29d"},
	} {
		if got := pipe.Ago(ago(c.since)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.since, got, c.want)
		}
	}
	if got := pipe.Ago(time.Time{}); got != none {
		t.Errorf("no time: got %s", got)
	}
}

func TestShellQuote(t *testing.T) {
	for word, want := range map[string]string{
		"backups.pingcap.com/x": "backups.pingcap.com/x", "": "''", "a b": "'a b'", "$(rm)": "'$(rm)'", "it's": `'it'\''s'`,
	} {
		if got := ShellQuote(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}

func BenchmarkList(b *testing.B) {
	for b.Loop() {
		list := NewList(ListOptions{Role: backup.RoleBackup}, pipe)
		for i := range 10000 {
			list.Add(named("velero", fmt.Sprintf("daily-%d", i), backup.PhaseCompleted, backup.DataMoved, time.Hour))
		}
		if err := list.Print(&bytes.Buffer{}); err != nil {
			b.Fatal(err)
		}
	}
}
