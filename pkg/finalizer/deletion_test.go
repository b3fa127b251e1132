package finalizer

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// toDelete is the evidence of a complete backup whose policy erases its data: with
// the risk accepted that data is erased, every row passes.
func toDelete() backup.Evidence {
	ev := withClass(backup.VerdictComplete)
	ev.Object.Phase, ev.Object.Deleted = backup.PhaseCompleted, nil
	ev.Object.Works = ev.Object.Works[:1]
	ev.Object.Works[0].Pods[0].Phase = "Succeeded"
	ev.Contents = []backup.Contents{{Complete: true, Total: backup.Count{Objects: 5, Bytes: 100}}}
	ev.Removal = &backup.Removal{
		Deletion: backup.Deletion{
			Profile: "tidb-operator", Trusted: true, Effect: backup.EffectErases, Applies: backup.Yes, Does: "deletes it",
			Keep: backup.Keeping{Special: true, Applies: backup.Yes, Does: "sets it", Set: []backup.FieldValue{{Path: "/spec/cleanPolicy", Value: "OnFailure"}}},
		},
		KinLookup: backup.Found, OthersLookup: backup.Found,
		Holds:  backup.Coverage{Known: true, Names: []string{"shop"}},
		Others: []backup.Protector{{Ref: otherRef("other"), Holds: backup.Coverage{Known: true, Names: []string{"*"}}}},
	}
	return ev
}

// deleting answers with a dry run that passed, and with accepted risks.
func accepting(risks ...backup.Risk) Request {
	passed := DryRun{Passed: backup.Yes}
	return Request{Accept: risks, DryRun: map[int]DryRun{0: passed, 1: passed, 2: passed}}
}

func TestADeletionIsAllowedOnceItsRiskIsAccepted(t *testing.T) {
	plan := JudgeDeletion(toDelete(), accepting())
	if plan.Decision != backup.DecisionRisk || !slices.Equal(plan.Needs, []backup.Risk{backup.RiskErasesData}) {
		t.Fatalf("%s, needs %v: %v", plan.Decision, plan.Needs, Obstacles(plan.Gate))
	}
	plan = JudgeDeletion(toDelete(), accepting(backup.RiskErasesData))
	if plan.Decision != backup.DecisionAllowed || plan.Effect != backup.EffectErases || len(plan.Erases) != 1 || len(plan.Finalizers) != 1 {
		t.Errorf("%+v: %v", plan, Obstacles(plan.Gate))
	}
	if len(plan.Steps) != 2 || plan.Steps[0].Kind != backup.StepDelete || plan.Steps[0].ResourceVersion != "100" || plan.Steps[1].Until != UntilGone {
		t.Errorf("steps %+v", plan.Steps)
	}
	if !slices.Equal(TypeBack(plan), []string{"s3://bucket/demo/"}) {
		t.Errorf("to be typed: %v", TypeBack(plan))
	}
}

