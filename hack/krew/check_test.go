package main

import (
	"os"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	template, err := os.ReadFile("../../krew-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if problems := check(template); len(problems) > 0 {
		t.Fatalf("the committed manifest breaks rules: %q", problems)
	}
	cases := []struct{ name, old, replacement, want string }{
		{"unknown key", "homepage:", "homePages:", "homePages"},
		{"archives of another name", "name: backup", "name: backups", "linux/amd64: uri does not end in /v0.0.0/kubectl-backups_"},
		{"name with a capital", "name: backup", "name: Backup", `metadata.name "Backup" is not lower-case`},
		{"name of every plugin", "name: backup", "name: kube-backup", "begins with kube"},
		{"version without v", "version: v0.0.0", "version: 0.0.0", "semantic version"},
		{"two lines", "shortDescription: List", "shortDescription: \"List\\n\" # ", "one line"},
		{"same platform twice", "os: darwin\n        arch: arm64", "os: darwin\n        arch: amd64", "darwin/amd64: listed twice"},
		{"unbuilt platform", "os: linux\n        arch: arm64", "os: linux\n        arch: s390x", "linux/s390x: not a platform"},
		{"missing platform", "os: linux\n        arch: arm64", "os: linux\n        arch: s390x", "linux/arm64: missing"},
		{"address of another platform", "v0.0.0_linux_arm64.tar.gz", "v0.0.0_linux_amd64.tar.gz", "linux/arm64: uri"},
		{"address of another version", "v0.0.0/kubectl-backup_v0.0.0_linux_arm64", "v0.0.1/kubectl-backup_v0.0.1_linux_arm64", "linux/arm64: uri"},
		{"short checksum", `sha256: "0`, `sha256: "`, "sha256"},
		{"windows without .exe", "bin: kubectl-backup.exe", "bin: kubectl-backup", `windows/amd64: bin is "kubectl-backup"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			broken := strings.Replace(string(template), c.old, c.replacement, 1)
			if broken == string(template) {
				t.Fatalf("%q is not in the manifest", c.old)
			}
			if problems := strings.Join(check([]byte(broken)), "\n"); !strings.Contains(problems, c.want) {
				t.Errorf("problems %q do not say %q", problems, c.want)
			}
		})
	}
}
