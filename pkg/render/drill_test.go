package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func passedDrill() backup.Drill {
	found := backup.Read{Lookup: backup.Found}
	return backup.Drill{
		At: now, Cluster: prod(), Backup: nightly("nightly"), Status: backup.StatusOK, Took: backup.Duration(4*time.Minute + 12*time.Second), Recorded: true,
		Verdict:    "the drill passed: 5 objects and 1 volume restored into 1 namespace, and ready",
		Namespaces: []backup.DrillNamespace{{From: "shop", To: "drill-tovhfs-shop"}}, JournalIDs: []string{"20261125T110000.482Z-3fa9c2"},
		Kinds: []backup.DrillKind{
			{Resource: "deployments.apps", Read: found, InBackup: 2, Restored: 2},
			{Resource: "ingresses.networking.k8s.io", InBackup: 1, LeftOut: "would be reachable from outside"},
			{Resource: "pods", Read: found, InBackup: 4, Restored: 3, Not: 1},
		},
		Findings: []backup.Finding{
			{Code: "BK-D101", Status: backup.StatusOK, Title: "the restore is Completed, its data included"},
			{Code: "BK-D105", Status: backup.StatusOK, Title: "2 workloads ready"},
		},
	}
}

func failedDrill() backup.Drill {
	d := passedDrill()
	d.Status, d.Recorded, d.Verdict = backup.StatusProblem, false, "the drill failed: 1 of 1 widgets.example.com not restored: shop/blue"
	d.Kinds = []backup.DrillKind{
		{Resource: "secrets", InBackup: 2, Read: backup.Read{Lookup: backup.Denied}},
		{Resource: "widgets.example.com", InBackup: 1, Missing: 1, Read: backup.Read{Lookup: backup.Absent}},
	}
	d.Findings = []backup.Finding{{Code: "BK-D102", Status: backup.StatusProblem, Severity: backup.SeverityCause, Title: "1 of 1 widgets.example.com not restored: shop/blue"}}
	d.CleanUp = backup.DrillCleanUp{
		Error: "not everything was gone after 5m0s", Left: []backup.Ref{{Resource: "namespaces", Name: "drill-tovhfs-shop"}},
		Commands: []string{"kubectl delete namespaces/drill-tovhfs-shop"},
	}
	return d
}

func drillText(d backup.Drill, s Style) func(*bytes.Buffer) error {
	return func(w *bytes.Buffer) error { return Drill(w, d, s) }
}

func TestADrillIsTold(t *testing.T) {
	golden(t, "drill-passed", output(t, drillText(passedDrill(), pipe)))
	golden(t, "drill-failed-80", output(t, drillText(failedDrill(), Style{Now: now, Width: 80})))
}

func TestWhatBecameOfADrillIsTold(t *testing.T) {
	for says, change := range map[string]func(*backup.Drill){
		"everything stays in place, as asked":      func(d *backup.Drill) { d.CleanUp.Kept = true },
		"whether all that the drill made is gone":  func(d *backup.Drill) { d.CleanUp.Error = "no route" },
		"not noted at the backup: denied":          func(d *backup.Drill) { d.Recorded, d.RecordError = false, "denied" },
		"--journal-dir=/j":                         func(d *backup.Drill) { d.JournalDir = "/j" },
		"the drill was not finished (after 4m12s)": func(d *backup.Drill) { d.Status, d.Verdict = backup.StatusUnknown, "the drill was not finished" },
	} {
		d := passedDrill()
		change(&d)
		if text := output(t, drillText(d, pipe)); !strings.Contains(text, says) {
			t.Errorf("%q is not in\n%s", says, text)
		}
	}
}

func TestWhatADrillReadsIsEscaped(t *testing.T) {
	d := failedDrill()
	for _, field := range []*string{&d.Verdict, &d.Kinds[0].Resource, &d.CleanUp.Error, &d.Namespaces[0].From, &d.Findings[0].Title} {
		before := *field
		*field = payload
		harmless(t, output(t, drillText(d, pipe)))
		*field = before
	}
}

func TestTheLastDrillIsDescribed(t *testing.T) {
	e := evidence()
	e.Object.LastDrill = &backup.LastDrill{At: ago(72 * time.Hour), Took: backup.Duration(4 * time.Minute), Namespaces: []string{"shop", "billing"}}
	text := output(t, func(w *bytes.Buffer) error { return Describe(w, e, pipe, Brief) })
	if !strings.Contains(text, "passed 3d ago in 4m (shop, billing)") {
		t.Errorf("%s", text)
	}
}
