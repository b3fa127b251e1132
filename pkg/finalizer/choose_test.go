package finalizer

import (
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestChoiceWithoutVia(t *testing.T) {
	class := func(c backup.VerdictClass) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { ev.Storage[0].Class = c }
	}
	for name, c := range map[string]struct {
		set      func(*backup.Evidence)
		way      string
		decision backup.Decision
	}{
		"cause gone":             {func(*backup.Evidence) {}, backup.WayRetryClean, backup.DecisionAllowed},
		"cause gone, residue":    {class(backup.VerdictResidue), backup.WayRetryClean, backup.DecisionAllowed},
		"clean-up runs":          {func(ev *backup.Evidence) { runs(&ev.Object.Works[1]) }, backup.WayWait, backup.DecisionAllowed},
		"clean-up cannot start":  {func(ev *backup.Evidence) { cannotStart(&ev.Object.Works[1]) }, backup.WayStrip, backup.DecisionAllowed},
		"release applies":        {applyRelease, backup.WayRelease, backup.DecisionAllowed},
		"release without owner":  {func(ev *backup.Evidence) { applyRelease(ev); ev.Owners[0].Deployments = nil }, backup.WayStrip, backup.DecisionAllowed},
		"secret missing":         {func(ev *backup.Evidence) { ev.Object.Needs[0].Lookup = backup.Absent }, backup.WayStrip, backup.DecisionAllowed},
		"needs not readable":     {func(ev *backup.Evidence) { ev.Object.Unreadable = []string{"needs[0].name: no such key"} }, backup.WayStrip, backup.DecisionAllowed},
		"secret lacks a key":     {func(ev *backup.Evidence) { ev.Object.Needs[0].MissingKeys = []string{"access_key"} }, backup.WayStrip, backup.DecisionAllowed},
		"owner dead":             {func(ev *backup.Evidence) { ev.Owners[0].Deployments = nil }, backup.WayStrip, backup.DecisionAllowed},
		"owner unknown":          {func(ev *backup.Evidence) { ev.Owners = nil }, backup.WayStrip, backup.DecisionAllowed},
		"namespace terminating":  {func(ev *backup.Evidence) { ev.Namespace.Deleted = ago(time.Hour) }, backup.WayStrip, backup.DecisionAllowed},
		"namespace unknown":      {func(ev *backup.Evidence) { ev.Namespace.Lookup = backup.Denied }, backup.WayStrip, backup.DecisionAllowed},
		"retry does not apply":   {func(ev *backup.Evidence) { ev.Object.Finalizers[0].Ways[1].Applies = backup.No }, backup.WayStrip, backup.DecisionAllowed},
		"no job to delete":       {func(ev *backup.Evidence) { ev.Object.Works[1].Lookup = backup.Absent }, backup.WayStrip, backup.DecisionAllowed},
		"residue beside another": {func(ev *backup.Evidence) { class(backup.VerdictResidue)(ev); ev.NeighboursLookup = backup.Denied }, backup.WayStrip, backup.DecisionAllowed},
		"seen with a flag": {func(ev *backup.Evidence) { ev.Storage[0].Location.Overridden = []string{"credentials"} },
			backup.WayStrip, backup.DecisionRisk},
		"data":           {class(backup.VerdictPartial), backup.WayStrip, backup.DecisionRefused},
		"hidden":         {class(backup.VerdictHidden), backup.WayStrip, backup.DecisionRefused},
		"bucket missing": {class(backup.VerdictBucketMissing), backup.WayStrip, backup.DecisionRefused},
		"unknown":        {class(backup.VerdictUnknown), backup.WayStrip, backup.DecisionUndecided},
		"not deleted":    {func(ev *backup.Evidence) { ev.Object.Deleted = nil }, backup.WayStrip, backup.DecisionRefused},
		"no finalizer":   {func(ev *backup.Evidence) { ev.Object.Finalizers = nil }, backup.WayStrip, backup.DecisionRefused},
		"unknown finalizer": {func(ev *backup.Evidence) { ev.Object.Finalizers[0] = backup.Finalizer{Name: foreign} },
			backup.WayStrip, backup.DecisionRefused},
	} {
		t.Run(name, func(t *testing.T) {
			ev := stuck()
			c.set(&ev)
			plan := Judge(ev, via(""))
			if plan.Way != c.way || plan.Decision != c.decision {
				t.Errorf("got %s, %s; want %s, %s\n%v", plan.Way, plan.Decision, c.way, c.decision, Obstacles(plan.Gate))
			}
		})
	}
}

// Accepting a risk does not replace naming the way, where data may be lost.
func TestUnnamedWayNeverTouchesData(t *testing.T) {
	for _, class := range []backup.VerdictClass{
		backup.VerdictHidden, backup.VerdictPartial, backup.VerdictComplete, backup.VerdictData, backup.VerdictBucketMissing, backup.VerdictUnknown,
	} {
		plan := Judge(withClass(class), via("", backup.Risks()...))
		if plan.Effect == backup.EffectErases || plan.Decision == backup.DecisionAllowed {
			t.Errorf("%s: %s is %s", class, plan.Way, plan.Decision)
		}
		if rows := rowsOf(plan.Gate, CondWayNamed); len(rows) != 1 {
			t.Errorf("%s: nobody is asked to name the way: %+v", class, plan.Gate)
		}
	}
}

