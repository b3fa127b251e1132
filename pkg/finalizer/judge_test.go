package finalizer

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestEachPlaceAsksForItsOwnRisk(t *testing.T) {
	ev := withClass(backup.VerdictPartial)
	second := place0()
	second.Bucket, second.Recorded = "second", "s3://second/demo"
	third := place0()
	third.Bucket, third.Recorded = "third", "s3://third/demo"
	ev.Object.Locations = append(ev.Object.Locations, second, third)
	ev.Storage = append(ev.Storage, look(backup.VerdictBucketMissing, second))

	plan := Judge(ev, via(backup.WayStrip))
	want := []backup.Risk{backup.RiskStorageUnknown, backup.RiskDataPresent, backup.RiskBucketMissing}
	if len(plan.Needs) != len(want) {
		t.Fatalf("needs %v, want %v", plan.Needs, want)
	}
	for i := range want {
		if plan.Needs[i] != want[i] {
			t.Errorf("needs %v, want %v", plan.Needs, want)
		}
	}
	if len(plan.Storage) != 3 || plan.Storage[2].Reason != backup.ReasonNotLooked {
		t.Errorf("the third place was not looked at, the plan says %+v", plan.Storage)
	}
	if got := Judge(ev, via(backup.WayStrip, want...)); got.Decision != backup.DecisionAllowed {
		t.Errorf("every risk is accepted, the decision is %s", got.Decision)
	}
	if got := Judge(ev, via(backup.WayStrip, want[:2]...)); got.Decision != backup.DecisionRisk {
		t.Errorf("one risk is not accepted, the decision is %s", got.Decision)
	}
}

func TestDataThatNobodyCanSeeIsNotAccountedFor(t *testing.T) {
	for name, set := range map[string]func(*backup.Evidence){
		"moved": func(ev *backup.Evidence) {
			ev.Object.Works = append(ev.Object.Works, backup.Work{
				Role: backup.WorkMove, Ref: jobRef("upload"), Lookup: backup.Found, PodsLookup: backup.Found,
			})
		},
		"location not readable": func(ev *backup.Evidence) { ev.Object.Unreadable = []string{"locations[1].when: no such key"} },
	} {
		ev := stuck()
		set(&ev)
		plan := Judge(ev, via(backup.WayStrip))
		if rows := rowsOf(plan.Gate, CondDataAccounted); len(rows) != 2 || rows[0].Risk != backup.RiskStorageUnknown {
			t.Errorf("%s: rows %+v", name, rows)
		}
		if !contains(plan.Needs, backup.RiskStorageUnknown) {
			t.Errorf("%s: needs %v", name, plan.Needs)
		}
	}
}

