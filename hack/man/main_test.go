package main

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

var date = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func TestPages(t *testing.T) {
	all, err := pages("backup-doctor", "v1.2.3", date)
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(all))
	for _, want := range []string{"kubectl-backup-doctor.1", "kubectl-backup-doctor-get.1", "kubectl-backup-doctor-journal-show.1"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s in %q", want, names)
		}
	}
	for name, page := range all {
		text := string(page)
		if !strings.Contains(text, `"Nov 2026" "kubectl-backup-doctor v1.2.3"`) {
			t.Errorf("%s has no date and version: %.200s", name, text)
		}
		if strings.Contains(text, "kubectl backup ") || strings.Contains(strings.ReplaceAll(strings.ToLower(text), "kubectl-backup-doctor", ""), "kubectl-backup-") {
			t.Errorf("%s has the old name", name)
		}
		if at := strings.Index(text, `="/`); at >= 0 {
			t.Errorf("%s has a path of this machine: %.60s", name, text[at:])
		}
	}
}

func TestPagesAreReproducible(t *testing.T) {
	one, err := pages("backup", "v1.2.3", date)
	if err != nil {
		t.Fatal(err)
	}
	two, err := pages("backup", "v1.2.3", date)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.EqualFunc(one, two, slices.Equal) {
		t.Error("two runs differ")
	}
}
