package finalizer

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// request is the object that asks Velero for the deletion of the backup.
func request(name string, phase backup.Phase, native string) backup.Work {
	return backup.Work{
		Role: backup.WorkClean, Lookup: backup.Found, PodsLookup: backup.Absent, Phase: phase, NativePhase: native,
		Ref:     backup.Ref{Group: "velero.io", Version: "v1", Resource: "deletebackuprequests", Kind: "DeleteBackupRequest", Namespace: "velero", Name: name},
		Created: now.Add(-time.Hour), Usual: backup.Duration(10 * time.Minute), Message: "no such bucket",
	}
}

// deleting is the evidence of a backup that its system was to delete and that
// hangs in its phase: no finalizer is on it, and no deletion was asked for of
// the API server.
func deleting() backup.Evidence {
	ev := stuck()
	ev.Object.Phase, ev.Object.NativePhase, ev.Object.Deleted = backup.PhaseDeleting, "Deleting", nil
	ev.Object.Works = []backup.Work{request("demo-1", backup.PhaseFailed, "Processed")}
	ev.Dependents = nil
	asked := request("demo-", "", "")
	ev.Object.Finalizers = []backup.Finalizer{{
		Name: "phase Deleting", Hold: true, Index: -1, Profile: "velero", Trusted: true, Owner: ev.Owners[0].Selector,
		Ways: []backup.Way{
			{Name: backup.WayRetryClean, Effect: backup.EffectErases, Applies: backup.Yes, Create: &backup.NewObject{
				Ref: asked.Ref, Object: map[string]any{"kind": "DeleteBackupRequest", "spec": map[string]any{"backupName": "demo"}},
			}},
			{Name: backup.WayStrip, Effect: backup.EffectStrips, Applies: backup.Yes, Orphans: "its snapshots"},
		},
	}}
	return ev
}

func TestAPhaseThatHoldsIsAskedFor(t *testing.T) {
	ev := deleting()
	plan := Judge(ev, via(backup.WayStrip))
	if plan.Decision != backup.DecisionAllowed || plan.Finalizer != "" || len(plan.Finalizers) != 0 {
		t.Fatalf("%s: %v, finalizer %q of %v", plan.Decision, Obstacles(plan.Gate), plan.Finalizer, plan.Finalizers)
	}
	first, wait := plan.Steps[0], plan.Steps[1]
	if first.Kind != backup.StepDelete || !first.Target.Same(ev.Object.Ref) || first.UID != ev.Object.Ref.UID || first.Effect != backup.EffectStrips {
		t.Errorf("the step is %+v", first)
	}
	if wait.Until != UntilGone {
		t.Errorf("it waits until %s", wait.Until)
	}
	ev.Object.Finalizers = nil
	if plan := Judge(ev, via(backup.WayStrip)); plan.Decision != backup.DecisionRefused {
		t.Errorf("without the phase it is %s", plan.Decision)
	}
}

func TestAPhaseThatHoldsKeepsTheGateOfItsData(t *testing.T) {
	for class, want := range map[backup.VerdictClass]backup.Risk{backup.VerdictComplete: backup.RiskDataPresent, backup.VerdictUnknown: backup.RiskStorageUnknown} {
		ev := deleting()
		ev.Storage[0].Class = class
		if plan := Judge(ev, via(backup.WayStrip)); plan.Decision != backup.DecisionRisk || !slices.Contains(plan.Needs, want) {
			t.Errorf("%s: %s, needs %v", class, plan.Decision, plan.Needs)
		}
	}
	ev := deleting()
	ev.Dependents = []backup.Dependent{{Ref: backup.Ref{Group: "velero.io", Resource: "podvolumebackups", Name: "demo-1"}}}
	if plan := Judge(ev, via(backup.WayStrip)); plan.Decision != backup.DecisionRefused {
		t.Errorf("with what only the object leads to it is %s", plan.Decision)
	}
}

func TestAnewRequestIsBoundByTheDigest(t *testing.T) {
	ev := deleting()
	plan := Judge(ev, via(backup.WayRetryClean))
	if plan.Decision != backup.DecisionAllowed || plan.Steps[0].Kind != backup.StepCreate || plan.Steps[0].Target.Name != "demo-" {
		t.Fatalf("%s: %v, steps %+v", plan.Decision, Obstacles(plan.Gate), plan.Steps)
	}
	ev.Object.Finalizers[0].Ways[0].Create.Object["spec"] = map[string]any{"backupName": "other"}
	if other := Judge(ev, via(backup.WayRetryClean)); other.Digest == plan.Digest {
		t.Error("another object has the same digest")
	}
}

