package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// nightly is the evidence of a backup of Velero that runs, with nothing wrong.
func nightly() *backup.Evidence {
	server := backup.OwnerSelector{Manager: "velero-server", Deployments: "component=velero", Called: "the Velero server"}
	return &backup.Evidence{
		At: clock("09:00:00"), Namespace: backup.Namespace{Name: "velero", Lookup: backup.Found}, EventsLookup: backup.Found, NeighboursLookup: backup.Found,
		Object: backup.Object{
			System: "velero", Role: backup.RoleBackup, Phase: backup.PhaseRunning, NativePhase: "InProgress", Data: backup.DataInline, WorksLookup: backup.Found,
			Ref:     backup.Ref{Group: "velero.io", Version: "v1", Resource: "backups", Kind: "Backup", Namespace: "velero", Name: "nightly", UID: "u1"},
			Created: clock("08:59:00"), Started: at("08:59:00"),
		},
		Owners: []backup.Owner{{Selector: server, Lookup: backup.Found, Deployments: []backup.Deployment{
			{Ref: backup.Ref{Group: "apps", Resource: "deployments", Kind: "Deployment", Namespace: "velero", Name: "velero"}, Replicas: 1, Ready: 1},
		}}},
	}
}

// hits lets a check of a code find something at objects of these names.
func hits(code string, names ...string) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		c := backup.Checked{Lookup: backup.Found, CheckRule: backup.CheckRule{Code: code, Explain: "Why.", Fixes: []backup.FixTemplate{
			{Does: "Shows it.", Commands: []string{"kubectl get x {item.name} {value.image} -n {self.namespace}"}},
		}}}
		for _, name := range names {
			c.Hits = append(c.Hits, backup.Blocker{
				Lingering: backup.Lingering{Ref: ref("velero.io", "restores", "Restore", name)},
				Because:   "something is wrong with " + code, Proof: "status of " + name, Values: map[string]string{"image": "<registry>/velero"},
			})
		}
		ev.Checked = append(ev.Checked, c)
	}
}

// unanswered is a check of a code that could not be asked.
func unanswered(code string) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		ev.Checked = append(ev.Checked, backup.Checked{CheckRule: backup.CheckRule{Code: code}, Lookup: backup.Denied, Unreadable: []string{"pods: forbidden"}})
	}
}

// veleroCases raise each code of Velero; what its checks look at is held by the
// cases of the profiles in pkg/system/systemtest.
func veleroCases() []codeCase { return checkedCases(veleroEntries()) }

// tidbCases do the same for TiDB Operator.
func tidbCases() []codeCase { return checkedCases(tidbEntries()) }

func checkedCases(entries []entry) []codeCase {
	var all []codeCase
	for _, e := range entries {
		all = append(all, codeCase{e.Code.Code, isProblem, nightly, hits(e.Code.Code, "a"), nil}, codeCase{e.Code.Code, isUnknown, nightly, unanswered(e.Code.Code), hits(e.Code.Code, "a")})
	}
	return all
}

func TestWhatChecksOfProfilesFindIsToldOnce(t *testing.T) {
	const code = "BK-E121"
	ev := nightly()
	hits(code, "a", "b", "c", "d", "e", "f")(ev)
	hits(code, "a")(ev) // another rule that says the same
	d := Diagnose(*ev, nil)
	var found []backup.Finding
	for _, f := range d.Findings {
		if f.Code == code {
			found = append(found, f)
		}
	}
	if len(found) != 1 || found[0].Severity != backup.SeverityCause || len(found[0].Proof) != provedBlockers+1 {
		t.Fatalf("found %+v", found)
	}
	if got := found[0].Fixes[0].Commands[0]; got != "kubectl get x a '<registry>/velero' -n velero" {
		t.Errorf("the command is %s", got)
	}
	if d.Verdict != "something is wrong with "+code {
		t.Errorf("the verdict is %q", d.Verdict)
	}
}

