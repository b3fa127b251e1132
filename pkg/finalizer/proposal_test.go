package finalizer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster/write"
)

// nightly is an object that is to be made.
func nightly() backup.Ref {
	return backup.Ref{Group: "velero.io", Version: "v1", Resource: "backups", Kind: "Backup", Namespace: "velero", Name: "nightly"}
}

func creating(rows ...backup.GateResult) Proposal {
	ref := nightly()
	object := map[string]any{"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": map[string]any{"name": "nightly", "namespace": "velero"}}
	return Proposal{
		Target: ref, System: "velero", Way: "create", Effect: backup.EffectCreates, Gate: rows,
		Steps: []backup.Step{{Kind: backup.StepCreate, Target: ref, Effect: backup.EffectCreates, Does: "make the Backup", Object: object}},
	}
}

// proposing is a bench on which a proposal is judged, over evidence that needs no object.
func proposing(t *testing.T, p Proposal) (*bench, func(Request) (backup.Plan, backup.Result, error)) {
	t.Helper()
	b := newBench(t)
	b.Judge = func(ev backup.Evidence, req Request) backup.Plan { return Propose(ev, p, req) }
	b.Recollect = func(context.Context) (backup.Evidence, error) { return backup.Evidence{At: b.clock}, nil }
	return b, func(req Request) (backup.Plan, backup.Result, error) {
		plan, _, err := b.Check(t.Context(), backup.Evidence{At: b.clock}, req)
		must(t, err)
		result, err := b.Run(t.Context(), plan, req)
		return plan, result, err
	}
}

func TestWhatTakesNothingAwayNeedsNoAnswer(t *testing.T) {
	b, run := proposing(t, creating(pass("the location is available")))
	plan, result, err := run(Request{})
	must(t, err)
	if plan.Decision != backup.DecisionAllowed || result.Ended != "done" || !slices.Equal(b.api.stored, []string{"create nightly"}) {
		t.Errorf("%s, ended %s, stored %v", plan.Decision, result.Ended, b.api.stored)
	}
	if got := b.record(t, result); got.Way != "create" || got.State != "done" || len(got.Unreadable) > 0 {
		t.Errorf("the journal has %+v", got.Summary)
	}
}

func TestAProposalIsHeldByItsConditions(t *testing.T) {
	for name, c := range map[string]struct {
		row  backup.GateResult
		req  Request
		want error
	}{
		"a proven fault":      {refuse("the bucket is missing"), Request{}, ErrRefused},
		"not known":           {unknown("the place was not seen"), Request{}, ErrUndecided},
		"a risk":              {risk(backup.RiskLastRestorable, "nothing else"), Request{}, ErrRefused},
		"an accepted risk":    {risk(backup.RiskLastRestorable, "nothing else"), Request{Accept: []backup.Risk{backup.RiskLastRestorable}}, nil},
		"shown, no more":      {shown("a warning"), Request{}, nil},
		"another is accepted": {risk(backup.RiskLastRestorable, "nothing else"), Request{Accept: []backup.Risk{backup.RiskDataPresent}}, ErrRefused},
	} {
		b, run := proposing(t, creating(c.row))
		_, _, err := run(c.req)
		if !errors.Is(err, c.want) || (c.want != nil) == (len(b.api.stored) > 0) {
			t.Errorf("%s: %v, stored %v", name, err, b.api.stored)
		}
	}
}

func TestAProposalThatErasesIsConfirmed(t *testing.T) {
	p := creating()
	p.Effect = backup.EffectErases
	b, run := proposing(t, p)
	if _, _, err := run(Request{}); !errors.Is(err, ErrNotConfirmed) || len(b.api.stored) > 0 {
		t.Errorf("%v, stored %v", err, b.api.stored)
	}
}

func TestWhatIsThereIsNotMadeAgain(t *testing.T) {
	b, run := proposing(t, creating())
	b.api.put(nightly(), nil, "", false)
	plan, _, err := run(Request{})
	if !errors.Is(err, ErrRefused) || !strings.Contains(strings.Join(Obstacles(plan.Gate), " "), "already exists") {
		t.Errorf("%v", err)
	}
}

// Of what was to be made a missing namespace is a refusal, not an end.
func TestAMissingNamespaceRefuses(t *testing.T) {
	b, run := proposing(t, creating())
	b.api.before = func(string, backup.Ref, bool) error { return fmt.Errorf("%w: no namespace", write.ErrGone) }
	if _, result, err := run(Request{}); !errors.Is(err, ErrRefused) || result.Ended != stateFailed {
		t.Errorf("%v, ended %s", err, result.Ended)
	}
}

