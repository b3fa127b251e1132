package finalizer

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func stopOf(name string) backup.Stop {
	return backup.Stop{Ref: otherRef(name), Lookup: backup.Found, Set: []backup.FieldValue{{Path: "/spec/cancel", Value: true}}}
}

// toCancel is a run with one mover.
func toCancel() backup.Evidence {
	ev := toDelete()
	ev.Object.Phase = backup.PhaseRunning
	ev.Cancellation = &backup.Cancellation{
		Profile: "velero", Trusted: true, Applies: backup.Yes, ByWorks: true, Works: []backup.Stop{stopOf("one")}, Leaves: []string{"a part"},
	}
	return ev
}

func TestCancel(t *testing.T) {
	deaf := backup.Stop{Ref: otherRef("deaf"), Lookup: backup.Found, WhyNot: "too old"}
	unread := backup.Stop{Ref: otherRef("*"), Lookup: backup.Denied, WhyNot: "denied"}
	for name, c := range map[string]struct {
		change func(*backup.Evidence)
		want   backup.Decision
		steps  int
		says   string
	}{
		"a mover":             {func(*backup.Evidence) {}, backup.DecisionAllowed, 1, ""},
		"a deaf one beside":   {func(ev *backup.Evidence) { ev.Cancellation.Works = append(ev.Cancellation.Works, deaf) }, backup.DecisionAllowed, 1, "these go on: backups.pingcap.com/deaf: too old"},
		"only a deaf one":     {func(ev *backup.Evidence) { ev.Cancellation.Works = []backup.Stop{deaf} }, backup.DecisionRefused, 0, "none of what works"},
		"one nobody may read": {func(ev *backup.Evidence) { ev.Cancellation.Works = []backup.Stop{unread} }, backup.DecisionUndecided, 0, "is not known"},
		"no mover":            {func(ev *backup.Evidence) { ev.Cancellation.Works, ev.Cancellation.WhyNot = nil, "only collects" }, backup.DecisionRefused, 0, "only collects"},
		"it ended":            {func(ev *backup.Evidence) { ev.Cancellation.Applies, ev.Cancellation.WhyNot = backup.No, "ended" }, backup.DecisionRefused, 0, "ended"},
		"nobody can tell":     {func(ev *backup.Evidence) { ev.Cancellation.Applies = backup.Unknown }, backup.DecisionUndecided, 0, "not known"},
		"nobody looked":       {func(ev *backup.Evidence) { ev.Cancellation = nil }, backup.DecisionUndecided, 0, "nobody looked"},
		"not trusted":         {func(ev *backup.Evidence) { ev.Cancellation.Trusted = false }, backup.DecisionRefused, 1, "--trust-profile"},
		"in deletion":         {func(ev *backup.Evidence) { ev.Object.Deleted = ago(1) }, backup.DecisionRefused, 1, "being deleted"},
		"by its own field": {func(ev *backup.Evidence) {
			ev.Cancellation.ByWorks, ev.Cancellation.Works, ev.Cancellation.Set = false, nil, []backup.FieldValue{{Path: "/spec/logStop", Value: true}}
		}, backup.DecisionAllowed, 1, ""},
		"before it begins": {func(ev *backup.Evidence) {
			ev.Cancellation.ByWorks, ev.Cancellation.Works, ev.Cancellation.Delete = false, nil, true
		}, backup.DecisionAllowed, 1, ""},
	} {
		ev := toCancel()
		c.change(&ev)
		plan := JudgeCancel(ev, accepting())
		texts := ""
		for _, row := range plan.Gate {
			texts += row.Because + "\n"
		}
		if plan.Decision != c.want || len(plan.Steps) != c.steps || !strings.Contains(texts, c.says) || !plan.Effect.Gentle() {
			t.Errorf("%s: %s, %d steps, %s", name, plan.Decision, len(plan.Steps), texts)
		}
	}
}

