package render

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// now is the instant at which all examples are looked at.
var now = time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC)

// ago is an instant before now.
func ago(d time.Duration) time.Time { return now.Add(-d) }

func ptr[T any](v T) *T { return &v }

var (
	pipe     = Style{Now: now}
	terminal = Style{Now: now, Width: 100}
	colored  = Style{Now: now, Color: true}
)

// golden compares an output with testdata/NAME.golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("output differs from %s (run with -update to accept it)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// output runs a renderer that must not fail.
func output(t *testing.T, render func(w *bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := render(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var sgr = regexp.MustCompile("\x1b\\[[0-9]+m")

func stripColor(text string) string { return sgr.ReplaceAllString(text, "") }
