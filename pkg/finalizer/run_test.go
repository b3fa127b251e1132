package finalizer

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// bench is an executor on a fake API server with a clock that only Sleep moves.
type bench struct {
	*Executor
	api    *fakeAPI
	clock  time.Time
	seen   []backup.Outcome
	looked int
	// adjust changes the evidence of each collecting.
	adjust func(*backup.Evidence)
	// sleeping runs at each pause.
	sleeping func()
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{api: newFakeAPI(), clock: now}
	b.Executor = &Executor{
		Writer: b.api, Read: b.api.Read, Recollect: b.collect, Journal: testJournal(t),
		Redact:  func(o map[string]any) map[string]any { return o },
		Now:     func() time.Time { return b.clock },
		Timeout: time.Minute, Interval: time.Second,
		Sleep: func(ctx context.Context, d time.Duration) error {
			b.clock = b.clock.Add(d)
			if b.sleeping != nil {
				b.sleeping()
			}
			return ctx.Err()
		},
		Observe: func(o backup.Outcome) { b.seen = append(b.seen, o) },
	}
	return b
}

// collect reads the evidence from the fake API server.
func (b *bench) collect(ctx context.Context) (backup.Evidence, error) {
	ev := stuck()
	raw, err := b.api.Read(ctx, ev.Object.Ref)
	if err != nil {
		return backup.Evidence{}, err
	}
	b.looked++
	metadata := raw["metadata"].(map[string]any)
	ev.Raw = raw
	ev.Object.Ref.UID, _ = metadata["uid"].(string)
	ev.ResourceVersion, _ = metadata["resourceVersion"].(string)
	ev.Object.Finalizers = nil
	for i, name := range finalizersOf(metadata) {
		f := protectionRule()
		if name != protection {
			f = backup.Finalizer{}
		}
		f.Name, f.Index = name, i
		ev.Object.Finalizers = append(ev.Object.Finalizers, f)
	}
	job, _ := b.api.metadata(jobRef("clean-demo"))["resourceVersion"].(string)
	ev.Object.Works[1].ResourceVersion = job
	ev.Storage[0].Class = backup.VerdictResidue
	if b.adjust != nil {
		b.adjust(&ev)
	}
	return ev, nil
}

// show makes the plan that a person would see, and the request that confirms it.
func (b *bench) show(t *testing.T, way string) (backup.Plan, Request) {
	t.Helper()
	ev, err := b.collect(t.Context())
	must(t, err)
	req := Request{Via: way, Finalizer: protection}
	plan, _, err := b.Check(t.Context(), ev, req)
	must(t, err)
	req.Confirm.Digest = plan.Digest
	return plan, req
}

func (b *bench) run(t *testing.T, way string) (backup.Result, error) {
	t.Helper()
	plan, req := b.show(t, way)
	return b.Run(t.Context(), plan, req)
}

func (b *bench) record(t *testing.T, result backup.Result) Record {
	t.Helper()
	record, err := b.Journal.Show(result.JournalID)
	must(t, err)
	return record
}

func states(outcomes []backup.Outcome) []string {
	out := make([]string, 0, len(outcomes))
	for _, o := range outcomes {
		out = append(out, o.State)
	}
	return out
}

func TestStripFreesTheObject(t *testing.T) {
	b := newBench(t)
	result, err := b.run(t, backup.WayStrip)
	must(t, err)
	if result.Ended != endedGone || len(result.Holds) != 0 || !slices.Equal(b.api.stored, []string{"patch demo"}) {
		t.Errorf("result %+v, stored %v", result, b.api.stored)
	}
	if b.api.dryRuns != 2 {
		t.Errorf("%d dry runs, want one for the show and one before the write", b.api.dryRuns)
	}
	if !slices.Equal(result.Went, []string{"Job tidb-test/backup-demo", "Job tidb-test/clean-demo"}) {
		t.Errorf("went %v", result.Went)
	}
	if !slices.Equal(result.Left, []string{"s3://bucket/demo/: Residue, 0 objects, 0 bytes", "the objects under the path"}) {
		t.Errorf("left %v", result.Left)
	}
	record := b.record(t, result)
	if record.State != endedGone || !slices.Equal(states(record.Outcomes), []string{"started", "done", "started", "done"}) {
		t.Errorf("journal %s %v", record.State, states(record.Outcomes))
	}
}

func TestReleaseAndWait(t *testing.T) {
	b := newBench(t)
	b.adjust = applyRelease
	looks := 0
	b.sleeping = func() { // the operator answers at the third look
		if looks++; looks == 3 {
			b.api.metadata(otherRef("demo"))["finalizers"] = []any{}
			b.api.settle(otherRef("demo"))
		}
	}
	result, err := b.run(t, backup.WayRelease)
	must(t, err)
	if result.Ended != endedGone || !slices.Equal(b.api.stored, []string{"patch demo"}) {
		t.Errorf("result %+v", result)
	}
	if !slices.Contains(states(b.seen), stateWaiting) {
		t.Errorf("nobody was told what holds it: %+v", b.seen)
	}
}

