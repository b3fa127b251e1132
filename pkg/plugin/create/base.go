package create

import (
	"context"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// base is what a manifest begins with before any flag: another object, a schedule
// or a file. The zero value is nothing.
type base struct {
	flag      string // for errors: "--like=backup/old"
	kind      *system.Kind
	namespace string
	name      string // the name that it gives where none was typed
	fill      func(object map[string]any) error
	// checks are what can be wrong with the schedule that it begins with, if it does.
	checks func(context.Context) []backup.Checked
}

// readBase reads what --like, --from-schedule or -f name.
func (o *options) readBase(ctx context.Context) error {
	var err error
	switch {
	case o.flags.like != "":
		o.base, err = o.likeObject(ctx)
	case o.flags.fromSchedule != "":
		o.base, err = o.ofSchedule(ctx)
	case o.flags.file != "":
		o.base, err = o.ofFile(ctx)
	}
	return err
}

// find finds the object that a flag names, and reads it.
func (o *options) find(ctx context.Context, typed string, role backup.Role) (collect.Hit, map[string]any, error) {
	targets, err := cli.Targets([]string{typed})
	if err != nil {
		return collect.Hit{}, nil, err
	}
	scope := o.scope
	scope.Role = role
	hit, err := o.collector.Find(ctx, targets[0], scope)
	if err != nil {
		return hit, nil, err
	}
	raw, err := o.Reader.Get(ctx, hit.Served, hit.Namespace, hit.Name)
	return hit, raw, err
}

// likeObject copies what another object was asked for. A schedule can be made like
// a backup, which becomes the template of its backups.
func (o *options) likeObject(ctx context.Context) (base, error) {
	hit, raw, err := o.find(ctx, o.flags.like, o.noun.role)
	if err != nil {
		return base{}, err
	}
	from, to := "spec", "spec"
	switch how, scheduled := compose.SchedulingOf(systemOf(hit)); {
	case hit.Kind == nil:
		return base{}, &cli.UsageError{Text: fmt.Sprintf("--like=%s is of no backup system that is known here", o.flags.like)}
	case hit.Kind.Role == o.noun.role:
	case hit.Kind.Role == backup.RoleBackup && o.noun.role == backup.RoleSchedule && scheduled:
		to = how.Template
	default:
		return base{}, &cli.UsageError{Text: fmt.Sprintf("--like=%s is a %s, and a %s is to be made", o.flags.like, hit.Kind.Role, o.noun.role)}
	}
	return base{
		flag: "--like=" + o.flags.like, kind: hit.Kind, namespace: hit.Namespace,
		fill: func(object map[string]any) error { return compose.Like(object, raw, from, to) },
	}, nil
}

// ofSchedule makes what the schedule's own controller would make now.
func (o *options) ofSchedule(ctx context.Context) (base, error) {
	hit, raw, err := o.find(ctx, o.flags.fromSchedule, backup.RoleSchedule)
	if err != nil {
		return base{}, err
	}
	how, ok := compose.SchedulingOf(systemOf(hit))
	if !ok || hit.Kind.Role != backup.RoleSchedule {
		return base{}, &cli.UsageError{Text: fmt.Sprintf("%s is no schedule from which a backup can be made here", o.flags.fromSchedule)}
	}
	now := o.Now()
	return base{
		flag: "--from-schedule=" + o.flags.fromSchedule, kind: hit.Kind, namespace: hit.Namespace,
		name:   how.ChildName(hit.Name, now),
		fill:   func(object map[string]any) error { return how.Child(object, raw, now) },
		checks: func(ctx context.Context) []backup.Checked { return o.collector.PreflightSchedule(ctx, hit, raw) },
	}, nil
}

func systemOf(hit collect.Hit) string {
	if hit.Kind == nil {
		return ""
	}
	return hit.Kind.System
}
