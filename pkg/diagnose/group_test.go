package diagnose

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// affected is one object of a scan, in trouble since so many minutes before nine.
func affected(name string, trouble backup.Trouble, minutes int) backup.Affected {
	since := clock("09:00:00").Add(-time.Duration(minutes) * time.Minute)
	ref := stuckObject().Ref
	ref.Name = name
	return backup.Affected{Ref: ref, Trouble: trouble, Since: &since}
}

// causeOf diagnoses evidence that was changed, as a scan does.
func causeOf(base func() *backup.Evidence, object backup.Affected, change func(*backup.Evidence)) backup.Cause {
	ev := base()
	ev.Object.Ref.Name = object.Ref.Name
	if change != nil {
		change(ev)
	}
	return CauseOf(Diagnose(*ev, nil), object)
}

func TestObjectsOnOneDeadEndpointAreOneCause(t *testing.T) {
	var single []backup.Cause
	for i := range 50 {
		single = append(single, causeOf(stuck, affected("demo-"+string(rune('a'+i%26))+string(rune('a'+i/26)), backup.TroubleHangs, i), nil))
	}
	single = append(single, causeOf(failed, affected("failed", backup.TroubleFailed, 99), nil))
	single = append(single, causeOf(stuck, affected("strange", backup.TroubleHangs, 5), func(ev *backup.Evidence) {
		ev.Object.Finalizers = []backup.Finalizer{{Name: "example.com/hold"}}
		ev.Object.Works, ev.Object.Conditions, ev.Object.Needs = nil, nil, nil
	}))
	groups := Group(single)
	if len(groups) != 2 {
		t.Fatalf("%d groups: %+v", len(groups), groups)
	}
	endpoint, strange := groups[0], groups[1]
	if endpoint.Code != "BK-S301" || endpoint.Cause != "endpoint "+deadEndpoint || len(endpoint.Objects) != 51 {
		t.Errorf("first group is %s %q of %d objects", endpoint.Code, endpoint.Cause, len(endpoint.Objects))
	}
	if endpoint.Title != "endpoint "+deadEndpoint+": the storage endpoint does not answer the backup's Job" {
		t.Errorf("title %q", endpoint.Title)
	}
	if endpoint.Example.Name != "failed" || endpoint.Objects[0].Ref.Name != "failed" || endpoint.Objects[1].Ref.Name != "demo-xb" {
		t.Errorf("the example is %s, the oldest %s and %s", endpoint.Example.Name, endpoint.Objects[0].Ref.Name, endpoint.Objects[1].Ref.Name)
	}
	if strange.Code != "BK-F102" || strange.Cause != "finalizer example.com/hold" {
		t.Errorf("second group is %s of %q", strange.Code, strange.Cause)
	}
}

// What a group is of, for each way in which an object can be in trouble.
func TestCauseOf(t *testing.T) {
	nameless := func(ev *backup.Evidence) {
		ev.Object.Works, ev.Object.Conditions, ev.Object.Needs = nil, nil, nil
	}
	for name, tc := range map[string]struct {
		base   func() *backup.Evidence
		change func(*backup.Evidence)
		code   string
		cause  string
		status backup.Status
		next   string
	}{
		"operator gone": {stuck, func(ev *backup.Evidence) { ev.Owners[0].Lookup, ev.Owners[0].Deployments = backup.Absent, nil },
			"BK-O501", "operator tidb-controller-manager", backup.StatusProblem, "kubectl get deployments --all-namespaces"},
		"operator not ready": {stuck, func(ev *backup.Evidence) { ev.Owners[0].Deployments[0].Ready = 0 },
			"BK-O502", "Deployment tidb-admin/tidb-controller-manager", backup.StatusProblem, "kubectl describe deployment"},
		"secret gone": {stuck, func(ev *backup.Evidence) {
			nameless(ev)
			ev.Object.Needs = stuckObject().Needs
			ev.Object.Needs[0].Lookup = backup.Absent
		}, "BK-C403", "Secret tidb-test/s3-secret", backup.StatusProblem, "kubectl backup diagnose backups.pingcap.com/demo -n tidb-test"},
		"namespace gone, and a controller has to act": {stuck, func(ev *backup.Evidence) {
			nameless(ev)
			ev.Namespace.Deleted = at("08:50:00")
		}, "BK-N601", "Namespace tidb-test", backup.StatusProblem, "kubectl get"},
		"namespace gone, and nobody is known to act": {stuck, func(ev *backup.Evidence) {
			nameless(ev)
			ev.Namespace.Deleted, ev.Object.Finalizers = at("08:50:00"), []backup.Finalizer{{Name: "example.com/hold"}}
		}, "BK-F102", "finalizer example.com/hold", backup.StatusProblem, ""},
		"the owner is at work": {stuck, func(ev *backup.Evidence) {
			freshClean(ev, runningPod("clean-1", "09:00:00"))
			ev.Object.Conditions = nil
		}, "BK-F101", "", backup.StatusOK, "kubectl backup diagnose"},
		"a slow run": {completed, func(ev *backup.Evidence) { ev.Object.Phase, ev.Object.Started = backup.PhasePending, at("08:00:00") },
			"BK-W214", "", backup.StatusProblem, "kubectl backup logs"},
		"nothing is found": {completed, nil, "", "", backup.StatusUnknown, "kubectl backup diagnose"},
		"nothing is found, a strange finalizer": {completed, func(ev *backup.Evidence) { ev.Object.Finalizers = []backup.Finalizer{{Name: "x.io/y"}} },
			"", "", backup.StatusUnknown, "kubectl backup diagnose"},
		"no finalizer": {completed, func(ev *backup.Evidence) { ev.Object.Finalizers = nil },
			"", "", backup.StatusUnknown, "kubectl backup diagnose"},
	} {
		t.Run(name, func(t *testing.T) {
			got := causeOf(tc.base, affected("demo", backup.TroubleHangs, 9), tc.change)
			if got.Code != tc.code || got.Cause != tc.cause || got.Status != tc.status {
				t.Errorf("got %s %q %s; want %s %q %s (%s)", got.Code, got.Cause, got.Status, tc.code, tc.cause, tc.status, got.Title)
			}
			if !strings.HasPrefix(got.Next, tc.next) || len(got.Proof) > groupProofs {
				t.Errorf("next is %q with %d pieces of evidence; want %q", got.Next, len(got.Proof), tc.next)
			}
		})
	}
}

