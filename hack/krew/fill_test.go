package main

import (
	"os"
	"strings"
	"testing"
)

const sum = "1111111111111111111111111111111111111111111111111111111111111111"

func template(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("../../krew-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestFill(t *testing.T) {
	filled, err := fill(template(t), "v1.2.3", sum+"  kubectl-backup_v1.2.3_darwin_arm64.tar.gz\n")
	if err != nil {
		t.Fatal(err)
	}
	if problems := check([]byte(filled)); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	_, after, _ := strings.Cut(filled, "kubectl-backup_v1.2.3_darwin_arm64.tar.gz")
	if strings.Count(filled, sum) != 1 || !strings.HasPrefix(strings.TrimSpace(after), `sha256: "`+sum+`"`) {
		t.Errorf("the checksum is not at its archive:\n%s", filled)
	}
	if strings.Contains(filled, "v0.0.0") || strings.HasPrefix(filled, "#") {
		t.Errorf("something of the template is left:\n%s", filled)
	}
}

// The name is changed in one place, and every rule still holds.
func TestFillWithAnotherName(t *testing.T) {
	renamed := strings.Replace(template(t), "name: backup\n", "name: backup-doctor\n", 1)
	filled, err := fill(renamed, "v1.2.3", sum+"  kubectl-backup-doctor_v1.2.3_windows_arm64.zip\n")
	if err != nil {
		t.Fatal(err)
	}
	if problems := check([]byte(filled)); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	for _, want := range []string{"kubectl backup-doctor get -A", "bin: kubectl-backup_doctor\n", "bin: kubectl-backup_doctor.exe\n", sum} {
		if !strings.Contains(filled, want) {
			t.Errorf("no %q in:\n%s", want, filled)
		}
	}
	if strings.Contains(filled, "kubectl backup ") {
		t.Errorf("the old name is left:\n%s", filled)
	}
}

func TestFillRefuses(t *testing.T) {
	if _, err := fill(template(t), "v1.2.3", sum+"  kubectl-backup_v1.2.4_linux_amd64.tar.gz\n"); err == nil {
		t.Error("checksums of another version were accepted")
	}
	if _, err := fill("metadata: {name: Bad}", "v1.2.3", ""); err == nil {
		t.Error("a bad name was accepted")
	}
}