func TestSeverityOfAChecksFinding(t *testing.T) {
	for _, tc := range []struct {
		phase    backup.Phase
		severity backup.Severity
		want     backup.Severity
	}{
		{backup.PhaseRunning, "", backup.SeverityCause},
		{backup.PhaseCompleted, "", backup.SeverityWarning},
		{backup.PhaseAvailable, "", backup.SeverityWarning},
		{backup.PhaseRunning, backup.SeverityInfo, backup.SeverityInfo},
	} {
		ev := nightly()
		ev.Object.Phase = tc.phase
		hits("BK-E101", "a", "b")(ev)
		ev.Checked[0].Severity = tc.severity
		ev.Checked[0].Hits[1].Because = "something else"
		got := checkedBy(Code{Code: "BK-E101"}).judge(ev)
		if len(got) != 1 || got[0].Severity != tc.want || !strings.HasSuffix(got[0].Title, "; and 1 more like this") {
			t.Errorf("%s %q: %+v", tc.phase, tc.severity, got)
		}
	}
}

func TestWhatIsWorthKnowingFollowsAGoodVerdict(t *testing.T) {
	ev := nightly()
	ev.Object.Phase, ev.Object.NativePhase = backup.PhaseCompleted, "Completed"
	hits("BK-E114", "a")(ev)
	ev.Checked[0].Severity = backup.SeverityInfo
	if d := Diagnose(*ev, nil); d.Verdict != "nothing is wrong: the backup is Completed; something is wrong with BK-E114" {
		t.Errorf("the verdict is %q", d.Verdict)
	}
}

func TestAFailedBackupNamesWhatACheckFound(t *testing.T) {
	ev := nightly()
	ev.Object.Phase, ev.Object.NativePhase = backup.PhaseFailed, "FailedValidation"
	ev.Object.Written = backup.Written{Answer: backup.No, Source: "status.phase is FailedValidation: it never ran"}
	hits("BK-E106", "a")(ev)
	ev.Checked[0].Severity = backup.SeverityCause
	if d := Diagnose(*ev, nil); !strings.HasSuffix(d.Verdict, ": something is wrong with BK-E106") {
		t.Errorf("the verdict is %q", d.Verdict)
	}
}

func TestAPhaseThatDeletesHasWaysOut(t *testing.T) {
	const hold = "phase Deleting"
	ev := nightly()
	ev.Object.Phase, ev.Object.NativePhase = backup.PhaseDeleting, "Deleting"
	ev.Object.Finalizers = []backup.Finalizer{{Name: hold, Hold: true, Profile: "velero", Trusted: true, Index: -1}}
	hits("BK-E113", "a")(ev)
	ways := []backup.WayOut{
		{Finalizer: hold, Name: backup.WayRetryClean, Effect: backup.EffectErases, Open: backup.DecisionRisk},
		{Finalizer: hold, Name: backup.WayWait, Effect: backup.EffectWaits, Open: backup.DecisionRefused},
	}
	d := Diagnose(*ev, ways)
	if len(d.WaysOut) != 2 || len(d.WaysOut[1].Commands) != 1 || d.FailurePoint != "" || d.Verdict != "something is wrong with BK-E113" {
		t.Errorf("ways %+v, verdict %q, failure %q", d.WaysOut, d.Verdict, d.FailurePoint)
	}
	if c := CauseOf(d, backup.Affected{Ref: ev.Object.Ref}); c.Finalizer != "" {
		t.Errorf("the cause names finalizer %q", c.Finalizer)
	}
}

func TestALineOfLogrusIsToldWithoutItsFields(t *testing.T) {
	for line, want := range map[string]string{
		`time="t" level=error msg="Error invoking delete item actions" backup=demo error="gzip: \"x\" invalid" logSource="a.go:1"`: `Error invoking delete item actions: gzip: \"x\" invalid`,
		`time="t" level=error msg="no luck" backup=velero/demo`:                                                                    "no luck",
		`E1121 1 controller.go:12] no luck`:                                                                                        `E1121 1 controller.go:12] no luck`,
	} {
		if got := saying(line); got != want {
			t.Errorf("%s\n is %s\nwant %s", line, got, want)
		}
	}
}
