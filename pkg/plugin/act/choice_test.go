package act

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

func TestWhatToActOnIsNamedOrSelected(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args          string
		selected, all bool
		targets       int
		kind, wrong   string
	}{
		"names":              {args: "demo other", targets: 2},
		"a selection":        {selected: true},
		"of a type":          {args: "schedules", selected: true, all: true, kind: "schedules"},
		"neither":            {wrong: "name what to look at"},
		"everywhere, a name": {args: "demo", all: true, wrong: "-A goes with -l or --all-stuck"},
		"both":               {args: "backup/demo", selected: true, wrong: "with -l or --all-stuck; beside that name a TYPE at most"},
		"two types":          {args: "backups schedules", selected: true, wrong: "name a TYPE at most"},
	} {
		var got Choice
		err := got.Read(strings.Fields(c.args), c.selected, c.all, "-l", "--all-stuck")
		var usage *cli.UsageError
		if c.wrong != "" {
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: %v", name, err)
			}
		} else if err != nil || len(got.Targets) != c.targets || got.Kind != c.kind {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
