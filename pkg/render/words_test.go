package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestVerdictWords(t *testing.T) {
	for _, c := range []struct {
		verdict backup.StorageVerdict
		symbol  string
		want    string
	}{
		{backup.StorageVerdict{Class: backup.VerdictEmpty}, "\u221a", "Empty: no object, no old version, no open upload"},
		{backup.StorageVerdict{Class: backup.VerdictEmpty, BucketEmpty: backup.Yes}, "\u221a", "the whole bucket holds nothing"},
		{backup.StorageVerdict{Class: backup.VerdictResidue}, "\u221a", "no data"},
		{backup.StorageVerdict{Class: backup.VerdictHidden}, "!", "old versions"},
		{backup.StorageVerdict{Class: backup.VerdictPartial}, "!", "Partial: data without"},
		{backup.StorageVerdict{Class: backup.VerdictComplete}, "!", "Complete: data with"},
		{backup.StorageVerdict{Class: backup.VerdictData}, "!", "no profile knows"},
		{backup.StorageVerdict{Class: backup.VerdictBucketMissing}, "!", "does not exist"},
		{backup.StorageVerdict{Class: backup.VerdictUnknown, Reason: backup.ReasonWrongRegion, RightRegion: "eu-west-1"}, "?", "wrong-region (the server names region eu-west-1)"},
		{backup.StorageVerdict{}, "?", "Unknown"},
		{backup.StorageVerdict{Class: "Future"}, "?", "Unknown: Future"},
	} {
		t.Run(string(c.verdict.Class), func(t *testing.T) {
			if got := verdictMark(c.verdict).text; got != c.symbol {
				t.Errorf("symbol: got %s, want %s", got, c.symbol)
			}
			if got := verdictWord(c.verdict).text; !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q in it", got, c.want)
			}
		})
	}
}

func TestErasedSaysWhatIsKnown(t *testing.T) {
	empty, unseen := full(), unreachable()
	empty.Class = backup.VerdictEmpty
	for name, c := range map[string]struct {
		storage []backup.StorageVerdict
		erases  []backup.Contents
		want    string
	}{
		"counted":     {[]backup.StorageVerdict{full()}, []backup.Contents{{Total: backup.Count{Objects: 1, Bytes: 10}, Complete: true}}, "THIS DELETES 1 object, 10 B under s3://backup/demo/"},
		"cut short":   {[]backup.StorageVerdict{full()}, []backup.Contents{{Total: backup.Count{Objects: 5}, Error: "timeout"}}, "THIS DELETES at least 5 objects, 0 B (timeout) under"},
		"not counted": {[]backup.StorageVerdict{unseen}, nil, "THIS DELETES what lies under s3://backup/demo/, which was not counted"},
		"nothing":     {[]backup.StorageVerdict{empty}, []backup.Contents{{Complete: true}}, ""},
		"seen empty":  {[]backup.StorageVerdict{empty}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			plan := erasePlan()
			plan.Storage, plan.Erases = c.storage, c.erases
			text := output(t, func(w *bytes.Buffer) error { return Plan(w, plan, pipe) })
			if c.want == "" && strings.Contains(text, "THIS DELETES") {
				t.Errorf("an empty place is announced as a loss:\n%s", text)
			}
			if !strings.Contains(text, c.want) {
				t.Errorf("%q is not in:\n%s", c.want, text)
			}
		})
	}
}

func TestPlanNamesWhatRefusesIt(t *testing.T) {
	rows := []backup.GateResult{
		{Condition: "no-writer", State: backup.GateUnknown, Because: "the node is lost"},
		{Condition: "no-dependents", State: backup.GateRefuse, Because: "a PVC would go with it"},
	}
	for decision, want := range map[backup.Decision]string{
		backup.DecisionRefused:   "\u00d7 refused: no-dependents",
		backup.DecisionUndecided: "? undecided, something is unknown: no-writer",
	} {
		plan := stripPlan()
		plan.Gate, plan.Decision = rows, decision
		text := output(t, func(w *bytes.Buffer) error { return Plan(w, plan, pipe) })
		if !strings.Contains(text, want) || strings.Contains(text, "--confirm") {
			t.Errorf("%s: want %q and no way to confirm in:\n%s", decision, want, text)
		}
	}
}