func TestRetryCleanDeletesTheJob(t *testing.T) {
	b := newBench(t)
	b.sleeping = func() { b.api.metadata(otherRef("demo"))["finalizers"] = []any{foreign} }
	result, err := b.run(t, backup.WayRetryClean)
	must(t, err)
	if !slices.Equal(b.api.stored, []string{"delete clean-demo"}) {
		t.Errorf("stored %v", b.api.stored)
	}
	if result.Ended != endedReleased || !slices.Equal(result.Holds, []string{foreign}) || len(result.Went) != 0 {
		t.Errorf("the object is still there: %+v", result)
	}
}

func TestWaitWritesNothing(t *testing.T) {
	b := newBench(t)
	b.Journal.Dir = "" // not writable, and not needed
	result, err := b.run(t, backup.WayWait)
	must(t, err)
	if result.Ended != stateWaiting || !slices.Equal(result.Holds, []string{protection}) || len(b.api.stored) != 0 {
		t.Errorf("result %+v, stored %v", result, b.api.stored)
	}
	if b.clock.Sub(now) != b.Timeout {
		t.Errorf("waited %s", b.clock.Sub(now))
	}
}

func TestOneFinalizerOfTwo(t *testing.T) {
	b := newBench(t)
	b.api.metadata(otherRef("demo"))["finalizers"] = []any{foreign, protection}
	result, err := b.run(t, backup.WayStrip)
	must(t, err)
	if result.Ended != endedReleased || !slices.Equal(result.Holds, []string{foreign}) {
		t.Errorf("result %+v", result)
	}
	if left := finalizersOf(b.api.metadata(otherRef("demo"))); !slices.Equal(left, []string{foreign}) {
		t.Errorf("on the object: %v", left)
	}
}

func TestNothingIsWrittenWithoutLeave(t *testing.T) {
	unwritable := func(b *bench) { b.Journal.Dir = "" }
	for name, c := range map[string]struct {
		set  func(b *bench, plan *backup.Plan, req *Request)
		want error
	}{
		"not confirmed":        {func(_ *bench, _ *backup.Plan, r *Request) { r.Confirm = Confirmation{} }, ErrNotConfirmed},
		"refused":              {func(_ *bench, p *backup.Plan, _ *Request) { p.Decision = backup.DecisionRefused }, ErrRefused},
		"undecided":            {func(_ *bench, p *backup.Plan, _ *Request) { p.Decision = backup.DecisionUndecided }, ErrUndecided},
		"journal not writable": {func(b *bench, _ *backup.Plan, _ *Request) { unwritable(b) }, ErrNotWritable},
		"data appeared": {func(b *bench, _ *backup.Plan, _ *Request) {
			b.adjust = func(ev *backup.Evidence) { ev.Storage[0].Class = backup.VerdictPartial }
		}, ErrPlanChanged},
		"a writer appeared": {func(b *bench, _ *backup.Plan, _ *Request) {
			b.adjust = func(ev *backup.Evidence) { runs(&ev.Object.Works[0]) }
		}, ErrRefused},
		"recreated": {func(b *bench, _ *backup.Plan, _ *Request) {
			again := otherRef("demo")
			again.UID = "uid-again"
			b.api.put(again, []any{protection}, "", true)
		}, ErrPlanChanged},
		"another finalizer came": {func(b *bench, _ *backup.Plan, _ *Request) {
			b.api.metadata(otherRef("demo"))["finalizers"] = []any{foreign, protection}
		}, ErrPlanChanged},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			plan, req := b.show(t, backup.WayStrip)
			c.set(b, &plan, &req)
			result, err := b.Run(t.Context(), plan, req)
			if !errors.Is(err, c.want) || len(b.api.stored) != 0 || result.Ended != stateFailed {
				t.Errorf("got %v, want %v; stored %v, ended %s", err, c.want, b.api.stored, result.Ended)
			}
			var changed *PlanChangedError
			if errors.As(err, &changed) && (changed.Was.Digest == changed.Now.Digest || changed.Error() == "") {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestGoneBeforeTheWrite(t *testing.T) {
	b := newBench(t)
	plan, req := b.show(t, backup.WayStrip)
	delete(b.api.objects, otherRef("demo").String())
	result, err := b.Run(t.Context(), plan, req)
	must(t, err)
	if result.Ended != endedGone || len(b.api.stored) != 0 || result.JournalID != "" {
		t.Errorf("result %+v", result)
	}
}
