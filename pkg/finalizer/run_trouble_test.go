package finalizer

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

var errNetwork = errors.New("connection reset by peer")

func TestChattyOperator(t *testing.T) {
	for _, c := range []struct {
		name    string
		updates int
		dryRun  bool
		freed   bool
		looked  int
	}{
		{"twice between look and write", 2, false, true, 4},
		{"always between look and write", 99, false, false, 4},
		{"twice between look and dry run", 2, true, true, 4},
		{"always between look and dry run", 99, true, false, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			plan, req := b.show(t, backup.WayStrip)
			b.api.before = func(_ string, ref backup.Ref, dryRun bool) error {
				if dryRun == c.dryRun && c.updates > 0 {
					c.updates--
					b.api.touch(ref)
				}
				return nil
			}
			result, err := b.Run(t.Context(), plan, req)
			if freed := result.Ended == endedGone; freed != c.freed || freed != (err == nil) || b.looked != c.looked {
				t.Errorf("ended %s after %d looks: %v", result.Ended, b.looked, err)
			}
			if !c.freed && (!errors.Is(err, write.ErrChanged) || len(b.api.stored) != 0) {
				t.Errorf("got %v, stored %v", err, b.api.stored)
			}
			if entries, _ := b.Journal.List(); len(entries) > 1 {
				t.Errorf("%d entries for one run", len(entries))
			}
		})
	}
}

func TestCheckJudgesAgainWhatChanged(t *testing.T) {
	for _, updates := range []int{1, 99} {
		b := newBench(t)
		ev, err := b.collect(t.Context())
		must(t, err)
		b.api.before = func(_ string, ref backup.Ref, _ bool) error {
			if updates--; updates >= 0 {
				b.api.touch(ref)
			}
			return nil
		}
		plan, used, err := b.Check(t.Context(), ev, via(backup.WayStrip))
		must(t, err)
		want := backup.DecisionAllowed
		if updates > 0 {
			want = backup.DecisionUndecided
		}
		if plan.Decision != want || used.ResourceVersion == ev.ResourceVersion {
			t.Errorf("%s on version %s, want %s", plan.Decision, used.ResourceVersion, want)
		}
	}
}

func TestCheckWhenTheObjectVanishes(t *testing.T) {
	b := newBench(t)
	ev, err := b.collect(t.Context())
	must(t, err)
	delete(b.api.objects, otherRef("demo").String())
	if _, _, err := b.Check(t.Context(), ev, via(backup.WayStrip)); !errors.Is(err, write.ErrGone) {
		t.Errorf("got %v", err)
	}
}

func TestCheckDoesNotTryWhatIsRefused(t *testing.T) {
	b := newBench(t)
	b.adjust = func(ev *backup.Evidence) { ev.Object.Deleted = nil }
	plan, _ := b.show(t, backup.WayStrip)
	if plan.Decision != backup.DecisionRefused || b.api.dryRuns != 0 {
		t.Errorf("%s after %d dry runs", plan.Decision, b.api.dryRuns)
	}
}

func TestDryRunAnswers(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want backup.GateState
	}{
		"taken":              {nil, backup.GatePass},
		"forbidden":          {status(http.StatusForbidden, "denied"), backup.GateRefuse},
		"denied by webhook":  {status(http.StatusBadRequest, "admission webhook denied the request"), backup.GateRefuse},
		"refused by us":      {write.ErrRefused, backup.GateRefuse},
		"too many requests":  {status(http.StatusTooManyRequests, "later"), backup.GateUnknown},
		"webhook not there":  {status(http.StatusInternalServerError, "failed calling webhook"), backup.GateUnknown},
		"network":            {errNetwork, backup.GateUnknown},
		"changed every time": {write.ErrChanged, backup.GateUnknown},
	} {
		b := newBench(t)
		b.api.before = func(string, backup.Ref, bool) error { return c.err }
		plan, _ := b.show(t, backup.WayStrip)
		if row := rowsOf(plan.Gate, CondDryRun)[0]; row.State != c.want {
			t.Errorf("%s: %+v", name, row)
		}
	}
}

// A plan that is only to be looked at needs no dry run; one that is carried out does.
func TestExecutorTriesEveryStep(t *testing.T) {
	b := newBench(t)
	ev, err := b.collect(t.Context())
	must(t, err)
	plan, _, err := b.Check(t.Context(), ev, Request{Via: backup.WayStrip, Finalizer: protection, PlanOnly: true})
	must(t, err)
	if row := rowsOf(plan.Gate, CondDryRun)[0]; row.State != backup.GatePass || b.api.dryRuns != 1 {
		t.Errorf("%+v after %d dry runs", row, b.api.dryRuns)
	}
}

func TestStepOfAnUnknownKindIsRefused(t *testing.T) {
	b := newBench(t)
	if err := b.write(t.Context(), backup.Step{Kind: backup.StepExec}, false); !errors.Is(err, write.ErrRefused) {
		t.Errorf("got %v", err)
	}
}

// onStore makes the fake answer the first write that is to be stored with err,
// before or after storing it.
func (b *bench) onStore(stored bool, answer func() error) {
	once := func(_ string, _ backup.Ref, dryRun bool) error {
		if dryRun {
			return nil
		}
		return answer()
	}
	if stored {
		b.api.after = once
	} else {
		b.api.before = once
	}
}

