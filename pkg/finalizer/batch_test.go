package finalizer

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// planFor is the plan of a stuck backup of that name.
func planFor(name string, class backup.VerdictClass, req Request) backup.Plan {
	ev := withClass(class)
	ev.Object.Ref = otherRef(name)
	return Judge(ev, req)
}

func TestNewBatchCountsAndBinds(t *testing.T) {
	free, other := planFor("a", backup.VerdictEmpty, via(backup.WayStrip)), planFor("b", backup.VerdictEmpty, via(backup.WayStrip))
	refused := planFor("c", backup.VerdictPartial, via(backup.WayStrip))
	undecided := planFor("d", backup.VerdictUnknown, via(backup.WayStrip))
	list := NewBatch([]backup.Plan{free, refused, other, undecided})
	if list.Free != 2 || list.Refused != 1 || list.Undecided != 1 || list.Cluster.Context != "lab" || list.At != now {
		t.Fatalf("list %+v", list)
	}
	if got := Batch(list); len(got) != 2 || got[0].Target.Name != "a" || got[1].Target.Name != "b" {
		t.Errorf("batch %+v", got)
	}
	changed := other
	changed.Digest = strings.Repeat("0", digestLength)
	undigested := other
	undigested.Digest = ""
	for name, tc := range map[string]struct {
		plans []backup.Plan
		same  bool
	}{
		"the same plans":                  {[]backup.Plan{free, refused, other, undecided}, true},
		"without those that are not done": {[]backup.Plan{free, other}, true},
		"another order":                   {[]backup.Plan{other, free}, false},
		"one less":                        {[]backup.Plan{free}, false},
		"one more":                        {[]backup.Plan{free, other, planFor("e", backup.VerdictEmpty, via(backup.WayStrip))}, false},
		"one changed":                     {[]backup.Plan{free, changed}, false},
		"one that has no digest":          {[]backup.Plan{free, undigested}, false},
		"nothing":                         {nil, false},
	} {
		if got := NewBatch(tc.plans).Digest; (got == list.Digest) != tc.same {
			t.Errorf("%s: digest %q beside %q", name, got, list.Digest)
		}
	}
	if NewBatch([]backup.Plan{free, undigested}).Digest != "" || NewBatch(nil).Digest != "" || free.Digest == NewBatch([]backup.Plan{free}).Digest {
		t.Error("a batch has no digest of its own, or one that it should not have")
	}
}

func TestForMany(t *testing.T) {
	for name, tc := range map[string]struct {
		class  backup.VerdictClass
		req    Request
		places bool
		want   backup.Decision
	}{
		"a strip over data whose risk is accepted": {backup.VerdictPartial, via(backup.WayStrip, backup.RiskDataPresent), true, backup.DecisionAllowed},
		"a clean-up of an empty place":             {backup.VerdictEmpty, via(backup.WayRetryClean), true, backup.DecisionAllowed},
		"a clean-up of residue":                    {backup.VerdictResidue, via(backup.WayRetryClean), true, backup.DecisionAllowed},
		"a clean-up of data":                       {backup.VerdictPartial, via(backup.WayRetryClean, backup.RiskErasesData), true, backup.DecisionRefused},
		"a clean-up of what is not known":          {backup.VerdictUnknown, via(backup.WayRetryClean, backup.RiskErasesData, backup.RiskStorageUnknown), true, backup.DecisionRefused},
		"a clean-up of no place":                   {backup.VerdictEmpty, via(backup.WayRetryClean), false, backup.DecisionRefused},
	} {
		plan := planFor("a", tc.class, tc.req)
		if !tc.places {
			plan.Storage = nil
		}
		gate := len(plan.Gate)
		many := ForMany(plan)
		if many.Decision != tc.want || many.Digest != plan.Digest || len(plan.Gate) != gate {
			t.Errorf("%s: %s; want %s (%v)", name, many.Decision, tc.want, Obstacles(many.Gate))
		}
		if rows := rowsOf(many.Gate, CondOneAtATime); len(rows) > 0 != (tc.want == backup.DecisionRefused) {
			t.Errorf("%s: rows %+v", name, rows)
		}
	}
}