func TestGroup(t *testing.T) {
	fine := backup.Cause{Code: "BK-F101", Finalizer: "a/b", Status: backup.StatusOK, Title: "own words", Objects: []backup.Affected{affected("one", backup.TroubleHangs, 1)}}
	blocked := fine
	blocked.Status, blocked.Severity, blocked.Objects = backup.StatusProblem, backup.SeverityCause, []backup.Affected{affected("two", backup.TroubleHangs, 0)}
	unknown := backup.Cause{Status: backup.StatusUnknown, Title: "nobody knows", Objects: []backup.Affected{{Ref: blocked.Objects[0].Ref, Trouble: backup.TroubleSlow}}}
	other := unknown
	other.Title = "nobody knows either"
	plain := backup.Cause{Code: "BK-W213", Status: backup.StatusProblem, Severity: backup.SeverityWarning, Title: "the backup failed", Objects: []backup.Affected{affected("three", backup.TroubleFailed, 3)}}
	more := plain
	more.Objects = []backup.Affected{affected("four", backup.TroubleFailed, 3)}

	groups := Group([]backup.Cause{fine, unknown, other, plain, blocked, more})
	var titles []string
	for _, g := range groups {
		titles = append(titles, g.Title)
	}
	want := []string{"deletion waits for a finalizer that a profile knows (finalizer a/b)", "the run failed", "nobody knows", "nobody knows either"}
	if strings.Join(titles, "|") != strings.Join(want, "|") {
		t.Errorf("titles %q; want %q", titles, want)
	}
	if groups[0].Status != backup.StatusProblem || groups[0].Objects[0].Ref.Name != "one" || groups[1].Objects[0].Ref.Name != "four" {
		t.Errorf("groups %+v", groups)
	}
	if alone := Group([]backup.Cause{fine}); alone[0].Title != "own words" || len(fine.Objects) != 1 {
		t.Errorf("a group of one says %q", alone[0].Title)
	}
}

func TestScan(t *testing.T) {
	hang := backup.Cause{Code: "BK-S301", Cause: "endpoint x", Status: backup.StatusProblem, Severity: backup.SeverityCause, Objects: []backup.Affected{affected("a", backup.TroubleHangs, 1)}}
	fine := hang
	fine.Code, fine.Status = "BK-F101", backup.StatusOK
	gap := backup.Gap{What: "pods in t", Rule: "list pods"}
	for name, tc := range map[string]struct {
		scan   backup.Scan
		single []backup.Cause
		text   string
		status backup.Status
		gaps   int
	}{
		"nothing":         {backup.Scan{}, nil, "nothing hangs in deletion, and nothing is known to have failed", backup.StatusOK, 0},
		"nothing is seen": {backup.Scan{Gaps: []backup.Gap{gap, gap, {What: "pods in u", Rule: "list pods"}, {What: "nodes"}}}, nil, "nothing hangs in deletion, and nothing is known to have failed, but not everything could be listed", backup.StatusUnknown, 2},
		"not clear":       {backup.Scan{Unclear: 1}, nil, "nothing hangs in deletion, and nothing is known to have failed", backup.StatusUnknown, 0},
		"all troubles": {backup.Scan{Troubled: map[backup.Trouble]int{backup.TroubleHangs: 212, backup.TroubleFailed: 3, backup.TroubleInvalid: 1, backup.TroubleUnavailable: 2, backup.TroubleSlow: 2}}, []backup.Cause{hang},
			"212 objects hang in deletion, 3 failed, 1 is invalid, 2 are unavailable, 2 take longer than usual; 1 cause", backup.StatusProblem, 0},
		"some are not examined": {backup.Scan{Troubled: map[backup.Trouble]int{backup.TroubleHangs: 3}, Examined: 1, Rest: []backup.KindCount{{Resource: "pods", Count: 2}}}, []backup.Cause{fine},
			"3 objects hang in deletion; 1 cause among the 1 that were examined", backup.StatusUnknown, 0},
		"one at work": {backup.Scan{Troubled: map[backup.Trouble]int{backup.TroubleHangs: 1}, Examined: 1}, []backup.Cause{fine},
			"1 object hangs in deletion; 1 cause", backup.StatusOK, 0},
		"none examined": {backup.Scan{Troubled: map[backup.Trouble]int{backup.TroubleSlow: 1}, Rest: []backup.KindCount{{Resource: "pods", Count: 1}}}, nil,
			"1 object takes longer than usual; none was examined", backup.StatusUnknown, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got := Scan(tc.scan, tc.single)
			if got.Verdict != tc.text || got.Status != tc.status || len(got.Gaps) != tc.gaps || got.Kind != "Scan" {
				t.Errorf("got %q, %s, %d gaps", got.Verdict, got.Status, len(got.Gaps))
			}
		})
	}
}