func TestALostAnswerIsLookedFor(t *testing.T) {
	lost := errors.New("connection reset")
	b, run := proposing(t, creating())
	b.api.after = func(_ string, _ backup.Ref, dryRun bool) error {
		if dryRun {
			return nil
		}
		return lost
	}
	if _, result, err := run(Request{}); err != nil || result.Ended != "done" || !strings.Contains(result.Outcomes[1].Text, "it is there") {
		t.Errorf("%v, %+v", err, result)
	}
	b, run = proposing(t, creating())
	b.api.before = func(_ string, _ backup.Ref, dryRun bool) error {
		if dryRun {
			return nil
		}
		return lost
	}
	if _, result, err := run(Request{}); !errors.Is(err, lost) || result.Ended != stateFailed {
		t.Errorf("what was never stored: %v, ended %s", err, result.Ended)
	}
}

// A field that was changed shows nowhere by itself: without an answer it is an error.
func TestALostAnswerToAChangeIsAnError(t *testing.T) {
	lost := errors.New("connection reset")
	ref := otherRef("demo")
	p := Proposal{Target: ref, Way: "pause", Effect: backup.EffectChanges, Steps: []backup.Step{{
		Kind: backup.StepPatch, Target: ref, Patch: SetPatch(ref.UID, "100", []backup.FieldValue{{Path: "/spec/paused", Value: true}}),
	}}}
	b, run := proposing(t, p)
	b.api.after = func(_ string, _ backup.Ref, dryRun bool) error {
		if dryRun {
			return nil
		}
		return lost
	}
	if _, result, err := run(Request{}); !errors.Is(err, lost) || result.Ended != stateFailed {
		t.Errorf("%v, ended %s", err, result.Ended)
	}
}

func TestTheValuesOfASecretAreSentAndNowhereKept(t *testing.T) {
	p := creating()
	p.Steps[0].SecretData = map[string][]byte{"cloud": []byte("canary-value")}
	b, run := proposing(t, p)
	_, result, err := run(Request{})
	must(t, err)
	if got := fmt.Sprint(b.api.objects[nightly().String()]["data"]); !strings.Contains(got, "Y2FuYXJ5LXZhbHVl") {
		t.Errorf("sent %s", got)
	}
	files, err := filepath.Glob(filepath.Join(b.Journal.Dir, result.JournalID, "*"))
	must(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		must(t, err)
		if bytes.Contains(data, []byte("canary-value")) || bytes.Contains(data, []byte("Y2FuYXJ5")) {
			t.Errorf("%s holds the value", file)
		}
	}
	if len(files) == 0 || p.Steps[0].Object["data"] != nil {
		t.Error("the plan holds the value")
	}
}

func TestTheJournalKeepsNoSecretOfWhatIsMade(t *testing.T) {
	p := creating()
	p.Steps[0].Object["spec"] = map[string]any{"password": "hunter2"}
	b, run := proposing(t, p)
	b.Redact = func(object map[string]any) map[string]any {
		if object["spec"] == nil {
			return object
		}
		return map[string]any{"spec": "redacted"}
	}
	b.Recollect = func(context.Context) (backup.Evidence, error) {
		return backup.Evidence{At: b.clock, Preflight: &backup.Preflight{Manifest: p.Steps[0].Object}}, nil
	}
	_, result, err := run(Request{})
	must(t, err)
	got := b.record(t, result)
	if got.Plan.Steps[0].Object["spec"] != "redacted" || got.Evidence.Preflight.Manifest["spec"] != "redacted" {
		t.Errorf("the journal has %v and %v", got.Plan.Steps[0].Object, got.Evidence.Preflight.Manifest)
	}
	if p.Steps[0].Object["spec"] == "redacted" {
		t.Error("the object itself was changed")
	}
}

// Nothing can be tried in a namespace that the same plan makes.
func TestAStepInANewNamespaceIsNotTried(t *testing.T) {
	space := backup.Ref{Version: "v1", Resource: "namespaces", Kind: "Namespace", Name: "trial"}
	quota := backup.Ref{Version: "v1", Resource: "resourcequotas", Kind: "ResourceQuota", Namespace: "trial", Name: "limit"}
	p := creating()
	for _, ref := range []backup.Ref{quota, space} {
		p.Steps = slices.Insert(p.Steps, 0, backup.Step{Kind: backup.StepCreate, Target: ref, Effect: backup.EffectCreates, Object: map[string]any{}})
	}
	b, run := proposing(t, p)
	plan, result, err := run(Request{})
	must(t, err)
	row := plan.Gate[len(plan.Gate)-1]
	if row.State != backup.GatePass || !strings.Contains(row.Because, "but for 1 in namespaces that are not there yet") {
		t.Errorf("%+v", row)
	}
	if !slices.Equal(b.api.stored, []string{"create trial", "create limit", "create nightly"}) || result.Ended != "done" {
		t.Errorf("stored %v, ended %s", b.api.stored, result.Ended)
	}
}
