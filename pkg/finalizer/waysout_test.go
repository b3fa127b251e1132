package finalizer

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestWaysOutAreOrderedByCost(t *testing.T) {
	ev := stuck()
	ev.Object.Finalizers = append(ev.Object.Finalizers, backup.Finalizer{Name: foreign, Index: 1})
	var got []string
	for _, way := range WaysOut(ev) {
		got = append(got, way.Finalizer+" "+way.Name+" "+string(way.Open))
		if (way.Open == backup.DecisionAllowed) != (way.Why == "") {
			t.Errorf("%s %s is %s because %q", way.Finalizer, way.Name, way.Open, way.Why)
		}
	}
	want := []string{
		protection + " wait refused", foreign + " wait undecided", protection + " release refused",
		protection + " strip allowed", protection + " retry-clean allowed",
	}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: got %q, want %q", i, got[i], want[i])
		}
	}
}

func TestWaysOutNeedNoDryRun(t *testing.T) {
	ev := withClass(backup.VerdictUnknown)
	runs(&ev.Object.Works[1])
	open := map[string]backup.Decision{}
	for _, way := range WaysOut(ev) {
		open[way.Name] = way.Open
	}
	for name, want := range map[string]backup.Decision{
		backup.WayWait: backup.DecisionAllowed, backup.WayStrip: backup.DecisionRisk, backup.WayRetryClean: backup.DecisionRisk,
	} {
		if open[name] != want {
			t.Errorf("%s is %s, want %s", name, open[name], want)
		}
	}
	ev.Object.Deleted = nil
	for _, way := range WaysOut(ev) {
		if way.Open != backup.DecisionRefused {
			t.Errorf("%s of a living object is %s", way.Name, way.Open)
		}
	}
}

func TestUnknownEffectIsTheDearest(t *testing.T) {
	ev := stuck()
	ev.Object.Finalizers[0].Ways = []backup.Way{
		{Name: "new", Effect: "shreds", Applies: backup.Yes},
		{Name: backup.WayWait, Effect: backup.EffectWaits, Does: "waits for the operator"},
		{Name: backup.WayRetryClean, Effect: backup.EffectErases, Applies: backup.Yes},
	}
	ways := WaysOut(ev)
	if ways[0].Does != "waits for the operator" || ways[len(ways)-1].Name != "new" || len(ways) != 3 {
		t.Errorf("got %+v", ways)
	}
}
