package unstick

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// typed are flags as they are without any on the command line, changed.
func typed(change func(*flags)) *flags {
	f := &flags{Flags: act.Flags{DryRun: act.DryRunNone}, storage: cli.StorageFlags{Mode: "auto"}}
	change(f)
	return f
}

func TestFlagsAreChecked(t *testing.T) {
	t.Parallel()
	for word, change := range map[string]func(*flags){
		"--via=force":                    func(f *flags) { f.via = "force" },
		"--accept-risk=all":              func(f *flags) { f.Accept = []string{string(backup.RiskStorageUnknown), "all"} },
		"--dry-run=yes":                  func(f *flags) { f.DryRun = "yes" },
		"nothing to --confirm":           func(f *flags) { f.DryRun, f.Confirm = "client", "3fa9c2d1e0b7" },
		"-A goes with -l or --all-stuck": func(f *flags) { f.all = true },
	} {
		var usage *cli.UsageError
		if _, err := typed(change).options(&cli.Globals{}, []string{"demo"}); !errors.As(err, &usage) || !strings.Contains(err.Error(), word) {
			t.Errorf("%s: got %v", word, err)
		}
	}
}

func TestEachWayIsAWord(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		if err := typed(func(f *flags) { f.via = way }).validate(); err != nil {
			t.Error(err)
		}
	}
}

func TestTargetsAreNamedOrSelected(t *testing.T) {
	t.Parallel()
	stuck := func(f *flags) { f.allStuck = true }
	for name, c := range map[string]struct {
		flags   *flags
		args    string
		targets int
		kind    string
		many    bool
		wrong   string
	}{
		"one":                    {typed(func(*flags) {}), "backup/demo", 1, "", false, ""},
		"several":                {typed(func(*flags) {}), "backup demo other", 2, "", true, ""},
		"none":                   {typed(func(*flags) {}), "", 0, "", false, "name what to look at"},
		"all that hang":          {typed(stuck), "", 0, "", true, ""},
		"of a type":              {typed(stuck), "backups.pingcap.com", 0, "backups.pingcap.com", true, ""},
		"by labels":              {typed(func(f *flags) { f.selector = "a=b" }), "schedules", 0, "schedules", true, ""},
		"named and selected":     {typed(stuck), "backup/demo", 0, "", true, "beside that name a TYPE at most"},
		"two types and selected": {typed(stuck), "backups schedules", 0, "", true, "beside that name a TYPE at most"},
	} {
		o := &options{flags: c.flags}
		err := o.read(strings.Fields(c.args))
		switch {
		case c.wrong != "":
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: got %v", name, err)
			}
		case err != nil || len(o.Targets) != c.targets || o.Kind != c.kind || o.many() != c.many:
			t.Errorf("%s: %d targets, type %q, many %t, %v", name, len(o.Targets), o.Kind, o.many(), err)
		}
	}
}

// Only for one object at a time what lies in its place is counted: that is the
// one that may be erased.
func TestDepth(t *testing.T) {
	t.Parallel()
	erase := typed(func(f *flags) { f.via = backup.WayRetryClean })
	one := &options{flags: erase, Choice: act.Choice{Storage: true}}
	if depth := one.depth(); !depth.Storage || !depth.Contents || !depth.Gate {
		t.Errorf("%+v", depth)
	}
	one.Storage = false
	if depth := one.depth(); depth.Storage || depth.Contents {
		t.Errorf("storage is contacted: %+v", depth)
	}
	erase.allStuck = true
	if depth := (&options{flags: erase, Choice: act.Choice{Storage: true}}).depth(); depth.Contents {
		t.Errorf("the objects in many places are counted: %+v", depth)
	}
}
