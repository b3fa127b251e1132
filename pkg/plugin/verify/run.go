package verify

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// run verifies the targets, each on a page of its own.
func (f *flags) run(ctx context.Context, look *cli.Look) error {
	evidence, err := look.Archives(ctx, f.depth())
	if err != nil {
		return err
	}
	all := make([]backup.Verification, 0, len(evidence))
	worst := backup.StatusOK
	for _, ev := range evidence {
		if role := ev.Object.Role; role != backup.RoleBackup && role != backup.RoleRestore {
			return &cli.UsageError{Text: fmt.Sprintf("%s is no backup and no restore", ev.Object.Ref.Human())}
		}
		v := diagnose.Verify(ev)
		worst = graver(worst, v.Status)
		all = append(all, v)
	}
	err = cli.PrintEach(look, "VerificationList", all, func(v backup.Verification) error {
		return render.Verification(look.Out, v, look.Style(look.Out))
	})
	if err != nil {
		return err
	}
	return codeOf(worst)
}

// runAll verifies every backup and prints one table.
func (f *flags) runAll(ctx context.Context, g *cli.Globals) error {
	output := cli.Output(f.output)
	if err := output.Validate(); err != nil {
		return err
	}
	storage, err := f.storage.Options()
	if err != nil {
		return err
	}
	scope, err := g.Scope()
	if err != nil {
		return err
	}
	collector, _, err := g.CollectorFor(&f.storage, storage)
	if err != nil {
		return err
	}
	collector = collector.Shared()
	hits, gaps, err := collector.Hits(ctx, collect.Query{Namespace: scope.Namespace, Explicit: scope.Explicit, All: f.namespaces || f.storage.Bucket != "" && !scope.Explicit})
	if err != nil {
		return err
	}
	items, missing, err := f.verifyEach(ctx, g, collector, hits)
	if err != nil {
		return err
	}
	all := diagnose.VerifyAll(g.Now().UTC(), collector.Cluster.Info(ctx), items, append(gaps, missing...))
	if output.IsStructured() {
		err = output.Print(g.Out, all)
	} else {
		err = render.Verifications(g.Out, all, f.namespaces || !scope.Explicit, g.Style(g.Out))
	}
	if err != nil {
		return err
	}
	return codeOf(all.Status)
}

// verifyEach judges each backup as soon as it was read and drops the long lists
// of what is in it, so that many fit into memory.
func (f *flags) verifyEach(ctx context.Context, g *cli.Globals, collector *collect.Collector, hits []collect.Hit) ([]backup.Verification, []backup.Gap, error) {
	verified := make([]*backup.Verification, len(hits))
	progress := render.NewProgress(g.ErrOut, g.Style(g.ErrOut), !g.Quiet)
	defer progress.Clear()
	done := 0
	gaps, err := collector.Archives(ctx, hits, f.depth(), func(i int, ev backup.Evidence) {
		v := diagnose.Verify(ev)
		v.Archive.Resources, v.Archive.Items = nil, withoutCounts(v.Archive.Items)
		if v.Archive.Record != nil {
			v.Archive.Record.Object = nil
		}
		verified[i] = &v
		done++
		progress.Text(fmt.Sprintf("verified %d of %d", done, len(hits)))
	})
	var items []backup.Verification
	for _, v := range verified {
		if v != nil {
			items = append(items, *v)
		}
	}
	return items, gaps, err
}

func withoutCounts(items *backup.ArchiveItems) *backup.ArchiveItems {
	if items == nil {
		return nil
	}
	return &backup.ArchiveItems{Format: items.Format, Total: items.Total}
}

// graver is the worse of two answers: a problem outweighs what is not known.
func graver(a, b backup.Status) backup.Status {
	for _, status := range []backup.Status{backup.StatusProblem, backup.StatusUnknown} {
		if a == status || b == status {
			return status
		}
	}
	return backup.StatusOK
}

// codeOf is the exit code of an answer.
func codeOf(status backup.Status) error {
	switch status {
	case backup.StatusProblem:
		return cli.Code(cli.CodeProblems)
	case backup.StatusUnknown:
		return cli.Code(cli.CodeUnknown)
	}
	return nil
}
