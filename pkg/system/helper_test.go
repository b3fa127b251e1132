package system_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// profile writes a profile with one kind into a folder of its own and gives its path.
func profile(t *testing.T, name, spec string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name+".yaml")
	text := "apiVersion: kubectl-backup.dev/v1alpha1\nkind: System\nmetadata: {name: " + name + "}\nspec:\n" + indent(spec)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func indent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	return "  " + strings.ReplaceAll(strings.Join(lines, "\n  "), "\n  ---\n  ", "\n---\n") + "\n"
}

func load(t *testing.T, opts system.Options) *system.Registry {
	t.Helper()
	registry, err := system.Load(opts)
	if err != nil {
		t.Fatal(err)
	}
	return registry
}
