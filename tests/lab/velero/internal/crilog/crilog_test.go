package crilog

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

func TestFileKeepsLinesWhole(t *testing.T) {
	name := filepath.Join(t.TempDir(), "logs", "pod.log")
	log, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(log, "one\ntw")
	fmt.Fprint(log, "o\nthree")
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const stamp = `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z stdout F `
	if !regexp.MustCompile(`^` + stamp + "one\n" + stamp + "two\n" + stamp + "three\n$").Match(content) {
		t.Errorf("the log is\n%s", content)
	}
}
