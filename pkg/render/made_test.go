package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func scheduleRef(name string) backup.Ref {
	return backup.Ref{Group: "velero.io", Version: "v1", Resource: "schedules", Kind: "Schedule", Namespace: "velero", Name: name}
}

// makePlan makes a schedule whose text is not all harmless.
func makePlan() backup.Plan {
	return backup.Plan{
		Cluster: backup.ClusterInfo{Context: "prod", Server: "https://10.0.0.1:6443"}, Target: scheduleRef("nightly"),
		Way: "create", Effect: backup.EffectCreates, Decision: backup.DecisionAllowed, Digest: "3fa9c2d1e0b7",
		Steps: []backup.Step{{
			Kind: backup.StepCreate, Target: scheduleRef("nightly"), Does: "make Schedule velero/nightly", Undo: "'kubectl backup delete schedules.velero.io/nightly'",
			Object: map[string]any{
				"apiVersion": "velero.io/v1", "kind": "Schedule",
				"metadata": map[string]any{"name": "nightly", "labels": map[string]any{"team": "a\x1b[31m"}},
				"spec": map[string]any{"schedule": "0 1 * * *", "template": map[string]any{
					"ttl": "720h0m0s", "includedNamespaces": []any{"shop", "billing", strings.Repeat("long-", 20)},
				}},
			},
		}},
		Gate: []backup.GateResult{{Condition: "schedule", State: backup.GateWarning, Because: "it makes a backup at once (BK-B601)"}},
		Timetables: []backup.Timetable{{
			Schedule: scheduleRef("nightly"), Cron: "0 1 * * *", Zone: "UTC", ZoneFrom: "Deployment velero/velero sets no TZ",
			Paused: true, Due: ptr(ago(10 * time.Hour)), Next: []time.Time{now.Add(14 * time.Hour), now.Add(38 * time.Hour)},
		}},
	}
}

func TestPlanThatMakesAnObject(t *testing.T) {
	style := Style{Now: now, Width: 80}
	text := output(t, func(w *bytes.Buffer) error { return Plan(w, makePlan(), style) })
	golden(t, "plan-create-80", text)
	if strings.Contains(text, "\x1b") {
		t.Error("an escape sequence of a label is printed as it is")
	}
}

func TestMade(t *testing.T) {
	golden(t, "made", output(t, func(w *bytes.Buffer) error {
		return Made(w, backup.Result{Plan: makePlan(), Ended: "done", JournalID: "20261125T110000.482Z-3f9a0c"}, pipe)
	}))
}

// A plan for several objects has no single target.
func TestMadeOfSeveral(t *testing.T) {
	plan := makePlan()
	plan.Target, plan.Way = backup.Ref{Resource: "schedules", Kind: "Schedule"}, "resume"
	plan.Steps = append(plan.Steps, backup.Step{Kind: backup.StepPatch, Target: scheduleRef("weekly")})
	weekly := plan.Timetables[0]
	weekly.Schedule, weekly.Due = scheduleRef("weekly"), nil
	plan.Timetables = append(plan.Timetables, weekly, backup.Timetable{Schedule: scheduleRef("never")})
	golden(t, "made-several", output(t, func(w *bytes.Buffer) error {
		return Made(w, backup.Result{Plan: plan, Ended: "done", JournalID: "20261125T110000.482Z-3f9a0c"}, pipe)
	}))
}
