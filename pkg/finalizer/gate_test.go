package finalizer

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// columns is the gate's table: for each condition the effects it counts for.
var columns = map[string]string{
	CondDeletionAsked:  "releases strips erases",
	CondWaySupported:   "releases strips erases",
	CondNoWriter:       "releases strips erases",
	CondDataAccounted:  "strips erases",
	CondPlaceClear:     "strips erases",
	CondSamePlace:      "strips erases",
	CondOwnAccess:      "strips",
	CondPlaceExclusive: "strips erases",
	CondNoDependents:   "releases strips erases",
	CondGitOps:         "releases strips erases",
	CondDryRun:         "releases strips erases",
}

// cell is what a condition has to answer in one column of the table.
type cell struct {
	state    backup.GateState
	risk     backup.Risk
	typeBack bool
}

// gateCase is one outcome of a condition, with its answer for each effect. An
// effect without an answer is a dash of the table.
type gateCase struct {
	condition, name          string
	set                      func(*backup.Evidence, *Request)
	releases, strips, erases cell
}

func (c gateCase) want(effect backup.Effect) cell {
	switch effect {
	case backup.EffectReleases:
		return c.releases
	case backup.EffectStrips:
		return c.strips
	case backup.EffectErases:
		return c.erases
	}
	return cell{}
}

var (
	isPass    = cell{state: backup.GatePass}
	isShown   = cell{state: backup.GateShown}
	isRefused = cell{state: backup.GateRefuse}
	isUnknown = cell{state: backup.GateUnknown}
	dash      = cell{}
)

func isRisk(r backup.Risk) cell { return cell{state: backup.GateRisk, risk: r} }

func typed(r backup.Risk) cell { return cell{state: backup.GateRisk, risk: r, typeBack: true} }

func TestGateIsTheTable(t *testing.T) {
	seen := map[string]map[backup.GateState]bool{}
	for _, c := range gateCases() {
		if seen[c.condition] == nil {
			seen[c.condition] = map[backup.GateState]bool{}
		}
		for _, effect := range []backup.Effect{backup.EffectWaits, backup.EffectReleases, backup.EffectStrips, backup.EffectErases} {
			seen[c.condition][c.want(effect).state] = true
			t.Run(c.condition+"/"+c.name+"/"+string(effect), func(t *testing.T) { c.check(t, effect) })
		}
	}
	for condition := range columns {
		if !seen[condition][backup.GatePass] || len(seen[condition]) < 2 {
			t.Errorf("the cases of %s do not show both that it passes and that it does not", condition)
		}
	}
	for i, r := range table() {
		if columns[r.name] == "" {
			t.Errorf("row %d, %s, is not in the table", i, r.name)
		}
	}
}

// check judges one cell: the row's own answer, and what it makes of the whole.
func (c gateCase) check(t *testing.T, effect backup.Effect) {
	ev := stuck()
	applyRelease(&ev)
	req := via(wayOf(effect))
	c.set(&ev, &req)
	plan := Judge(ev, req)
	rows, want := rowsOf(plan.Gate, c.condition), c.want(effect)
	if want == dash {
		if len(rows) != 0 {
			t.Fatalf("got %+v, the table has a dash here", rows)
		}
		return
	}
	if len(rows) != 1 {
		t.Fatalf("got %d rows %+v", len(rows), rows)
	}
	row := rows[0]
	if row.State != want.state || row.Risk != want.risk || (row.TypeBack != "") != want.typeBack {
		t.Fatalf("got %s %q type back %q, want %+v\nbecause %s", row.State, row.Risk, row.TypeBack, want, row.Because)
	}
	if row.Because == "" {
		t.Error("the row does not say why")
	}
	c.checkDecision(t, plan, row)
	c.checkAcceptance(t, ev, req, want)
}

func (c gateCase) checkDecision(t *testing.T, plan backup.Plan, row backup.GateResult) {
	allowed := plan.Decision == backup.DecisionAllowed
	switch row.State {
	case backup.GateRefuse:
		if plan.Decision != backup.DecisionRefused {
			t.Errorf("a hard condition fails, and the decision is %s", plan.Decision)
		}
	case backup.GateUnknown, backup.GateRisk:
		if allowed {
			t.Errorf("the row is %s, and the plan is allowed", row.State)
		}
	}
	if row.State == backup.GateRisk && !contains(plan.Needs, row.Risk) {
		t.Errorf("needs %v lack %s", plan.Needs, row.Risk)
	}
}

// checkAcceptance accepts every risk: that opens a risk, and nothing else.
func (c gateCase) checkAcceptance(t *testing.T, ev backup.Evidence, req Request, want cell) {
	req.Accept = backup.Risks()
	plan := Judge(ev, req)
	row := rowsOf(plan.Gate, c.condition)[0]
	if row.State != want.state || row.Accepted != (want.state == backup.GateRisk) {
		t.Errorf("with every risk accepted the row is %s, accepted %t", row.State, row.Accepted)
	}
	if len(plan.Needs) != 0 {
		t.Errorf("every risk is accepted, and the plan still needs %v", plan.Needs)
	}
	if hard := want.state == backup.GateRefuse || want.state == backup.GateUnknown; hard && plan.Decision == backup.DecisionAllowed {
		t.Error("a hard condition was accepted away")
	}
}

func TestGateHasNoOtherColumns(t *testing.T) {
	ev := stuck()
	applyRelease(&ev)
	for _, effect := range []backup.Effect{backup.EffectWaits, backup.EffectReleases, backup.EffectStrips, backup.EffectErases} {
		var got []string
		for _, row := range Judge(ev, via(wayOf(effect))).Gate {
			got = append(got, row.Condition)
		}
		var want []string
		for _, r := range table() {
			if columnHas(r.name, effect) {
				want = append(want, r.name)
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%s: rows %v, want %v", effect, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: row %d is %s, want %s", effect, i, got[i], want[i])
			}
		}
	}
}
