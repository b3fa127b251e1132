package diagnose

import (
	"cmp"
	"context"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// scan is the verb without a target: whatever hangs or failed, by cause.
type scan struct {
	*cli.Globals
	flags     *flags
	output    cli.Output
	contact   bool
	scope     collect.Scope
	collector *collect.Collector
}

func (f *flags) scan(g *cli.Globals) (*scan, error) {
	s := &scan{Globals: g, flags: f, output: cli.Output(f.output)}
	if err := s.output.Validate(); err != nil {
		return nil, err
	}
	if f.limit < 0 {
		return nil, &cli.UsageError{Text: "--limit is a number of objects, 0 or more"}
	}
	storage, err := f.storage.ScanOptions()
	if err != nil {
		return nil, err
	}
	s.contact = storage != nil
	if s.scope, err = g.Scope(); err != nil {
		return nil, err
	}
	collector, _, err := g.Collector(storage)
	if err != nil {
		return nil, err
	}
	s.collector = collector.Shared()
	return s, nil
}

func (s *scan) run(ctx context.Context) error {
	namespaces, err := s.namespaces(ctx)
	if err != nil {
		return err
	}
	survey, err := s.collector.Scan(ctx, namespaces)
	if err != nil {
		return err
	}
	result, err := s.judge(ctx, survey, namespaces)
	if err != nil {
		return err
	}
	if s.output.IsStructured() {
		err = s.output.Print(s.Out, result)
	} else {
		err = render.Scan(s.Out, result, s.Style(s.Out), s.flags.short)
	}
	if err != nil {
		return err
	}
	return codeOf(result.Status)
}

// namespaces are where it looks; none is the whole cluster.
func (s *scan) namespaces(ctx context.Context) ([]string, error) {
	if s.flags.all {
		return nil, nil
	}
	out := []string{s.scope.Namespace}
	if s.scope.Explicit {
		return out, nil
	}
	homes, err := s.collector.HomeNamespaces(ctx)
	for _, home := range homes {
		if !slices.Contains(out, home) {
			out = append(out, home)
		}
	}
	return out, err
}

// judge examines the first suspects and counts the others.
func (s *scan) judge(ctx context.Context, survey collect.Survey, namespaces []string) (backup.Scan, error) {
	out := backup.Scan{
		At: s.Now().UTC(), Cluster: s.collector.Cluster.Info(ctx), Namespaces: namespaces, Kinds: survey.Kinds,
		JustDeleted: survey.JustDeleted, Unclear: survey.Unclear, Gaps: survey.Gaps, Troubled: map[backup.Trouble]int{},
	}
	limit := min(s.flags.limit, len(survey.Suspects))
	examined, rest := survey.Suspects[:limit], survey.Suspects[limit:]
	hits := make([]collect.Hit, len(examined))
	for i, suspect := range examined {
		hits[i] = suspect.Hit
	}
	var single []backup.Cause
	depth := collect.Depth{Logs: true, Storage: s.contact, Many: true, Blockers: true}
	err := s.collector.Examine(ctx, hits, depth, func(i int, ev backup.Evidence, err error) {
		switch {
		case cluster.IsAbsent(err): // it went by itself meanwhile
			return
		case err != nil:
			out.Gaps = append(out.Gaps, backup.Gap{What: hits[i].Ref().Human(), Why: err.Error(), Lookup: cluster.Lookup(err)})
		default:
			d := diagnose.Diagnose(ev, finalizer.WaysOut(ev))
			single = append(single, diagnose.CauseOf(d, affected(examined[i], d.Object.Ref)))
			out.Gaps = append(out.Gaps, d.Gaps...)
		}
		out.Troubled[examined[i].Trouble]++
		out.Examined++
	})
	if err != nil {
		return out, err
	}
	out.Rest = rests(rest, out.Troubled)
	return diagnose.Scan(out, single), nil
}

func affected(s collect.Suspect, ref backup.Ref) backup.Affected {
	return backup.Affected{Ref: ref, System: s.System, Trouble: s.Trouble, Since: s.Since}
}

// rests counts what was not examined, by kind and by trouble.
func rests(rest []collect.Suspect, troubled map[backup.Trouble]int) []backup.KindCount {
	counts := map[string]int{}
	for _, suspect := range rest {
		counts[suspect.Hit.Ref().GroupResource()]++
		troubled[suspect.Trouble]++
	}
	var out []backup.KindCount
	for resource, count := range counts {
		out = append(out, backup.KindCount{Resource: resource, Count: count})
	}
	slices.SortFunc(out, func(a, b backup.KindCount) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Resource, b.Resource))
	})
	return out
}

// codeOf is the exit code of a folded status.
func codeOf(status backup.Status) error {
	switch status {
	case backup.StatusProblem:
		return cli.Code(cli.CodeProblems)
	case backup.StatusUnknown:
		return cli.Code(cli.CodeUnknown)
	}
	return nil
}