func TestDecisionFolds(t *testing.T) {
	risky := risk(backup.RiskDataPresent, "data")
	accepted := risky
	accepted.Accepted = true
	for name, c := range map[string]struct {
		gate []backup.GateResult
		want backup.Decision
	}{
		"nothing":               {nil, backup.DecisionAllowed},
		"shown only":            {[]backup.GateResult{pass(""), shown("")}, backup.DecisionAllowed},
		"accepted":              {[]backup.GateResult{accepted}, backup.DecisionAllowed},
		"risk":                  {[]backup.GateResult{accepted, risk(backup.RiskHiddenVersions, "")}, backup.DecisionRisk},
		"unknown beats risk":    {[]backup.GateResult{risky, unknown("")}, backup.DecisionUndecided},
		"refusal beats unknown": {[]backup.GateResult{unknown(""), refuse(""), risky}, backup.DecisionRefused},
	} {
		if got, _, _ := decide(c.gate); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestRefusalSaysWhichKind(t *testing.T) {
	for name, c := range map[string]struct {
		ev   backup.Evidence
		req  Request
		kind error
	}{
		"allowed":              {stuck(), via(backup.WayStrip), nil},
		"data":                 {withClass(backup.VerdictPartial), via(backup.WayStrip), ErrRefused},
		"unknown place":        {withClass(backup.VerdictUnknown), via(backup.WayStrip), ErrUndecided},
		"unknown, way unnamed": {withClass(backup.VerdictUnknown), via("", backup.RiskStorageUnknown), ErrUndecided},
		"data, way unnamed":    {withClass(backup.VerdictPartial), via("", backup.RiskDataPresent), ErrRefused},
		"does not apply":       {stuck(), via(backup.WayRelease), ErrRefused},
		"no dry run":           {stuck(), Request{Via: backup.WayStrip}, ErrUndecided},
	} {
		t.Run(name, func(t *testing.T) {
			err := Refusal(Judge(c.ev, c.req))
			if !errors.Is(err, c.kind) || (c.kind == nil) != (err == nil) {
				t.Fatalf("got %v, want %v", err, c.kind)
			}
			var gate *GateError
			if err != nil && (!errors.As(err, &gate) || len(Obstacles(gate.Plan.Gate)) == 0 || !strings.Contains(err.Error(), Obstacles(gate.Plan.Gate)[0])) {
				t.Errorf("the error does not name the obstacle: %v", err)
			}
		})
	}
}

func TestErasingShowsWhatItErases(t *testing.T) {
	ev := withClass(backup.VerdictComplete)
	ev.Contents = []backup.Contents{{Complete: true, Total: backup.Count{Objects: 812, Bytes: 4096}}}
	plan := Judge(ev, via(backup.WayRetryClean))
	row := rowsOf(plan.Gate, CondPlaceClear)[0]
	if len(plan.Erases) != 1 || plan.Erases[0].Total.Objects != 812 {
		t.Errorf("erases %+v", plan.Erases)
	}
	if !strings.Contains(row.Because, "812 objects, 4096 bytes") || row.TypeBack != "s3://bucket/demo/" {
		t.Errorf("row %+v", row)
	}
	if strip := Judge(ev, via(backup.WayStrip)); len(strip.Erases) != 0 {
		t.Error("a strip erases nothing")
	}
}

func TestErasingSaysWhatNobodyCounted(t *testing.T) {
	for class, want := range map[backup.VerdictClass]string{
		backup.VerdictUnknown: "nobody knows", backup.VerdictHidden: "old versions", backup.VerdictBucketMissing: "nobody knows",
	} {
		ev := withClass(class)
		ev.Contents = []backup.Contents{{Complete: true}} // a count of what a plain listing shows
		plan := Judge(ev, via(backup.WayRetryClean, backup.RiskStorageUnknown))
		if row := rowsOf(plan.Gate, CondPlaceClear)[0]; !strings.Contains(row.Because, want) || len(plan.Erases) != 0 {
			t.Errorf("%s: %q, erases %v", class, row.Because, plan.Erases)
		}
	}
}

func TestOneRiskIsNamedOnce(t *testing.T) {
	ev := withClass(backup.VerdictPartial)
	second := place0()
	second.Bucket, second.Recorded = "second", ""
	ev.Object.Locations = append(ev.Object.Locations, second)
	ev.Storage = append(ev.Storage, look(backup.VerdictData, second))
	plan := Judge(ev, via(backup.WayStrip))
	if len(plan.Needs) != 1 || len(TypeBack(plan)) != 2 {
		t.Errorf("needs %v, type back %v", plan.Needs, TypeBack(plan))
	}
}

func TestFinalizerIsNotGuessed(t *testing.T) {
	own := backup.Finalizer{Name: "foregroundDeletion", Builtin: true}
	for name, c := range map[string]struct {
		all  []backup.Finalizer
		name string
		want string
	}{
		"the only one":         {[]backup.Finalizer{{Name: protection}}, "", protection},
		"the only own one":     {[]backup.Finalizer{own}, "", own.Name},
		"the only foreign one": {[]backup.Finalizer{own, {Name: protection}}, "", protection},
		"two":                  {[]backup.Finalizer{{Name: foreign}, {Name: protection}}, "", ""},
		"named":                {[]backup.Finalizer{{Name: foreign}, {Name: protection}}, protection, protection},
		"not there":            {[]backup.Finalizer{{Name: foreign}}, protection, ""},
		"none":                 {nil, "", ""},
	} {
		got, why := pick(c.all, c.name)
		if (got == nil) != (c.want == "") || got != nil && got.Name != c.want {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
		if got == nil && why == "" {
			t.Errorf("%s: no reason", name)
		}
	}
}

func TestConfirmation(t *testing.T) {
	ev := withClass(backup.VerdictPartial)
	plan := Judge(ev, via(backup.WayStrip, backup.RiskDataPresent))
	waits := Judge(ev, via(backup.WayWait))
	nameless := plan
	nameless.Digest = ""
	path := []string{"s3://bucket/demo/"}
	for name, c := range map[string]struct {
		plan backup.Plan
		say  Confirmation
		ok   bool
	}{
		"digest":                   {plan, Confirmation{Digest: plan.Digest}, true},
		"another digest":           {plan, Confirmation{Digest: waits.Digest, Name: "demo", Paths: path}, false},
		"name and path":            {plan, Confirmation{Name: "demo", Paths: path}, true},
		"name without path":        {plan, Confirmation{Name: "demo"}, false},
		"path without name":        {plan, Confirmation{Paths: path}, false},
		"nothing":                  {plan, Confirmation{}, false},
		"a plan without a digest":  {nameless, Confirmation{Name: "demo", Paths: path}, false},
		"nothing, nothing written": {waits, Confirmation{}, true},
	} {
		err := c.say.Confirms(c.plan)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (!errors.Is(err, ErrNotConfirmed) || !strings.Contains(err.Error(), ErrNotConfirmed.Error())) {
			t.Errorf("%s: %v is not ErrNotConfirmed", name, err)
		}
	}
}