func TestLostAnswer(t *testing.T) {
	for _, c := range []struct {
		name, way, ended string
		stored           bool
	}{
		{"strip was stored", backup.WayStrip, endedGone, true},
		{"strip was not stored", backup.WayStrip, stateFailed, false},
		{"delete was stored", backup.WayRetryClean, stateWaiting, true},
		{"delete was not stored", backup.WayRetryClean, stateFailed, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			plan, req := b.show(t, c.way)
			b.onStore(c.stored, func() error { return errNetwork })
			result, err := b.Run(t.Context(), plan, req)
			if result.Ended != c.ended || c.stored != (err == nil) {
				t.Errorf("ended %s, %v", result.Ended, err)
			}
			if record := b.record(t, result); record.State != c.ended {
				t.Errorf("journal says %s", record.State)
			}
		})
	}
}

func TestGoneUnderTheWrite(t *testing.T) {
	b := newBench(t)
	plan, req := b.show(t, backup.WayRetryClean)
	b.onStore(false, func() error {
		delete(b.api.objects, jobRef("clean-demo").String())
		b.api.metadata(otherRef("demo"))["finalizers"] = []any{}
		return nil
	})
	result, err := b.Run(t.Context(), plan, req)
	must(t, err)
	if result.Ended != endedReleased || !strings.Contains(result.Outcomes[1].Text, "gone already") {
		t.Errorf("result %+v", result)
	}
}

func TestInterruptedAtEachStep(t *testing.T) {
	type moment struct {
		set    func(b *bench, cancel func())
		stored int
		states []string // of the journal; nil where it had not begun
		text   string
	}
	for name, c := range map[string]moment{
		"while collecting": {func(b *bench, cancel func()) { b.adjust = func(*backup.Evidence) { cancel() } }, 0, nil, ""},
		"before the write": {func(b *bench, cancel func()) {
			b.Redact = func(o map[string]any) map[string]any { cancel(); return o }
		}, 0, []string{"interrupted"}, "not begun"},
		"in the write, not stored": {func(b *bench, cancel func()) {
			b.onStore(false, func() error { cancel(); return context.Canceled })
		}, 0, []string{"started", "interrupted", "interrupted"}, "still held by " + protection},
		"in the write, stored": {func(b *bench, cancel func()) {
			b.onStore(true, func() error { cancel(); return context.Canceled })
		}, 1, []string{"started", "interrupted", "interrupted"}, "is gone"},
		"after the write": {func(b *bench, cancel func()) {
			b.onStore(true, func() error { cancel(); return nil })
		}, 1, []string{"started", "done", "interrupted", "interrupted"}, "is gone"},
		"while waiting": {func(b *bench, cancel func()) {
			b.onStore(true, func() error { b.api.reading = func(backup.Ref) error { return errNetwork }; return nil })
			b.sleeping = cancel
		}, 1, []string{"started", "done", "started", "interrupted", "interrupted"}, "cannot be seen"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			plan, req := b.show(t, backup.WayStrip)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			c.set(b, cancel)
			result, err := b.Run(ctx, plan, req)
			if !errors.Is(err, context.Canceled) || result.Ended != StateInterrupted || len(b.api.stored) != c.stored {
				t.Fatalf("ended %s, stored %v: %v", result.Ended, b.api.stored, err)
			}
			if c.states == nil {
				if result.JournalID != "" {
					t.Error("the journal had begun")
				}
				return
			}
			record := b.record(t, result)
			if !slices.Equal(states(record.Outcomes), c.states) || record.State != StateInterrupted {
				t.Errorf("journal %s %+v", record.State, record.Outcomes)
			}
			if last := record.Outcomes[len(record.Outcomes)-1].Text; !strings.Contains(last, c.text) {
				t.Errorf("the journal ends with %q, want %q", last, c.text)
			}
		})
	}
}

// breakJournal takes the disk away: the outcomes of the last entry cannot be written any more.
func (b *bench) breakJournal(t *testing.T) {
	t.Helper()
	entries, err := b.Journal.List()
	must(t, err)
	name := filepath.Join(b.Journal.Dir, entries[0].ID, outcomesFile)
	must(t, os.RemoveAll(name), os.Mkdir(name, 0o700))
}

func TestJournalThatFailsBeforeTheWrite(t *testing.T) {
	b := newBench(t)
	plan, req := b.show(t, backup.WayStrip)
	b.Observe = func(backup.Outcome) { b.breakJournal(t) }
	result, err := b.Run(t.Context(), plan, req)
	if !errors.Is(err, ErrNotWritable) || len(b.api.stored) != 0 || result.Ended != stateFailed {
		t.Errorf("ended %s, stored %v: %v", result.Ended, b.api.stored, err)
	}
}

func TestJournalThatFailsAfterTheWrite(t *testing.T) {
	b := newBench(t)
	plan, req := b.show(t, backup.WayStrip)
	b.onStore(true, func() error { b.breakJournal(t); return nil })
	result, err := b.Run(t.Context(), plan, req)
	if !errors.Is(err, ErrNotWritable) || result.Ended != endedGone {
		t.Errorf("ended %s, %v; the object is gone, and that has to be said", result.Ended, err)
	}
}
