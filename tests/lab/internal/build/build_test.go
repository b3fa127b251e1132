package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVersionFollowsWhatIsBuilt(t *testing.T) {
	module := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "main.go"} {
		write(t, module, name, name)
	}
	of := func(sources bool) string {
		t.Helper()
		hash, err := version(module, sources)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	pinned, sources := of(false), of(true)
	write(t, module, "main.go", "changed")
	if of(false) != pinned {
		t.Error("a component made from modules alone got another version by a source file")
	}
	if of(true) == sources {
		t.Error("a changed source file left the version as it was")
	}
	write(t, module, "go.sum", "changed")
	if of(false) == pinned {
		t.Error("a changed go.sum left the version as it was")
	}
}

func TestWithoutBackupPods(t *testing.T) {
	const selector = "  selector:\n    matchExpressions:\n    - key: '.status.phase'\n"
	for _, test := range []struct {
		name     string
		stage    string
		narrowed bool
		wantErr  bool
	}{
		{name: "ready", stage: "  name: pod-ready\n" + selector, narrowed: true},
		{name: "complete", stage: "  name: pod-complete\n" + selector, narrowed: true},
		{name: "delete", stage: "  name: pod-delete\n" + selector},
		{name: "another form", stage: "  name: pod-ready\n  selector: {}\n", wantErr: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := withoutBackupPods([]byte(test.stage))
			if (err != nil) != test.wantErr {
				t.Fatalf("error is %v, want one: %v", err, test.wantErr)
			}
			if narrowed := strings.Contains(string(got), "backup-operator"); narrowed != test.narrowed {
				t.Errorf("narrowed is %v, want %v:\n%s", narrowed, test.narrowed, got)
			}
		})
	}
}

func write(t *testing.T, folder, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
