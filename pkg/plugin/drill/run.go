package drill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/compose"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

// maxName is the longest name that is also a label's value.
const maxName = 63

// options are what the verb runs on.
type options struct {
	*act.Act
	flags     *flags
	target    collect.Target
	scope     collect.Scope
	collector *collect.Collector

	hit     collect.Hit // the backup
	restore *system.Kind
	schema  map[string]any // of the Restore
	id      string         // of this drill, in all its names
	ev      backup.Evidence
	journal []string // the entries that it has written
}

// run goes from the backup over the plan to the result, and cleans up.
func (o *options) run(ctx context.Context) error {
	if err := o.find(ctx); err != nil {
		return err
	}
	if err := o.look(ctx); err != nil {
		return err
	}
	o.Judge = o.judge
	executor := o.Executor(o.again, "")
	plan, err := o.Plan(ctx, executor, o.ev)
	if err != nil {
		return err
	}
	if refused := finalizer.Refusal(plan); refused != nil || o.Flags.DryRun != act.DryRunNone {
		return errors.Join(o.PrintPlan(plan), act.CodeOf(refused))
	}
	begun := o.Now()
	result, err := o.Do(ctx, executor, plan)
	o.note(result)
	if err == nil {
		err = o.await(ctx)
	}
	drill := o.result(begun, err)
	interrupted := ctx.Err()
	o.finish(ctx, &drill)
	if err != nil && interrupted == nil {
		return errors.Join(o.tellLeft(drill), err)
	}
	return errors.Join(o.print(drill), interrupted, codeOf(drill.Status))
}

// find finds the backup and the kind of its restores.
func (o *options) find(ctx context.Context) (err error) {
	if o.hit, err = o.collector.Find(ctx, o.target, o.scope); err != nil {
		return err
	}
	ref := o.hit.Ref()
	if o.hit.Kind == nil || o.hit.Kind.Role != backup.RoleBackup {
		return &cli.UsageError{Text: ref.Human() + " is no backup"}
	}
	if name := o.hit.Kind.System; name != compose.Velero && name != compose.EBackup {
		return &cli.UsageError{Text: "backups of " + name + " cannot be drilled: only Velero's restores go into namespaces of other names"}
	}
	if o.restore, err = o.collector.KindOf(ctx, ref.Group, "restores"); err != nil {
		return err
	}
	if o.restore == nil {
		return &cli.UsageError{Text: "this cluster serves no restores." + ref.Group}
	}
	if o.schema, err = o.collector.Schema(ctx, o.restore.Served); err != nil {
		return fmt.Errorf("read the definition of restores.%s: %w", ref.Group, err)
	}
	o.id = strconv.FormatInt(o.Now().Unix(), 36)
	return nil
}

// look reads what the backup holds, and says what a drill makes of it.
func (o *options) look(ctx context.Context) error {
	ev, contents, read, err := o.collector.DrillContents(ctx, o.hit, o.flags.namespaces)
	if err != nil {
		return err
	}
	name := "drill-" + o.id + "-" + o.hit.Name
	name = strings.TrimRight(name[:min(len(name), maxName)], "-.")
	leftOut := compose.DrillLeftOut(contents, o.collector.BackupKinds(), compose.Drill{Schema: o.schema}.Modifies())
	chosen := o.flags.namespaces
	if len(chosen) == 0 {
		chosen = compose.DrillChosen(contents, leftOut)
	}
	if read.Lookup == backup.Found {
		for _, namespace := range chosen {
			if !slices.Contains(contents.All, namespace) {
				return &cli.UsageError{Text: fmt.Sprintf("--namespaces: the backup holds nothing of %q; it holds %s", namespace, strings.Join(contents.All, ", "))}
			}
		}
	}
	ev.Drill = &backup.DrillLook{
		Name: name, Namespaces: compose.DrillNamespaces(o.id, chosen), Read: read, Contents: contents,
		LeftOut: leftOut,
	}
	o.ev = ev
	return nil
}

// again reads the backup itself anew; what its tarball holds does not change.
func (o *options) again(ctx context.Context) (backup.Evidence, error) {
	ev, err := o.collector.Brief(ctx, o.hit)
	ev.Archive, ev.Drill = o.ev.Archive, o.ev.Drill
	return ev, err
}

// judge is the plan of a drill.
func (o *options) judge(ev backup.Evidence, req finalizer.Request) backup.Plan {
	p := finalizer.Proposal{Target: ev.Object.Ref, System: ev.Object.System, Way: "drill", Effect: backup.EffectCreates, Gate: diagnose.BeforeDrill(ev)}
	if ev.Drill.Lookup == backup.Found {
		p.Steps = compose.Drill{Restore: o.restore.Served, Home: o.hit.Namespace, Backup: o.hit.Name, Look: ev.Drill, Schema: o.schema}.Steps()
	}
	return finalizer.Propose(ev, p, req)
}

// note keeps the entry that a plan has in the journal.
func (o *options) note(result backup.Result) {
	if result.JournalID != "" {
		o.journal = append(o.journal, result.JournalID)
	}
}

// result is what the drill showed so far; err is what ended it before its time.
func (o *options) result(begun time.Time, err error) backup.Drill {
	if o.ev.Drill.Found == nil {
		o.ev.Drill.Found = &backup.DrillFound{}
	}
	drill := diagnose.Drill(o.ev)
	drill.At, drill.Took = begun.UTC(), backup.Duration(o.Now().Sub(begun).Truncate(time.Second))
	drill.JournalIDs, drill.JournalDir = o.journal, o.flags.JournalDir
	if err != nil {
		drill.Status, drill.Verdict = backup.StatusUnknown, "the drill was not finished"
	}
	return drill
}

func (o *options) print(drill backup.Drill) error {
	if o.Output.IsStructured() {
		return o.Output.Print(o.Out, drill)
	}
	return render.Drill(o.Out, drill, o.Style(o.Out))
}

func codeOf(status backup.Status) error {
	switch status {
	case backup.StatusProblem:
		return cli.Code(cli.CodeProblems)
	case backup.StatusUnknown:
		return cli.Code(cli.CodeUnknown)
	}
	return nil
}