func TestResultWords(t *testing.T) {
	for ended, want := range map[string]string{
		"gone":        "\u221a Backup tidb-test/backup-test is gone\n",
		"replaced":    "another object has its name now",
		"released":    "\u221a Backup tidb-test/backup-test lost the finalizer " + protection + "\n",
		"waiting":     "? Backup tidb-test/backup-test is still there",
		"failed":      "step 1, Patch backups.pingcap.com/backup-test, failed: conflict",
		"interrupted": "\u00d7 Backup tidb-test/backup-test may still be there",
		"else":        "ended in a way that is not known: else",
	} {
		r := backup.Result{Plan: stripPlan(), Ended: ended, Outcomes: []backup.Outcome{{Step: 0, State: ended, Text: "conflict"}}}
		if text := output(t, func(w *bytes.Buffer) error { return Result(w, r, pipe) }); !strings.Contains(text, want) {
			t.Errorf("%s: %q is not in:\n%s", ended, want, text)
		}
	}
}

func TestStateWord(t *testing.T) {
	since := ptr(ago(3 * time.Hour))
	for want, o := range map[string]backup.Object{
		"Failed 3h ago":               {Phase: backup.PhaseFailed, PhaseSince: since},
		"Running (InProgress) for 3h": {Phase: backup.PhaseRunning, NativePhase: "InProgress", PhaseSince: since},
		"TERMINATING for 3h":          {Phase: backup.PhaseFailed, Deleted: since},
		"Completed, data Moving":      {Role: backup.RoleBackup, Phase: backup.PhaseCompleted, Data: backup.DataMoving},
		"Unknown (Archiving)":         {Phase: backup.PhaseUnknown, NativePhase: "Archiving"},
		"Unknown":                     {System: "velero"},
		"":                            {Ref: backup.Ref{Kind: "ConfigMap"}, Data: backup.DataUnknown},
		"Active":                      {Ref: backup.Ref{Kind: "Namespace"}, NativePhase: "Active"},
		"Completed, data Unknown":     {Role: backup.RoleBackup, Phase: backup.PhaseCompleted, Data: backup.DataUnknown},
		"Completed":                   {Role: backup.RoleBackup, Phase: backup.PhaseCompleted, Data: backup.DataMoved},
	} {
		if got := stateWord(o, pipe).text; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestRetentionWords(t *testing.T) {
	for want, r := range map[string]backup.Retention{
		"deleting this object keeps the data":                                       {Policy: backup.Keeps},
		"deleting this object also deletes the data (spec.x)":                       {Policy: backup.Deletes, Source: "spec.x"},
		"deleting this object may delete the data":                                  {Policy: backup.Depends},
		"deleting this object now keeps the data; that depends on its state":        {Policy: backup.Depends, Now: backup.Keeps},
		"deleting this object now also deletes the data; that depends on its state": {Policy: backup.Depends, Now: backup.Deletes},
		"unknown what deleting this object does to the data":                        {},
	} {
		if got := retentionWords(r).text; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestProgressWord(t *testing.T) {
	for want, p := range map[string]*backup.Progress{
		"":              nil,
		"3 GiB":         {Done: 3 << 30, Unit: "bytes"},
		"45%":           {Done: 45, Total: 100, Unit: "percent"},
		"120/812 items": {Done: 120, Total: 812, Unit: "items"},
		"7":             {Done: 7},
	} {
		if got := progressWord(p); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestNextCommandCostsLeast(t *testing.T) {
	erase := backup.Fix{Commands: []string{"erase"}, Effect: backup.EffectErases}
	problem := func(fixes ...backup.Fix) []backup.Finding {
		return []backup.Finding{{Code: "BK-F101", Status: backup.StatusProblem, Fixes: fixes}}
	}
	way := func(open backup.Decision) []backup.WayOut {
		return []backup.WayOut{{Open: open, Effect: backup.EffectReleases, Commands: []string{"release"}}}
	}
	for name, c := range map[string]struct {
		diagnosis backup.Diagnosis
		want      string
	}{
		"a look before an erasing fix":   {backup.Diagnosis{Findings: problem(erase, backup.Fix{Commands: []string{"look"}})}, "look"},
		"an open way before erasing":     {backup.Diagnosis{Findings: problem(erase), WaysOut: way(backup.DecisionAllowed)}, "release"},
		"a way that is not open is none": {backup.Diagnosis{Findings: problem(), WaysOut: way(backup.DecisionRisk)}, "kubectl backup explain BK-F101"},
		"unknown is explained":           {backup.Diagnosis{Findings: []backup.Finding{{Code: "BK-S301", Status: backup.StatusUnknown}}}, "kubectl backup explain BK-S301"},
		"nothing is wrong":               {backup.Diagnosis{Findings: []backup.Finding{{Code: "BK-O501", Status: backup.StatusOK}}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := nextCommand(c.diagnosis); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
