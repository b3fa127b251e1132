package create

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

func flagsOf(typed map[string]string) *flags {
	f := &flags{values: map[string]*values{}}
	for flag, text := range typed {
		f.values[flag] = &values{typed: []string{text}}
	}
	return f
}

func TestARestoreIsNamedAfterWhatItRestores(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		typed map[string]string
		args  []string
		want  []string
	}{
		{map[string]string{"from-backup": "nightly"}, nil, []string{"nightly-20261121083000"}},
		{map[string]string{"from-schedule": "daily"}, nil, []string{"daily-20261121083000"}},
		{map[string]string{"from-backup": "nightly"}, []string{"mine"}, []string{"mine"}},
		{nil, nil, nil},
	} {
		if got := flagsOf(c.typed).nameRestore(c.args, now); !slices.Equal(got, c.want) {
			t.Errorf("%v %v: %v, want %v", c.typed, c.args, got, c.want)
		}
	}
}

func TestOverwritingIsAnEffectOfItsOwn(t *testing.T) {
	t.Parallel()
	o := &options{
		noun: noun{role: backup.RoleRestore}, kind: &system.Kind{System: "velero"},
		object: map[string]any{"spec": map[string]any{"existingResourcePolicy": "update"}},
	}
	if o.effect() != backup.EffectOverwrites || o.effect().Gentle() || !strings.HasPrefix(o.undo(), "none") {
		t.Errorf("effect %s, undo %s", o.effect(), o.undo())
	}
	o.object["spec"] = map[string]any{"existingResourcePolicy": "none"}
	if o.effect() != backup.EffectCreates || !strings.HasPrefix(o.undo(), "none") {
		t.Errorf("effect %s, undo %s", o.effect(), o.undo())
	}
	o.kind.System = "tidb-operator" // what is in its tables is not seen from here
	if o.effect() != backup.EffectOverwrites {
		t.Errorf("effect %s", o.effect())
	}
	o.noun.role = backup.RoleBackup
	if !strings.Contains(o.undo(), "kubectl backup delete") {
		t.Errorf("undo %s", o.undo())
	}
}

func TestAMissingBackupHasAHint(t *testing.T) {
	t.Parallel()
	for err, want := range map[error]string{
		&collect.NoBackupError{Schedule: "daily"}:                                                       "get backups",
		&collect.NoBackupError{Schedule: "daily", Seen: 2, Phases: []string{"Completed"}}:               "--allow-partially-failed",
		&collect.NoBackupError{Schedule: "daily", Seen: 2, Phases: []string{"Completed", "and a half"}}: "get backups",
		&collect.NotFoundError{}: "get backups",
	} {
		var hinted *cli.HintedError
		if got := hintSource(err); !errors.As(got, &hinted) || !strings.Contains(hinted.Hint, want) {
			t.Errorf("%v: %v", err, got)
		}
	}
	if other := errors.New("other"); !errors.Is(hintSource(other), other) || hintSource(nil) != nil {
		t.Error("another error is changed")
	}
}

func TestTheHooksAreReadFromAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "hooks.yaml")
	if err := os.WriteFile(file, []byte("resources: []"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := &cli.Globals{}
	g.In = strings.NewReader("from stdin")
	o := &options{Act: &act.Act{Globals: g}}
	for name, want := range map[string]string{file: "resources: []", "-": "from stdin", "/does/not/exist": ""} {
		got, err := o.readFile(name)
		if want == "" && err == nil || want != "" && (err != nil || string(got) != want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
