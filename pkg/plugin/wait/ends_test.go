package wait

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

func TestOnlyARunEnds(t *testing.T) {
	t.Parallel()
	hit := func(role backup.Role) collect.Hit {
		kind := &system.Kind{Role: role}
		return collect.Hit{Kind: kind, Served: backup.Served{Kind: "Thing"}, Name: "demo"}
	}
	plain := collect.Hit{Served: backup.Served{Kind: "ConfigMap"}, Name: "demo"}
	for name, c := range map[string]struct {
		until string
		hit   collect.Hit
		ends  bool
	}{
		"a backup":                            {forData, hit(backup.RoleBackup), true},
		"a restore":                           {forComplete, hit(backup.RoleRestore), true},
		"a data mover":                        {forData, hit(backup.RoleWork), true},
		"a schedule":                          {forData, hit(backup.RoleSchedule), false},
		"a location":                          {forComplete, hit(backup.RoleLocation), false},
		"an object of no backup system":       {forData, plain, false},
		"a schedule that is to be gone":       {forDeleted, hit(backup.RoleSchedule), true},
		"something of no system, to be gone":  {forDeleted, plain, true},
		"beside a backup, an object that not": {forData, plain, false},
	} {
		err := (&options{until: c.until}).ends([]collect.Hit{hit(backup.RoleBackup), c.hit})
		var usage *cli.UsageError
		if (err == nil) != c.ends || err != nil && !errors.As(err, &usage) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatKeepsFromSayingIsNamed(t *testing.T) {
	t.Parallel()
	out := &bytes.Buffer{}
	g := &cli.Globals{Now: time.Now}
	g.ErrOut = out
	(&options{Globals: g}).unseen([]backup.Gap{
		{What: "datauploads.velero.io", Why: "forbidden", Rule: "list datauploads.velero.io in namespace velero"}, {What: "pods", Why: "no answer\x1b[2J"},
	})
	want := "warning: not seen: datauploads.velero.io: denied (missing right: list datauploads.velero.io in namespace velero)\n"
	if got := out.String(); !strings.HasPrefix(got, want) || !strings.Contains(got, "pods: no answer") || strings.Contains(got, "\x1b") {
		t.Errorf("%q", got)
	}
}

func TestWordsAreChecked(t *testing.T) {
	t.Parallel()
	var usage *cli.UsageError
	if _, err := (&flags{until: "joy"}).options(&cli.Globals{}, []string{"demo"}); !errors.As(err, &usage) {
		t.Errorf("--for=joy: %v", err)
	}
	if _, err := (&flags{until: forData}).options(&cli.Globals{}, nil); !errors.As(err, &usage) {
		t.Errorf("no target: %v", err)
	}
}