// What is judged differently than for the evidence of toDelete.
func TestRowsOfADeletion(t *testing.T) {
	size := int64(7)
	for name, c := range map[string]struct {
		change    func(*backup.Evidence, *Request)
		condition string
		state     backup.GateState
		says      string
	}{
		"in deletion already":          {func(ev *backup.Evidence, _ *Request) { ev.Object.Phase = backup.PhaseDeleting }, CondDeletable, backup.GateRefuse, "already"},
		"an objection":                 {func(ev *backup.Evidence, _ *Request) { ev.Removal.Applies, ev.Removal.WhyNot = backup.No, "read only" }, CondDeletable, backup.GateRefuse, "read only"},
		"an objection nobody can tell": {func(ev *backup.Evidence, _ *Request) { ev.Removal.Applies = backup.Unknown }, CondDeletable, backup.GateUnknown, "not known"},
		"no way": {func(ev *backup.Evidence, _ *Request) {
			ev.Removal.Deletion = backup.Deletion{Applies: backup.No, WhyNot: "no way"}
		}, CondDeletable, backup.GateRefuse, "no way"},
		"nobody looked":             {func(ev *backup.Evidence, _ *Request) { ev.Removal = nil }, CondDeletable, backup.GateUnknown, "nobody looked"},
		"a profile of somebody":     {func(ev *backup.Evidence, _ *Request) { ev.Removal.Trusted = false }, CondDeletable, backup.GateRefuse, "--trust-profile=tidb-operator"},
		"no version":                {func(ev *backup.Evidence, _ *Request) { ev.ResourceVersion = "" }, CondDeletable, backup.GateUnknown, "resourceVersion"},
		"a place that is gone":      {func(ev *backup.Evidence, _ *Request) { requested(ev, backup.Absent) }, CondDeletable, backup.GateRefuse, "does not exist"},
		"a place nobody could read": {func(ev *backup.Evidence, _ *Request) { requested(ev, backup.Denied) }, CondDeletable, backup.GateUnknown, "could not be read"},
		"a request":                 {func(ev *backup.Evidence, _ *Request) { requested(ev, backup.Found) }, CondDeletable, backup.GatePass, "supports"},
		"a warning":                 {func(ev *backup.Evidence, _ *Request) { ev.Removal.Warns = []string{"mind"} }, CondDeletable, backup.GateWarning, "mind"},
		"it is restored from": {func(ev *backup.Evidence, _ *Request) {
			for _, n := range []string{"a", "b", "c", "d"} {
				ev.Removal.Kin = append(ev.Removal.Kin, backup.Kin{Ref: otherRef(n), Fate: backup.FateBlocks, Because: "used"})
			}
		}, CondNotNeeded, backup.GateRefuse, "and 1 more: used"},
		"kin nobody could list":  {func(ev *backup.Evidence, _ *Request) { ev.Removal.KinLookup = backup.Denied }, CondNotNeeded, backup.GateUnknown, "could be listed"},
		"a writer":               {func(ev *backup.Evidence, _ *Request) { writing(ev) }, CondNoWriter, backup.GateRefuse, "may be writing"},
		"a writer that is ended": {func(ev *backup.Evidence, _ *Request) { writing(ev); ev.Removal.StopsRun = true }, CondNoWriter, backup.GateShown, "ends a run"},
		"data elsewhere": {func(ev *backup.Evidence, _ *Request) {
			ev.Removal.Takes = []string{"its snapshots"}
			ev.Object.Works = append(ev.Object.Works, backup.Work{Role: backup.WorkMove, Lookup: backup.Found, Phase: backup.PhaseCompleted, PodsLookup: backup.Absent, SizeBytes: &size})
		}, CondDataAccounted, backup.GateShown, "its snapshots; of its volumes 1 recorded with 7 bytes"},
		"a place nobody knows":    {func(ev *backup.Evidence, _ *Request) { ev.Object.Unreadable = []string{"locations[0]"} }, CondDataAccounted, backup.GateRisk, "locations[0]"},
		"a place nobody saw":      {func(ev *backup.Evidence, _ *Request) { ev.Storage[0].Class = backup.VerdictUnknown }, CondDataAccounted, backup.GateRisk, "not known"},
		"no recorded way back":    {func(ev *backup.Evidence, _ *Request) { edited(ev, "") }, CondSamePlace, backup.GateRefuse, "after the run began"},
		"a record of this":        {func(ev *backup.Evidence, _ *Request) { edited(ev, "demo") }, CondSamePlace, backup.GatePass, "that of this backup"},
		"a record of another":     {func(ev *backup.Evidence, _ *Request) { edited(ev, "another") }, CondSamePlace, backup.GateRefuse, "another backup"},
		"a run without an end":    {func(ev *backup.Evidence, _ *Request) { endless(ev) }, CondPlaceExclusive, backup.GateUnknown, "younger"},
		"a run that is ended":     {func(ev *backup.Evidence, _ *Request) { endless(ev); ev.Removal.StopsRun = true }, CondPlaceExclusive, backup.GateShown, "has not ended"},
		"failed itself":           {func(ev *backup.Evidence, _ *Request) { alone(ev); ev.Object.Phase = backup.PhaseFailed }, CondLastRestorable, backup.GatePass, "itself"},
		"the last":                {func(ev *backup.Evidence, _ *Request) { alone(ev) }, CondLastRestorable, backup.GateRisk, "holds shop"},
		"the last of all":         {func(ev *backup.Evidence, _ *Request) { alone(ev); ev.Removal.Holds.Names = []string{"*"} }, CondLastRestorable, backup.GateRisk, "all namespaces"},
		"the other goes too":      {func(_ *backup.Evidence, req *Request) { req.Beside = []backup.Ref{otherRef("other")} }, CondLastRestorable, backup.GateRisk, "holds shop"},
		"the other holds less":    {func(ev *backup.Evidence, _ *Request) { ev.Removal.Others[0].Holds.Limits = "labels" }, CondLastRestorable, backup.GateRisk, "holds shop"},
		"one of the schedule":     {func(ev *backup.Evidence, _ *Request) { scheduled(ev) }, CondLastRestorable, backup.GatePass, "protects the same"},
		"others nobody saw":       {func(ev *backup.Evidence, _ *Request) { ev.Removal.OthersLookup = backup.Denied }, CondLastRestorable, backup.GateRisk, "not known"},
		"what it holds is hidden": {func(ev *backup.Evidence, _ *Request) { ev.Removal.Holds = backup.Coverage{} }, CondLastRestorable, backup.GateRisk, "could not be read"},
		"its data stays":          {func(ev *backup.Evidence, _ *Request) { alone(ev); ev.Removal.Effect = backup.EffectDeletes }, CondLastRestorable, backup.GatePass, "stays"},
		"kin with data": {func(ev *backup.Evidence, _ *Request) {
			ev.Removal.Kin = []backup.Kin{{Ref: otherRef("a"), Fate: backup.FateGoes, Retention: backup.Deletes, SizeBytes: &size}}
		}, CondGoesAlong, backup.GateRisk, "3 go with it"},
		"only what ended":     {func(*backup.Evidence, *Request) {}, CondGoesAlong, backup.GateShown, "jobs.batch/backup-demo"},
		"nothing goes":        {func(ev *backup.Evidence, _ *Request) { ev.Dependents = nil }, CondGoesAlong, backup.GatePass, "nothing"},
		"dependents unseen":   {func(ev *backup.Evidence, _ *Request) { ev.DependentsLookup = backup.Denied }, CondGoesAlong, backup.GateShown, "not everything"},
		"what it owns stays":  {func(ev *backup.Evidence, req *Request) { ev.Removal.Keep.Orphan, req.KeepData = true, true }, CondGoesAlong, backup.GatePass, "stays"},
		"no owner":            {func(ev *backup.Evidence, _ *Request) { ev.Owners[0].Deployments[0].Ready = 0 }, CondOwnerAlive, backup.GateWarning, "does not run"},
		"an owner nobody saw": {func(ev *backup.Evidence, _ *Request) { ev.Owners[0].Lookup = backup.Denied }, CondOwnerAlive, backup.GateWarning, "is not known"},
		"an owner":            {func(*backup.Evidence, *Request) {}, CondOwnerAlive, backup.GatePass, "runs"},
		"nobody has to act":   {func(ev *backup.Evidence, _ *Request) { ev.Object.Finalizers = nil }, CondOwnerAlive, backup.GatePass, "API server"},
		"another owner":       {func(ev *backup.Evidence, _ *Request) { ev.Owners[0].Selector.Manager = "else" }, CondOwnerAlive, backup.GatePass, "runs"},
	} {
		ev, req := toDelete(), accepting(backup.RiskErasesData)
		c.change(&ev, &req)
		rows := rowsOf(JudgeDeletion(ev, req).Gate, c.condition)
		if !slices.ContainsFunc(rows, func(r backup.GateResult) bool { return r.State == c.state && strings.Contains(r.Because, c.says) }) {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

func requested(ev *backup.Evidence, lookup backup.Lookup) {
	ev.Removal.Create = &backup.NewObject{Ref: backup.Ref{Kind: "DeleteBackupRequest"}, Object: map[string]any{"kind": "DeleteBackupRequest"}}
	ev.Object.Needs = []backup.Need{{Ref: otherRef("place"), Lookup: lookup}}
}

func writing(ev *backup.Evidence) {
	ev.Object.Works[0].Pods[0] = backup.Pod{Ref: podRef("w"), Phase: "Running", Container: "running", NodeReady: backup.Yes}
}

func endless(ev *backup.Evidence) {
	writing(ev)
	ev.Object.Finished, ev.Storage[0].Newest = nil, ago(0)
}

func alone(ev *backup.Evidence) { ev.Removal.Others = nil }

func scheduled(ev *backup.Evidence) {
	ev.Object.Schedule, ev.Removal.Others[0].Schedule = "nightly", "nightly"
	ev.Removal.Others[0].Holds.Limits = "labels"
}

// edited is a place that was edited after the run; the record in it is that of a name.
func edited(ev *backup.Evidence, name string) {
	l := &ev.Object.Locations[0]
	l.Recorded, l.EnvNames, l.EditedAt = "", nil, ago(0)
	if name != "" {
		ev.Archive = &backup.Archive{Record: &backup.ArchiveRecord{Ref: backup.Ref{Name: name}, Started: ev.Object.Started}}
	}
}

func TestDataIsKeptByStepsBeforeTheDeletion(t *testing.T) {
	ev, req := toDelete(), accepting()
	req.KeepData = true
	plan := JudgeDeletion(ev, req)
	if plan.Decision != backup.DecisionAllowed || plan.Effect != backup.EffectDeletes || len(plan.Steps) != 3 || len(plan.Erases) != 0 {
		t.Fatalf("%+v: %v", plan, Obstacles(plan.Gate))
	}
	if set, gone := plan.Steps[0], plan.Steps[1]; set.Kind != backup.StepPatch || set.Does != "sets it" || gone.Kind != backup.StepDelete || gone.ResourceVersion != "" {
		t.Errorf("steps %+v", plan.Steps)
	}
	ev.Removal.Keep.Strip = protection
	stripped := JudgeDeletion(ev, req)
	if len(stripped.Steps) != 4 || stripped.Steps[2].Effect != backup.EffectStrips || stripped.Digest == plan.Digest {
		t.Errorf("steps %+v", stripped.Steps)
	}
	for _, op := range stripped.Steps[2].Patch {
		if op.Path == resourceVersionPath {
			t.Error("the last step tests a version that the first one changes")
		}
	}
	ev.Removal.Keep = backup.Keeping{Special: true, Applies: backup.Yes, Orphan: true}
	if plan := JudgeDeletion(ev, req); len(plan.Steps) != 2 || !plan.Steps[0].Orphan || plan.Steps[0].ResourceVersion == "" {
		t.Errorf("steps %+v", plan.Steps)
	}
	ev.Removal.Keep = backup.Keeping{Special: true, Applies: backup.No, WhyNot: "sync"}
	if plan := JudgeDeletion(ev, req); plan.Decision != backup.DecisionRefused || !strings.Contains(strings.Join(Obstacles(plan.Gate), ""), "sync") {
		t.Errorf("%s: %v", plan.Decision, Obstacles(plan.Gate))
	}
}

func TestNobodyWaitsWhoDoesNotWant(t *testing.T) {
	ev, req := toDelete(), accepting(backup.RiskErasesData)
	req.NoWait = true
	requested(&ev, backup.Found)
	plan := JudgeDeletion(ev, req)
	if len(plan.Steps) != 1 || plan.Steps[0].Kind != backup.StepCreate {
		t.Errorf("steps %+v", plan.Steps)
	}
	ev.Removal.Create, ev.Removal.Effect = nil, backup.EffectDeletes
	if plan = JudgeDeletion(ev, req); plan.Effect != backup.EffectDeletes || plan.Steps[0].Undo != "none; the journal has the object" {
		t.Errorf("%s, steps %+v", plan.Effect, plan.Steps)
	}
}