func TestBatchAnswer(t *testing.T) {
	empty, data := planFor("a", backup.VerdictEmpty, via(backup.WayStrip)), planFor("b", backup.VerdictPartial, via(backup.WayStrip, backup.RiskDataPresent))
	restore := planFor("c", backup.VerdictEmpty, via(backup.WayStrip))
	restore.Target.Resource = "restores"
	list := NewBatch([]backup.Plan{restore, empty, data})
	words, paths := BatchWords(list), BatchTypeBack(list)
	if words != "2 backups.pingcap.com, 1 restores.pingcap.com" || len(paths) != 1 {
		t.Fatalf("words %q, paths %v", words, paths)
	}
	undigested := list
	undigested.Digest = ""
	waiting := NewBatch([]backup.Plan{planFor("a", backup.VerdictEmpty, Request{Via: backup.WayWait})})
	for name, tc := range map[string]struct {
		list   backup.PlanList
		answer BatchAnswer
		why    string
	}{
		"the digest":                 {list, BatchAnswer{Digest: list.Digest}, ""},
		"words and paths":            {list, BatchAnswer{Words: words, Paths: paths}, ""},
		"plans that only wait":       {waiting, BatchAnswer{}, ""},
		"nothing":                    {list, BatchAnswer{}, "neither"},
		"another digest":             {list, BatchAnswer{Digest: empty.Digest, Words: words, Paths: paths}, "is not that of the plans"},
		"another number":             {list, BatchAnswer{Words: "2 backups.pingcap.com", Paths: paths}, "number and the kind"},
		"no path":                    {list, BatchAnswer{Words: words}, "path"},
		"no digest to confirm":       {undigested, BatchAnswer{Words: words, Paths: paths}, "have no digest"},
		"the digest of one plan":     {list, BatchAnswer{Digest: data.Digest}, "is not that of the plans"},
		"the empty digest of a list": {undigested, BatchAnswer{Digest: ""}, "have no digest"},
	} {
		err := tc.answer.Confirms(tc.list)
		if tc.why == "" && err != nil || tc.why != "" && (!errors.Is(err, ErrNotConfirmed) || !strings.Contains(err.Error(), tc.why)) {
			t.Errorf("%s: %v; want %q", name, err, tc.why)
		}
	}
}

func TestSurprise(t *testing.T) {
	plan := planFor("a", backup.VerdictEmpty, via(backup.WayStrip))
	plan.Finalizers = append(plan.Finalizers, foreign)
	for name, tc := range map[string]struct {
		result backup.Result
		err    error
		want   string
	}{
		"gone":                    {backup.Result{Ended: "gone"}, nil, ""},
		"replaced":                {backup.Result{Ended: "replaced"}, nil, ""},
		"held as was known":       {backup.Result{Ended: "released", Holds: []string{foreign}}, nil, ""},
		"held by a new finalizer": {backup.Result{Ended: "released", Holds: []string{"x.io/y"}}, nil, "ended released"},
		"time is up":              {backup.Result{Ended: "waiting"}, nil, "still there"},
		"failed":                  {backup.Result{Ended: "failed"}, nil, "ended failed"},
		"an error":                {backup.Result{Ended: "gone"}, ErrPlanChanged, "changed since"},
	} {
		tc.result.Plan = plan
		if got := Surprise(tc.result, tc.err); (got == "") != (tc.want == "") || !strings.Contains(got, tc.want) {
			t.Errorf("%s: %q; want %q", name, got, tc.want)
		}
	}
}

// A plan that is refused anyway is not tried, and does not say that this is missing.
func TestARefusedPlanDoesNotMissItsDryRun(t *testing.T) {
	ev := withClass(backup.VerdictEmpty)
	ev.Object.Deleted = nil
	executor := &Executor{}
	plan, _, err := executor.Check(t.Context(), ev, Request{Via: backup.WayStrip})
	if err != nil || plan.Decision != backup.DecisionRefused || len(rowsOf(plan.Gate, CondDryRun)) != 0 {
		t.Errorf("%v, %s, rows %+v", err, plan.Decision, rowsOf(plan.Gate, CondDryRun))
	}
}
