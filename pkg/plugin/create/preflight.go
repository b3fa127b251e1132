package create

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// preflightTime is how long all looks before an object is made may take together;
// what is not known by then is unknown.
const preflightTime = 10 * time.Second

// preflight looks at what the new object will meet, in parallel. What is skipped is not
// looked at.
func (o *options) preflight(ctx context.Context) *backup.Preflight {
	ctx, cancel := context.WithTimeout(ctx, preflightTime)
	defer cancel()
	p := &backup.Preflight{Manifest: o.object, Timetables: o.timetables}
	if o.restoring() {
		p.Restore = o.restoreLook(ctx)
		return p
	}
	var wg sync.WaitGroup
	for check, look := range o.looks(ctx, p) {
		if !slices.Contains(o.flags.skipped(), check) {
			wg.Go(look)
		}
	}
	wg.Wait()
	return p
}

// looks are what is looked at, by the check that leaves it out. What a restore of TiDB
// would meet is read for several checks, which are left out of it there.
func (o *options) looks(ctx context.Context, p *backup.Preflight) map[backup.PreflightCheck]func() {
	needs := func() { p.Needs = o.collector.PreflightNeeds(ctx, o.kind, o.object) }
	if o.restoringTiDB() {
		return map[backup.PreflightCheck]func(){
			backup.PreflightNeeds: needs,
			"": func() {
				p.TiDB = o.collector.RestoreTiDB(ctx, o.kind, o.object, o.tidb.full, o.tidb.log, o.flags.skipped())
			},
		}
	}
	return map[backup.PreflightCheck]func(){
		backup.PreflightStorage: func() { p.Storage = o.collector.PreflightStorage(ctx, o.kind, o.object) },
		backup.PreflightNeeds:   needs,
		backup.PreflightVolumes: func() { p.Volumes = o.collector.PreflightVolumes(ctx, o.kind, o.object) },
	}
}

// skipped are the checks that the person leaves out.
func (f *flags) skipped() []backup.PreflightCheck {
	var out []backup.PreflightCheck
	for _, word := range f.skip {
		out = append(out, backup.PreflightCheck(word))
	}
	return out
}

// checkSkips refuses a name that no check has.
func (f *flags) checkSkips(role backup.Role) error {
	for _, word := range f.skip {
		if !slices.Contains(diagnose.PreflightChecks(role), backup.PreflightCheck(word)) {
			return &cli.UsageError{Text: fmt.Sprintf("--skip-preflight=%s is not one of %s", word, preflightWords(role))}
		}
	}
	return nil
}

func preflightWords(role backup.Role) string {
	var words []string
	for _, name := range diagnose.PreflightChecks(role) {
		words = append(words, string(name))
	}
	return strings.Join(words, ", ")
}
