package pause

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
)

// schedule is one schedule as it was read.
type schedule struct {
	hit collect.Hit
	raw map[string]any
	how compose.Scheduling
}

func (s schedule) ref() backup.Ref {
	ref := s.hit.Ref()
	ref.UID, _ = compose.Get(s.raw, "metadata.uid").(string)
	return ref
}

func (s schedule) paused() bool {
	paused, _ := compose.Get(s.raw, s.how.Paused).(bool)
	return paused
}

// find reads the schedules that are meant.
func (o *options) find(ctx context.Context) error {
	o.found, o.notes = nil, nil
	switch {
	case o.flags.entry != "":
		return o.ofEntry(ctx)
	case len(o.targets) > 0:
		return o.named(ctx)
	}
	return o.listed(ctx)
}

func (o *options) named(ctx context.Context) error {
	scope := o.scope
	scope.Role = backup.RoleSchedule
	for _, target := range o.targets {
		hit, err := o.collector.Find(ctx, target, scope)
		if err != nil {
			return err
		}
		if err := o.add(ctx, hit); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) listed(ctx context.Context) error {
	q := collect.Query{
		Type: string(backup.RoleSchedule), Namespace: o.scope.Namespace, Explicit: o.scope.Explicit,
		All: o.flags.wide, LabelSelector: o.flags.selector,
	}
	var refs []backup.Ref
	gaps, err := o.collector.List(ctx, q, func(row backup.Object) { refs = append(refs, row.Ref) })
	if err != nil {
		return err
	}
	if len(gaps) > 0 {
		return fmt.Errorf("list %s: %s: not all schedules are known, so that none is changed", gaps[0].What, gaps[0].Why)
	}
	slices.SortFunc(refs, func(a, b backup.Ref) int { return strings.Compare(a.Human(), b.Human()) })
	for _, ref := range refs {
		if err := o.addRef(ctx, ref); err != nil {
			return err
		}
	}
	return nil
}

// ofEntry reads the schedules that an entry of the journal paused.
func (o *options) ofEntry(ctx context.Context) error {
	record, err := o.Globals.Journal(o.flags.JournalDir).Show(o.flags.entry)
	if errors.Is(err, finalizer.ErrNoEntry) {
		return &cli.HintedError{Err: err, Hint: "'kubectl backup journal list' names the entries"}
	}
	if err != nil {
		return err
	}
	if record.Way != verbPause {
		return &cli.UsageError{Text: fmt.Sprintf("the entry %s of the journal paused nothing: it is of %q", o.flags.entry, record.Way)}
	}
	if here := o.collector.Info(ctx).Server; record.Plan.Cluster.Server != here {
		return fmt.Errorf("the entry %s of the journal is of the cluster at %s, and this one is at %s", o.flags.entry, record.Plan.Cluster.Server, here)
	}
	for _, outcome := range record.Outcomes {
		if outcome.State != "done" || outcome.Step >= len(record.Plan.Steps) {
			continue
		}
		if err := o.addRef(ctx, record.Plan.Steps[outcome.Step].Target); err != nil {
			return err
		}
	}
	return nil
}

// addRef adds a schedule by its reference; one that is gone or another by now is
// told and left alone.
func (o *options) addRef(ctx context.Context, ref backup.Ref) error {
	target := collect.Target{Type: ref.GroupResource(), Name: ref.Name}
	hit, err := o.collector.Find(ctx, target, collect.Scope{Namespace: ref.Namespace, Explicit: true})
	var missing *collect.NotFoundError
	if errors.As(err, &missing) && len(missing.Gaps) == 0 {
		o.note("gone", backup.GateWarning, ref.Human()+" is not there any more")
		return nil
	}
	if err != nil {
		return err
	}
	before := len(o.found)
	if err := o.add(ctx, hit); err != nil {
		return err
	}
	if len(o.found) > before && !o.found[before].ref().Same(ref) {
		o.found = o.found[:before]
		o.note("replaced", backup.GateWarning, ref.Human()+" is another one than it was, and is left alone")
	}
	return nil
}

// add reads a schedule and looks whether it can be paused at all.
func (o *options) add(ctx context.Context, hit collect.Hit) error {
	if hit.Kind == nil || hit.Kind.Role != backup.RoleSchedule {
		return &cli.UsageError{Text: hit.Ref().Human() + " is no schedule of a known backup system"}
	}
	raw, err := o.Reader.Get(ctx, hit.Served, hit.Namespace, hit.Name)
	if cluster.IsAbsent(err) {
		o.note("gone", backup.GateWarning, hit.Ref().Human()+" is not there any more")
		return nil
	}
	if err != nil {
		return err
	}
	s := schedule{hit: hit, raw: raw}
	s.how, _ = compose.SchedulingOf(hit.Kind.System)
	why, err := o.unpausable(ctx, s)
	switch {
	case err != nil:
		return err
	case why != "" && len(o.targets) > 0:
		return &cli.HintedError{Err: errors.New(why), Hint: "nothing was changed; to stop it, keep its manifest (-o yaml) and delete it"}
	case why != "":
		o.note("no-pause", backup.GateWarning, why)
		return nil
	}
	o.found = append(o.found, s)
	return nil
}

// unpausable says why a schedule has no switch; empty where it has one.
func (o *options) unpausable(ctx context.Context, s schedule) (string, error) {
	if s.how.Paused == "" {
		return fmt.Sprintf("%s cannot be paused: %s has no way to do it", s.hit.Ref().Human(), s.hit.Kind.System), nil
	}
	schema, err := o.collector.Schema(ctx, s.hit.Served)
	if err != nil {
		return "", fmt.Errorf("read the definition of %s: %w", s.hit.Ref().GroupResource(), err)
	}
	if !compose.Knows(schema, s.how.Paused) {
		return fmt.Sprintf("%s cannot be paused: this cluster's definition has no %s, and the server would drop it without a word", s.hit.Ref().Human(), s.how.Paused), nil
	}
	return "", nil
}

func (o *options) note(condition string, state backup.GateState, text string) {
	o.notes = append(o.notes, backup.GateResult{Condition: condition, State: state, Because: text})
}
