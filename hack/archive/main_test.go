package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestPackIsReproducible(t *testing.T) {
	for _, name := range []string{"a.zip", "a.tar.gz"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first, second := filepath.Join(dir, "1-"+name), filepath.Join(dir, "2-"+name)
			program := filepath.Join(dir, "kubectl-backup")
			if err := os.WriteFile(program, []byte("program"), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := pack(first, []string{program}); err != nil {
				t.Fatal(err)
			}
			later := time.Now().Add(time.Hour)
			if err := os.Chtimes(program, later, later); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(program, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := pack(second, []string{program}); err != nil {
				t.Fatal(err)
			}
			one, two := read(t, first), read(t, second)
			if len(one) == 0 || !bytes.Equal(one, two) {
				t.Errorf("archives of the same content differ: %d and %d bytes", len(one), len(two))
			}
		})
	}
}

func TestPackKeepsWhatAFolderHolds(t *testing.T) {
	dir := t.TempDir()
	page := filepath.Join(dir, "work", "man", "man1", "a.1")
	if err := os.MkdirAll(filepath.Dir(page), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(page, []byte("page"), 0o600); err != nil {
		t.Fatal(err)
	}
	output := filepath.Join(dir, "a.zip")
	if err := pack(output, []string{"main.go", filepath.Join(dir, "work", "man")}); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(output)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
	}
	if !slices.Equal(names, []string{"main.go", "man/man1/a.1"}) {
		t.Errorf("%q", names)
	}
}

func TestPackRefuses(t *testing.T) {
	dir := t.TempDir()
	if err := pack(filepath.Join(dir, "a.rar"), []string{"main.go"}); err == nil {
		t.Error("an unknown kind of archive was accepted")
	}
	if err := pack(filepath.Join(dir, "a.zip"), []string{filepath.Join(dir, "absent")}); err == nil {
		t.Error("a missing file was accepted")
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}
