package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

// write makes the bill of the test program, as if that had been released.
func write(t *testing.T) []byte {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(t.TempDir(), "kubectl-backup_v1.2.3_linux_amd64.tar.gz")
	if err := os.WriteFile(archive, []byte("archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{program, archive, "v1.2.3", "2026-11-21T09:00:00+01:00"}); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(archive + ".spdx.json")
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestBillListsTheModules(t *testing.T) {
	content := write(t)
	var doc v2_3.Document
	if err := json.ReadInto(bytes.NewReader(content), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.SPDXVersion != "SPDX-2.3" || doc.CreationInfo.Created != "2026-11-21T08:00:00Z" || strings.Contains(doc.DocumentNamespace, "#") {
		t.Errorf("%s of %s, %s", doc.SPDXVersion, doc.CreationInfo.Created, doc.DocumentNamespace)
	}
	var names []string
	ids := map[string]bool{}
	for _, p := range doc.Packages {
		names = append(names, p.PackageName)
		if ids[string(p.PackageSPDXIdentifier)] {
			t.Errorf("%s is not unique", p.PackageSPDXIdentifier)
		}
		ids[string(p.PackageSPDXIdentifier)] = true
	}
	for _, want := range []string{"kubectl-backup_v1.2.3_linux_amd64.tar.gz", "stdlib", "github.com/spdx/tools-golang"} {
		if !strings.Contains(strings.Join(names, "\n"), want) {
			t.Errorf("no %s among %q", want, names)
		}
	}
	if len(doc.Relationships) != len(doc.Packages) {
		t.Errorf("%d relationships of %d packages", len(doc.Relationships), len(doc.Packages))
	}
	if sum := doc.Packages[0].PackageChecksums; len(sum) != 1 || sum[0].Value != "0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3" {
		t.Errorf("the archive's checksum is %+v", sum)
	}
}

func TestBillIsReproducible(t *testing.T) {
	if !bytes.Equal(write(t), write(t)) {
		t.Error("two bills of one archive differ")
	}
}

func TestBillOfNothing(t *testing.T) {
	text := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(text, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{text, text, "v1.2.3", "2026-11-21T09:00:00Z"}); err == nil {
		t.Error("a file without build information was accepted")
	}
}
