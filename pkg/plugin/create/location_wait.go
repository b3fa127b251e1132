package create

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/render"
)

// wait waits until the server says that the location can be used. When it says
// that it cannot, or nothing in time, what is wrong is printed.
func (f *locationFlags) wait(ctx context.Context, o *options) error {
	if f.snapshots { // nobody validates these
		return nil
	}
	hit := collect.Hit{Kind: o.kind, Served: o.kind.Served, Namespace: o.ref.Namespace, Name: o.ref.Name}
	limit := o.Now().Add(o.flags.timeout)
	for {
		ev, err := o.collector.Evidence(ctx, hit, collect.Depth{})
		if err != nil {
			return err
		}
		late := !o.Now().Before(limit)
		if said := ev.Object.LastRun != nil; said || late {
			o.collector.Location(ctx, &ev)
			check := diagnose.CheckLocation(ev)
			switch {
			case ev.Object.Phase == backup.PhaseAvailable:
				_, err := fmt.Fprintln(o.told(), render.Escape(o.ref.Human()+" is Available"))
				return err
			case late || !sound(check.Here):
				return o.unavailable(check, said)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// sound tells whether this machine found nothing wrong: then the server may have
// looked a moment too early, before it knew of the Secret.
func sound(here []backup.Finding) bool {
	for _, f := range here {
		if f.Status == backup.StatusProblem && f.Severity != backup.SeverityInfo || f.Status == backup.StatusUnknown {
			return false
		}
	}
	return true
}

// unavailable prints what is wrong. A server that has said nothing is still waited for.
func (o *options) unavailable(check backup.LocationCheck, said bool) error {
	if err := render.Check(o.told(), check, o.Style(o.told()), false); err != nil {
		return err
	}
	if said {
		return cli.Code(cli.CodeProblems)
	}
	return cli.Code(cli.CodePending)
}

// told is where a person reads: beside a format for programs not in the same stream.
func (o *options) told() io.Writer {
	if o.Output != "" {
		return o.ErrOut
	}
	return o.Out
}