func TestTheChoiceForAPhaseThatHolds(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*backup.Evidence)
		want   string
	}{
		"an empty place and a living owner":  {func(*backup.Evidence) {}, backup.WayRetryClean},
		"an empty place and no owner":        {func(ev *backup.Evidence) { ev.Owners[0].Deployments[0].Ready = 0 }, backup.WayStrip},
		"a request that the owner works on":  {func(ev *backup.Evidence) { fresh(ev, backup.PhaseRunning, "InProgress") }, backup.WayWait},
		"a request that was made just now":   {func(ev *backup.Evidence) { fresh(ev, backup.PhasePending, "") }, backup.WayWait},
		"a request that hangs":               {func(ev *backup.Evidence) { ev.Object.Works[0].Phase = backup.PhaseRunning }, backup.WayRetryClean},
		"a request of a phase nobody knows":  {func(ev *backup.Evidence) { ev.Object.Works[0].Phase = backup.PhaseUnknown }, backup.WayRetryClean},
		"a place that holds data is touched": {func(ev *backup.Evidence) { ev.Storage[0].Class = backup.VerdictComplete }, backup.WayStrip},
	} {
		ev := deleting()
		tc.change(&ev)
		if plan := Judge(ev, Request{}); plan.Way != tc.want {
			t.Errorf("%s: %s, want %s", name, plan.Way, tc.want)
		}
	}
}

func fresh(ev *backup.Evidence, phase backup.Phase, native string) {
	w := request("demo-2", phase, native)
	w.Created = now.Add(-time.Minute)
	ev.Object.Works = []backup.Work{w}
}

func TestWaysOutOfAPhaseThatHolds(t *testing.T) {
	ways := WaysOut(deleting())
	if len(ways) != 3 || ways[0].Name != backup.WayWait || ways[0].Open != backup.DecisionRefused {
		t.Fatalf("the ways are %+v", ways)
	}
	if want := "DeleteBackupRequest velero/demo-1 is Processed: no such bucket"; ways[0].Why != want {
		t.Errorf("waiting is refused: %q, want %q", ways[0].Why, want)
	}
}

// deletingBench is a bench over a backup that hangs in its phase.
func deletingBench(t *testing.T) *bench {
	b := newBench(t)
	ref := otherRef("demo")
	b.api.put(ref, nil, "", false)
	b.adjust = func(ev *backup.Evidence) {
		version, uid := ev.ResourceVersion, ev.Object.Ref.UID
		*ev = deleting()
		ev.ResourceVersion, ev.Object.Ref.UID = version, uid
	}
	return b
}

func TestAnewRequestIsMadeAndTheObjectGoes(t *testing.T) {
	for name, tc := range map[string]struct {
		after func(verb string, ref backup.Ref, dryRun bool) error
		gone  bool
		want  string
	}{
		"the owner deletes it":               {nil, true, endedGone},
		"the answer is lost, and it is gone": {lost, true, endedGone},
		"the answer is lost, and it is not":  {lost, false, stateFailed},
	} {
		b := deletingBench(t)
		b.api.after = tc.after
		b.api.created = func(object map[string]any) {
			if tc.gone && object["kind"] == "DeleteBackupRequest" {
				delete(b.api.objects, otherRef("demo").String())
			}
		}
		ev, err := b.Recollect(context.Background())
		must(t, err)
		req := Request{Via: backup.WayRetryClean}
		plan, _, err := b.Check(context.Background(), ev, req)
		must(t, err)
		req.Confirm = Confirmation{Digest: plan.Digest}
		result, err := b.Run(context.Background(), plan, req)
		if result.Ended != tc.want || (err != nil) != (tc.want == stateFailed) {
			t.Errorf("%s: ended %s, error %v", name, result.Ended, err)
		}
		if !slices.ContainsFunc(b.api.stored, func(w string) bool { return strings.HasPrefix(w, "create ") }) {
			t.Errorf("%s: stored %v", name, b.api.stored)
		}
	}
}

// lost is a network that takes the request and loses the answer.
func lost(_ string, _ backup.Ref, dryRun bool) error {
	if dryRun {
		return nil
	}
	return errors.Join(errors.New("connection reset"), status(http.StatusInternalServerError, "no answer"))
}

func TestARunMayWriteAWhileAfterItsEnd(t *testing.T) {
	ev := withClass(backup.VerdictComplete)
	ev.Storage[0].Newest = ago(7*time.Hour + 30*time.Minute) // half an hour after the end
	ev.Contents = []backup.Contents{{Complete: true, Total: backup.Count{Objects: 1}}}
	for lag, want := range map[time.Duration]backup.GateState{0: backup.GateRefuse, time.Hour: backup.GatePass} {
		ev.Object.Locations[0].Lag = backup.Duration(lag)
		rows := rowsOf(Judge(ev, via(backup.WayRetryClean)).Gate, CondPlaceExclusive)
		if len(rows) != 1 || rows[0].State != want {
			t.Errorf("with a lag of %s: %+v", lag, rows)
		}
	}
}
