package plugin

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestProgramIsKnownByItsFile(t *testing.T) {
	tests := map[string]struct {
		file, program, typed string
		completes            bool
	}{
		"on PATH":         {"/usr/local/bin/kubectl-backup", "kubectl-backup", "kubectl backup", false},
		"on Windows":      {"kubectl-backup.exe", "kubectl-backup", "kubectl backup", false},
		"another name":    {"bin/kubectl-backup_doctor", "kubectl-backup_doctor", "kubectl backup-doctor", false},
		"for completion":  {"bin/kubectl_complete-backup", "kubectl-backup", "kubectl backup", true},
		"the same of it":  {"kubectl_complete-backup_doctor.exe", "kubectl-backup_doctor", "kubectl backup-doctor", true},
		"no plugin's":     {"plugin.test", "kubectl-backup", "kubectl backup", false},
		"nothing behind":  {"kubectl-", "kubectl-backup", "kubectl backup", false},
		"nothing to say":  {"kubectl_complete-", "kubectl-backup", "kubectl backup", false},
		"below a command": {"kubectl-a-b", "kubectl-a-b", "kubectl a b", false},
	}
	for name, test := range tests {
		program, completes := programOf(test.file)
		if program != test.program || completes != test.completes || typed(program) != test.typed {
			t.Errorf("%s: %s, %q, completes %v", name, program, typed(program), completes)
		}
	}
}

// Whatever is printed can be typed: the file's name is the only place of the name.
func TestAnotherNameIsSaidEverywhere(t *testing.T) {
	t.Setenv("KUBECONFIG", "/nonexistent")
	for _, line := range []string{
		"", "--help", "get --help", "help unstick", "systems --help", "version", "explain BK-F101", "explain BK-0000", "gte", "get --no", "completion kubectl",
		"options", "journal list --help", "systems show nosuch", "explain",
	} {
		var out bytes.Buffer
		RunAs(context.Background(), "kubectl-backup_doctor", strings.Fields(line), genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &out})
		text := out.String()
		if rest := strings.ReplaceAll(text, "kubectl backup-doctor", ""); strings.Contains(rest, cli.Name) {
			t.Errorf("%q still says %q:\n%s", line, cli.Name, text)
		}
		if line != "explain BK-F101" && line != "options" && line != "explain" && !strings.Contains(text, "kubectl backup-doctor") {
			t.Errorf("%q does not say its name:\n%s", line, text)
		}
	}
}

func TestRenamedStreamIsTheFileItWritesTo(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	written, err := renamer{file, "kubectl other"}.Write([]byte("kubectl backup get, kubectl backups\n"))
	if err != nil || written != len("kubectl backup get, kubectl backups\n") {
		t.Errorf("wrote %d, %v", written, err)
	}
	text, err := os.ReadFile(file.Name())
	if err != nil || string(text) != "kubectl other get, kubectl backups\n" {
		t.Errorf("%q, %v", text, err)
	}
	if (renamer{to: file}).Unwrap() != file {
		t.Error("whether it is a terminal cannot be told")
	}
}
