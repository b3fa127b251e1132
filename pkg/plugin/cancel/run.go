package cancel

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/finalizer"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/act"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/wait"
)

// run stops one object after the other and, where that is asked, waits for their end.
func (f *flags) run(ctx context.Context, g *cli.Globals, args []string) error {
	if err := f.check(args); err != nil {
		return err
	}
	o := &options{flags: f}
	if err := o.Read(args, false, false); err != nil {
		return err
	}
	var err error
	if o.Act, err = act.Choose(g, &f.Flags, &cli.StorageFlags{Mode: "never"}, 0, &o.Choice); err != nil {
		return err
	}
	o.Judge, o.Hushed = finalizer.JudgeCancel, true
	hits, err := o.Named(ctx)
	if err != nil {
		return err
	}
	stopped, err := o.each(ctx, hits)
	if !f.wait || f.DryRun != act.DryRunNone || len(stopped) == 0 {
		return err
	}
	said := *o.Globals
	if o.Output != "" { // the result alone is for programs
		said.Out = o.ErrOut
	}
	return graver(err, wait.Ended(ctx, &said, o.Collector, stopped, f.timeout))
}

// check refuses what does not go together.
func (f *flags) check(args []string) error {
	switch err := f.Validate(); {
	case err != nil:
		return err
	case f.Output != "" && len(args) > 1:
		return &cli.UsageError{Text: "-o prints the plan or the result of one object; name one"}
	}
	return nil
}

// options are what the verb runs on.
type options struct {
	*act.Act
	act.Choice
	flags *flags
}

// each stops what can be stopped, and tells which was. What is refused keeps from
// nothing else; its exit code is that of all.
func (o *options) each(ctx context.Context, hits []collect.Hit) ([]collect.Hit, error) {
	var stopped []collect.Hit
	var worst error
	for i, hit := range hits {
		if i > 0 {
			if _, err := fmt.Fprintln(o.Out); err != nil {
				return stopped, err
			}
		}
		err := o.one(ctx, hit)
		var code cli.Code
		switch {
		case err == nil:
			stopped = append(stopped, hit)
		case !errors.As(err, &code):
			return stopped, err
		}
		worst = graver(worst, err)
	}
	return stopped, worst
}

func (o *options) one(ctx context.Context, hit collect.Hit) error {
	recollect := func(ctx context.Context) (backup.Evidence, error) {
		return o.Collector.Evidence(ctx, hit, collect.Depth{Cancel: true})
	}
	ev, err := recollect(ctx)
	if err != nil {
		return err
	}
	return o.Carry(ctx, ev, recollect)
}

// graver is the error whose exit code says more: a refusal outweighs what is not
// known, and that outweighs what has not ended yet.
func graver(a, b error) error {
	for _, code := range []cli.Code{cli.CodeRefused, cli.CodeUnknown, cli.CodePending} {
		for _, err := range []error{a, b} {
			if errors.Is(err, code) {
				return err
			}
		}
	}
	if a != nil {
		return a
	}
	return b
}