func TestWhatACancelledRunLeavesIsSaid(t *testing.T) {
	b := newBench(t)
	b.Judge = JudgeCancel
	b.api.put(otherRef("one"), nil, "", false)
	b.adjust = func(ev *backup.Evidence) { ev.Object.Deleted, ev.Cancellation = nil, toCancel().Cancellation }
	ev, err := b.Recollect(context.Background())
	must(t, err)
	plan, _, err := b.Check(context.Background(), ev, Request{})
	must(t, err)
	result, err := b.Run(context.Background(), plan, Request{})
	must(t, err)
	if result.Ended != endedDone || !slices.Equal(result.Left, []string{"a part"}) || !slices.Equal(b.api.stored, []string{"patch one"}) {
		t.Errorf("%+v, stored %v", result, b.api.stored)
	}
	if why := Surprise(result, nil); why != "" {
		t.Errorf("a surprise: %s", why)
	}
}

func TestAWaitEndsWhenItHasNoUse(t *testing.T) {
	b := newBench(t)
	b.Judge, b.Hopeless = JudgeDeletion, func(context.Context) string { return "its request failed" }
	b.adjust = func(ev *backup.Evidence) {
		version, uid, held := ev.ResourceVersion, ev.Object.Ref.UID, ev.Object.Finalizers
		*ev = toDelete()
		ev.ResourceVersion, ev.Object.Ref.UID, ev.Object.Finalizers = version, uid, held
	}
	ev, err := b.Recollect(context.Background())
	must(t, err)
	req := Request{Accept: []backup.Risk{backup.RiskErasesData}}
	plan, _, err := b.Check(context.Background(), ev, req)
	must(t, err)
	req.Confirm = Confirmation{Digest: plan.Digest}
	result, err := b.Run(context.Background(), plan, req)
	must(t, err)
	last := result.Outcomes[len(result.Outcomes)-1]
	if result.Ended != stateWaiting || last.Text != "its request failed" {
		t.Errorf("ended %s: %+v", result.Ended, last)
	}
}

func TestOrphansStay(t *testing.T) {
	b := newBench(t)
	b.Judge = JudgeDeletion
	b.adjust = func(ev *backup.Evidence) {
		version, uid := ev.ResourceVersion, ev.Object.Ref.UID
		*ev = toDelete()
		ev.ResourceVersion, ev.Object.Ref.UID, ev.Object.Finalizers, ev.Dependents = version, uid, nil, nil
		ev.Removal.Keep = backup.Keeping{Special: true, Applies: backup.Yes, Orphan: true}
		ev.Removal.Kin = []backup.Kin{{Ref: jobRef("backup-demo"), Fate: backup.FateGoes}}
	}
	b.api.metadata(otherRef("demo"))["finalizers"] = []any{}
	ev, err := b.Recollect(context.Background())
	must(t, err)
	req := Request{KeepData: true}
	plan, _, err := b.Check(context.Background(), ev, req)
	must(t, err)
	req.Confirm = Confirmation{Digest: plan.Digest}
	result, err := b.Run(context.Background(), plan, req)
	must(t, err)
	if result.Ended != endedGone || b.api.objects[jobRef("backup-demo").String()] == nil || !slices.Contains(result.Left, jobRef("backup-demo").Human()) {
		t.Errorf("%+v", result)
	}
}

func TestHopeless(t *testing.T) {
	object := backup.Object{Works: []backup.Work{request("old", backup.PhaseFailed, "Processed"), request("new", backup.PhaseRunning, "InProgress")}}
	object.Works[0].Ref.UID, object.Works[1].Ref.UID = "old", "new"
	before := CleanUps(backup.Object{Works: object.Works[:1]})
	if why := Hopeless(object, before); why != "" || !slices.Equal(before, []string{"old"}) {
		t.Errorf("%q, before %v", why, before)
	}
	object.Works[1].Phase = backup.PhaseFailed
	if why := Hopeless(object, before); why != "DeleteBackupRequest velero/new failed: no such bucket" {
		t.Errorf("%q", why)
	}
}
