package render

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// The rows that tablewriter does not draw look as if it had.
func TestALongTableGoesOnAsItBegan(t *testing.T) {
	names := []string{"short", "a-rather-long-name-of-a-backup", "备份-一号", "バックアップ", "x"}
	table := NewTable("NAME", "PHASE", "AGE")
	for i := range 3 * drawn {
		table.add(say(names[i%len(names)]), span{"Failed", bad}, say(fmt.Sprint(i%len(names), "d")))
	}
	var out strings.Builder
	if err := table.Print(&out, Style{}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")[1:]
	if len(lines) != 3*drawn {
		t.Fatalf("%d lines, want %d", len(lines), 3*drawn)
	}
	for i, line := range lines {
		if want := lines[i%len(names)]; line != want {
			t.Fatalf("line %d is %q, where tablewriter draws %q", i, line, want)
		}
	}
}

func TestATableThatCannotBeWrittenIsAnError(t *testing.T) {
	table := NewTable("NAME")
	for i := range 10_000 { // more than a buffer holds
		table.Add(fmt.Sprint("backup-", i))
	}
	full := errors.New("no space left on device")
	if err := table.Print(failing{full}, Style{}); !errors.Is(err, full) {
		t.Errorf("Print returned %v", err)
	}
}

// failing writes nothing.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
