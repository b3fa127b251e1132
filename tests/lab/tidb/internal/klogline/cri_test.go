package klogline

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestFileWritesWholeLines(t *testing.T) {
	name := filepath.Join(t.TempDir(), "pods", "log")
	file, err := OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one\ntw", "o\n\nrest"} {
		if _, err := file.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const stamp = `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stderr F `
	want := regexp.MustCompile(`^` + stamp + "one\n" + stamp + "two\n" + stamp + "\n" + stamp + "rest\n$")
	if !want.Match(got) {
		t.Errorf("wrote\n%s", got)
	}
}
