package completion

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testPlace is a folder with a link to a plugin, as krew makes one.
func testPlace(t *testing.T) place {
	t.Helper()
	store, bin := t.TempDir(), t.TempDir()
	plugin := filepath.Join(bin, "kubectl-backup")
	if err := os.WriteFile(filepath.Join(store, "kubectl-backup"), []byte("program"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(store, "kubectl-backup"), plugin); err != nil {
		t.Fatal(err)
	}
	return place{plugin: plugin, completer: filepath.Join(bin, "kubectl_complete-backup")}
}

func TestInstallLinksTheLink(t *testing.T) {
	p := testPlace(t)
	for _, want := range []string{" is now a link", " is there already"} {
		said, err := p.install()
		if err != nil || said != p.completer+want && !strings.HasPrefix(said, p.completer+want+" ") {
			t.Fatalf("%q, %v, want %q", said, err, want)
		}
		if target, err := os.Readlink(p.completer); err != nil || target != "kubectl-backup" {
			t.Errorf("links to %q, %v", target, err)
		}
	}
}

func TestInstallOverwritesNothingOfOthers(t *testing.T) {
	for name, occupy := range map[string]func(string) error{
		"a file":   func(file string) error { return os.WriteFile(file, []byte("#!/bin/sh\n"), 0o755) },
		"a folder": func(file string) error { return os.Mkdir(file, 0o755) },
		"a link":   func(file string) error { return os.Symlink("/bin/sh", file) },
		"a lost link": func(file string) error {
			return os.Symlink("/nonexistent/kubectl-backup", file)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testPlace(t)
			if err := occupy(p.completer); err != nil {
				t.Fatal(err)
			}
			before, err := os.Lstat(p.completer)
			if err != nil {
				t.Fatal(err)
			}
			if said, err := p.install(); err == nil || !strings.Contains(err.Error(), "not this plugin's") {
				t.Errorf("%q, %v", said, err)
			}
			if after, err := os.Lstat(p.completer); err != nil || !os.SameFile(before, after) {
				t.Errorf("it was replaced: %v", err)
			}
		})
	}
}

func TestInstallCopiesWhereLinksNeedARight(t *testing.T) {
	p := testPlace(t)
	p.copies = true
	if said, err := p.install(); err != nil || !strings.Contains(said, "a copy") {
		t.Fatalf("%q, %v", said, err)
	}
	if text, err := os.ReadFile(p.completer); err != nil || string(text) != "program" {
		t.Errorf("%q, %v", text, err)
	}
	// The copy here is no build of the plugin, so that it is not replaced.
	if _, err := p.install(); err == nil {
		t.Error("a file of unknown origin was replaced")
	}
}

func TestFindPlace(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(string) string { return "" }
	t.Setenv("PATH", t.TempDir())
	if _, err := findPlace("kubectl-backup", nothing); err == nil || !strings.Contains(err.Error(), "on PATH") {
		t.Errorf("not on PATH: %v", err)
	}

	krew := t.TempDir()
	if err := os.Mkdir(filepath.Join(krew, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(krew, "bin", "kubectl-backup_doctor")); err != nil {
		t.Fatal(err)
	}
	found, err := findPlace("kubectl-backup_doctor", func(string) string { return krew })
	if err != nil || found.completer != filepath.Join(krew, "bin", "kubectl_complete-backup_doctor") {
		t.Errorf("in krew's folder: %+v, %v", found, err)
	}
	t.Setenv("PATH", filepath.Join(krew, "bin"))
	if found, err = findPlace("kubectl-backup_doctor", nothing); err != nil || filepath.Dir(found.plugin) != filepath.Join(krew, "bin") {
		t.Errorf("on PATH: %+v, %v", found, err)
	}

	// Another build on PATH is the one that kubectl would run.
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "kubectl-backup_doctor"), []byte("x"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", other)
	if _, err := findPlace("kubectl-backup_doctor", nothing); err == nil {
		t.Error("a link to another build was offered")
	}
}
