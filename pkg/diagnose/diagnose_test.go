package diagnose

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var update = flag.Bool("update", false, "write the golden files")

func stuckWays() []backup.WayOut {
	const name = "tidb.pingcap.com/backup-protection"
	return []backup.WayOut{
		{Finalizer: name, Name: backup.WayWait, Effect: backup.EffectWaits, Open: backup.DecisionRefused, Does: "waits until the owner lets the object go", Why: "Job tidb-test/clean-backup-test failed 3 times"},
		{Finalizer: name, Name: backup.WayRelease, Effect: backup.EffectReleases, Open: backup.DecisionRefused},
		{Finalizer: name, Name: backup.WayStrip, Effect: backup.EffectStrips, Open: backup.DecisionRisk, Why: "the place could not be seen"},
		{Finalizer: name, Name: backup.WayRetryClean, Effect: backup.EffectErases, Open: backup.DecisionRisk},
	}
}

func TestDiagnoseGolden(t *testing.T) {
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(Diagnose(*stuck(), stuckWays())); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "stuck.golden.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the diagnosis differs from %s; run with -update and look at the difference\n%s", path, got.String())
	}
}

func TestVerdict(t *testing.T) {
	for name, tc := range map[string]struct {
		base   func() *backup.Evidence
		change func(*backup.Evidence)
		want   string
		status backup.Status
	}{
		"recorded case": {stuck, nil, "its deletion waits for the clean-up Job, which cannot reach " + deadEndpoint + " (connection refused); the backup failed before it wrote anything", backup.StatusProblem},
		"namespace gone too": {stuck, func(ev *backup.Evidence) { ev.Namespace.Deleted = at("08:59:00") },
			"its deletion waits for the clean-up Job, which cannot reach " + deadEndpoint + " (connection refused), and its namespace is being deleted, so that no new Job can be made; the backup failed before it wrote anything", backup.StatusProblem},
		"operator gone": {stuck, func(ev *backup.Evidence) { ev.Owners[0].Lookup, ev.Owners[0].Deployments = backup.Absent, nil },
			"its deletion hangs: the operator tidb-controller-manager is not installed: no Deployment matches app.kubernetes.io/component=controller-manager; the backup failed before it wrote anything", backup.StatusProblem},
		"clean-up runs": {stuck, func(ev *backup.Evidence) {
			freshClean(ev, runningPod("clean-1", "09:00:00"))
			see(ev, backup.VerdictEmpty)
		},
			"its deletion is under way: the clean-up Job runs; the backup failed before it wrote anything", backup.StatusOK},
		"just deleted": {completed, func(ev *backup.Evidence) {
			ev.Object.Deleted = at("09:00:09")
			see(ev, backup.VerdictEmpty)
			ev.Object.Written = backup.Written{}
		},
			"its deletion was asked for a moment ago and waits for: the clean-up Job has emptied the path (condition Clean=True)", backup.StatusOK},
		"no cause known": {stuck, func(ev *backup.Evidence) {
			freshClean(ev)
			ev.Object.Conditions = nil
			ev.Object.Phase = backup.PhaseUnknown
		}, "its deletion waits for: the clean-up Job has emptied the path (condition Clean=True); why that does not happen is not known; the backup never started, so it wrote nothing", backup.StatusProblem},
		"unknown finalizer": {stuck, func(ev *backup.Evidence) { ev.Object.Finalizers = []backup.Finalizer{{Name: "x.io/y"}} },
			"its deletion waits for finalizer x.io/y, which no profile knows; the backup failed before it wrote anything", backup.StatusProblem},
		"builtin finalizer": {completed, func(ev *backup.Evidence) {
			ev.Object.Deleted = at("08:59:00")
			ev.Object.Finalizers = []backup.Finalizer{{Name: "foregroundDeletion", Profile: "kubernetes", Builtin: true, WaitsFor: "its dependents"}}
		}, "its deletion waits for finalizer foregroundDeletion of Kubernetes itself: its dependents", backup.StatusProblem},
		"no finalizer": {completed, func(ev *backup.Evidence) { ev.Object.Deleted, ev.Object.Finalizers = at("08:59:00"), nil },
			"its deletion is about to end: no finalizer holds it any more", backup.StatusProblem},
		"completed": {completed, nil, "nothing is wrong: the backup is Completed", backup.StatusOK},
		"completed, no role": {completed, func(ev *backup.Evidence) { ev.Object.Role, ev.Object.Phase, ev.Object.Data = "", "", "" },
			"nothing is wrong: the backup is there", backup.StatusOK},
		"something unread": {completed, func(ev *backup.Evidence) { ev.Gaps = []backup.Gap{{What: "events", Why: "forbidden"}} },
			"nothing wrong was found, but 1 question could not be answered: could not read events: forbidden", backup.StatusUnknown},
		"failed": {failed, nil, "the backup failed before it wrote anything: the backup Job cannot reach " + deadEndpoint + " (connection refused)", backup.StatusProblem},
		"failed of something else": {failed, func(ev *backup.Evidence) {
			ev.Object.Conditions[3].Message, ev.Object.Written = "region is not available", backup.Written{}
		}, "the backup failed, and whether it wrote anything is not known: region is not available", backup.StatusProblem},
		"failed in part": {failed, func(ev *backup.Evidence) {
			ev.Object.Phase, ev.Object.Conditions, ev.Object.Written = backup.PhasePartiallyFailed, nil, backup.Written{}
		}, "the backup failed in part", backup.StatusProblem},
		"schedule": {completed, func(ev *backup.Evidence) { ev.Object.Role, ev.Object.Phase = backup.RoleSchedule, backup.PhaseFailed },
			"the schedule failed", backup.StatusProblem},
		"slow": {completed, func(ev *backup.Evidence) { ev.Object.Phase, ev.Object.Started = backup.PhasePending, at("08:00:00") },
			"Pending for 1h0m (usually at most 10m)", backup.StatusProblem},
	} {
		t.Run(name, func(t *testing.T) {
			ev := tc.base()
			if tc.change != nil {
				tc.change(ev)
			}
			got := Diagnose(*ev, nil)
			if got.Verdict != tc.want {
				t.Errorf("verdict\n got %q\nwant %q", got.Verdict, tc.want)
			}
			if got.Status != tc.status {
				t.Errorf("status is %s, want %s; findings %v", got.Status, tc.status, codes(got.Findings))
			}
		})
	}
}

func TestFindingsAreOrdered(t *testing.T) {
	ev := stuck()
	ev.Object.GitOps = []string{"annotation argocd.argoproj.io/tracking-id"}
	ev.Object.Needs[0].Lookup = backup.NotAsked
	d := Diagnose(*ev, nil)
	last := 0
	for _, f := range d.Findings {
		if rank(f) < last {
			t.Errorf("%s (%s %s) comes after findings of rank %d: %v", f.Code, f.Status, f.Severity, last, codes(d.Findings))
		}
		last = rank(f)
	}
	if d.Findings[0].Code != "BK-F101" || last != 5 {
		t.Errorf("the first finding is %s, the last rank %d", d.Findings[0].Code, last)
	}
}

func codes(findings []backup.Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Code+"="+string(f.Status)+"/"+string(f.Severity))
	}
	return strings.Join(all, " ")
}