func TestCorrectedEndpointOverEmptyPlaceIsRetried(t *testing.T) {
	ev := stuck()
	ev.Object.Locations[0].EditedAt = ago(time.Minute)
	ev.Object.Works[0].Env["S3_ENDPOINT"] = "http://dead:9999"
	plan := Judge(ev, via(""))
	if plan.Way != backup.WayRetryClean || plan.Decision != backup.DecisionAllowed {
		t.Errorf("got %s, %s", plan.Way, plan.Decision)
	}
	strip := Judge(ev, via(backup.WayStrip))
	if strip.Decision != backup.DecisionRisk || strip.Needs[0] != backup.RiskLocationChanged {
		t.Errorf("a strip gets %s, %v", strip.Decision, strip.Needs)
	}
}

func TestUnknownWayIsRefused(t *testing.T) {
	for _, way := range []string{backup.WayStrip, backup.WayRelease, backup.WayRetryClean, "magic"} {
		ev := stuck()
		ev.Object.Finalizers[0].Ways = nil
		plan := Judge(ev, via(way, backup.Risks()...))
		if plan.Decision != backup.DecisionRefused || len(plan.Steps) != 0 {
			t.Errorf("%s: %s with %d steps", way, plan.Decision, len(plan.Steps))
		}
	}
}

// An effect that this version does not know is judged like one that erases.
func TestUnknownEffectIsJudgedAsErasing(t *testing.T) {
	ev := stuck()
	ev.Object.Finalizers[0].Ways = []backup.Way{{Name: "new", Effect: "shreds", Applies: backup.Yes, Set: []backup.FieldValue{{Path: "/spec/a", Value: 1}}}}
	plan := Judge(ev, via("new"))
	if len(rowsOf(plan.Gate, CondPlaceClear)) != 1 || len(rowsOf(plan.Gate, CondOwnAccess)) != 0 {
		t.Errorf("rows %+v", plan.Gate)
	}
}

func runs(w *backup.Work) {
	w.Phase, w.FailedFor, w.Failed, w.Active = backup.PhaseRunning, "", 0, 1
	w.Pods = []backup.Pod{{Ref: podRef("clean-demo-1"), Phase: "Running", Container: "running", NodeReady: backup.Yes}}
}

func cannotStart(w *backup.Work) {
	runs(w)
	w.Pods = []backup.Pod{{Ref: podRef("p"), Phase: "Pending", Container: "waiting", Reason: "ImagePullBackOff"}}
}

func TestProgressing(t *testing.T) {
	pending := func(w *backup.Work) {
		runs(w)
		w.Pods = []backup.Pod{{Ref: podRef("p"), Phase: "Pending", Container: "waiting"}}
		w.Created = now.Add(-time.Minute)
	}
	for name, c := range map[string]struct {
		set  func(*backup.Evidence, *backup.Work)
		want backup.Answer
	}{
		"failed":              {func(*backup.Evidence, *backup.Work) {}, backup.No},
		"failed, pod runs on": {func(_ *backup.Evidence, w *backup.Work) { runs(w); w.FailedFor = "DeadlineExceeded" }, backup.No},
		"runs":                {func(_ *backup.Evidence, w *backup.Work) { runs(w) }, backup.Yes},
		"runs again":          {func(_ *backup.Evidence, w *backup.Work) { runs(w); w.Failed = 2 }, backup.No},
		"failed, not counted": {func(_ *backup.Evidence, w *backup.Work) {
			runs(w)
			w.Pods[0].Phase, w.Pods[0].Container = "Failed", "terminated"
		}, backup.No},
		"runs, owner dead":    {func(ev *backup.Evidence, w *backup.Work) { runs(w); ev.Owners[0].Lookup = backup.Absent }, backup.No},
		"runs, owner denied":  {func(ev *backup.Evidence, w *backup.Work) { runs(w); ev.Owners[0].Lookup = backup.Denied }, backup.Unknown},
		"runs, owner another": {func(ev *backup.Evidence, w *backup.Work) { runs(w); ev.Owners[0].Selector.Manager = "x" }, backup.Unknown},
		"on a lost node":      {func(_ *backup.Evidence, w *backup.Work) { runs(w); w.Pods[0].NodeReady = backup.No }, backup.Unknown},
		"about to run":        {func(_ *backup.Evidence, w *backup.Work) { pending(w) }, backup.Yes},
		"usual time unknown":  {func(_ *backup.Evidence, w *backup.Work) { pending(w); w.Usual = 0 }, backup.Unknown},
		"pending for long":    {func(_ *backup.Evidence, w *backup.Work) { pending(w); w.Created = now.Add(-time.Hour) }, backup.No},
		"cannot start":        {func(_ *backup.Evidence, w *backup.Work) { cannotStart(w) }, backup.No},
		"failed before":       {func(_ *backup.Evidence, w *backup.Work) { pending(w); w.Failed = 1 }, backup.No},
		"no active pod":       {func(_ *backup.Evidence, w *backup.Work) { pending(w); w.Active = 0 }, backup.No},
		"being deleted":       {func(_ *backup.Evidence, w *backup.Work) { runs(w); w.Deleting = true }, backup.No},
		"absent":              {func(_ *backup.Evidence, w *backup.Work) { w.Lookup = backup.Absent }, backup.No},
		"denied":              {func(_ *backup.Evidence, w *backup.Work) { w.Lookup = backup.Denied }, backup.Unknown},
		"no clean-up known":   {func(ev *backup.Evidence, _ *backup.Work) { ev.Object.Works = ev.Object.Works[:1] }, backup.Unknown},
		"no finalizer":        {func(ev *backup.Evidence, _ *backup.Work) { ev.Object.Finalizers = nil }, backup.Unknown},
	} {
		ev := stuck()
		c.set(&ev, &ev.Object.Works[1])
		got, why := newJudging(&ev, Request{}).progressing()
		if got != c.want || why == "" {
			t.Errorf("%s: %s (%s), want %s", name, got, why, c.want)
		}
	}
}
