package workspace

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFindPassesNestedModules(t *testing.T) {
	root := t.TempDir()
	nested := filepath.Join(root, "tests", "lab")
	write(t, filepath.Join(root, "go.mod"), mainModule+"\n\ngo 1.26\n")
	write(t, filepath.Join(nested, "go.mod"), mainModule+"/tests/lab\n")

	found, err := Find(nested)
	if err != nil {
		t.Fatal(err)
	}
	if found.Root != root {
		t.Errorf("root is %s, want %s", found.Root, root)
	}
}

func TestFindOutsideOfARepository(t *testing.T) {
	if found, err := Find(t.TempDir()); err == nil {
		t.Errorf("found %s where no repository is", found.Root)
	}
}

func TestCacheCanBeMoved(t *testing.T) {
	t.Setenv(cacheVariable, "/elsewhere")
	if got, want := cache("/repository"), "/elsewhere/lab"; got != want {
		t.Errorf("cache is %s, want %s", got, want)
	}
}

func write(t *testing.T, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSeveralLabsHaveFoldersOfTheirOwn(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "go.mod"), mainModule+"\n")
	for name, want := range map[string]string{"": ".lab", "serial": ".lab-serial"} {
		t.Setenv(NameVariable, name)
		found, err := Find(root)
		if err != nil {
			t.Fatal(err)
		}
		if got := found.State("logs"); got != filepath.Join(root, want, "logs") {
			t.Errorf("the lab %q is in %s", name, got)
		}
	}
}
