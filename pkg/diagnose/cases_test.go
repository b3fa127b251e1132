package diagnose

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// codeCase raises a code from a base and, with the other change, does not. A
// nil raise means that the base itself raises it.
type codeCase struct {
	code   string
	status backup.Status
	base   func() *backup.Evidence
	raise  func(*backup.Evidence)
	clear  func(*backup.Evidence)
}

// codeCases has at least one case for each code of the table.
func codeCases() []codeCase {
	var all []codeCase
	for _, topic := range [][]codeCase{
		deletionCases(), ownerCases(), podCases(), runCases(), faultCases(), placeCases(), needCases(), policyCases(), locationCases(), checkLocationCases(),
		accessCases(), verifyCases(), namespaceCases(), controlCases(), scopeCases(), blockerCases(), gcCases(), nodeCases(), veleroCases(), tidbCases(), restoreCases(),
		preflightCases(), preflightNeedCases(), preflightScheduleCases(), preflightRestoreCases(), preflightTiDBCases(), drillCases(),
	} {
		all = append(all, topic...)
	}
	return all
}

func TestEachCodeIsRaisedAndNotRaised(t *testing.T) {
	covered := map[string]bool{}
	for _, tc := range codeCases() {
		covered[tc.code] = true
		t.Run(tc.code, func(t *testing.T) {
			if got := judged(tc, tc.raise); !has(got, tc.code, tc.status) {
				t.Errorf("not raised as %s: %s", tc.status, codes(got))
			}
			if got := judged(tc, tc.clear); has(got, tc.code, tc.status) {
				t.Errorf("raised as %s without its cause: %s", tc.status, codes(got))
			}
		})
	}
	for _, c := range Codes() {
		if !covered[c.Code] {
			t.Errorf("%s has no case", c.Code)
		}
	}
	if len(covered) != len(Codes()) {
		t.Errorf("%d codes have cases, the table has %d", len(covered), len(Codes()))
	}
}

func judged(tc codeCase, change func(*backup.Evidence)) []backup.Finding {
	ev := tc.base()
	if change != nil {
		change(ev)
	}
	return Diagnose(*ev, nil).Findings
}

func has(findings []backup.Finding, code string, status backup.Status) bool {
	for _, f := range findings {
		if f.Code == code && f.Status == status && f.Title != "" {
			return true
		}
	}
	return false
}

const (
	isProblem = backup.StatusProblem
	isUnknown = backup.StatusUnknown
	isOK      = backup.StatusOK
	isSkipped = backup.StatusSkipped
)

func noDeletion(ev *backup.Evidence) { ev.Object.Deleted = nil }

func deletionCases() []codeCase {
	finalizer := func(f backup.Finalizer) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { ev.Object.Finalizers = []backup.Finalizer{f} }
	}
	return []codeCase{
		{"BK-F101", isProblem, stuck, nil, noDeletion},
		{"BK-F101", isProblem, stuck, func(ev *backup.Evidence) { ev.Object.Finalizers[0].Guards = "prefix" }, func(ev *backup.Evidence) {
			ev.Object.Finalizers[0].Guards = ""
			noDeletion(ev)
		}},
		{"BK-F102", isProblem, stuck, finalizer(backup.Finalizer{Name: "x.io/y", AddedBy: "someone"}), nil},
		{"BK-F103", isProblem, stuck, func(ev *backup.Evidence) {
			finalizer(backup.Finalizer{Name: "foregroundDeletion", Builtin: true})(ev)
			ev.Dependents = []backup.Dependent{{Ref: job("a"), Blocks: true}, {Ref: job("b")}}
		}, nil},
		{"BK-F104", isProblem, stuck, func(ev *backup.Evidence) { ev.Object.Finalizers = nil }, nil},
		{"BK-N601", isProblem, stuck, func(ev *backup.Evidence) { ev.Namespace.Deleted = at("08:59:00") }, nil},
		{"BK-N601", isUnknown, stuck, func(ev *backup.Evidence) { ev.Namespace.Lookup = backup.Denied }, nil},
		{"BK-N601", isOK, stuck, nil, func(ev *backup.Evidence) { ev.Object.Ref.Namespace = "" }},
		{"BK-N602", isProblem, stuck, func(ev *backup.Evidence) {
			ev.Namespace.Deleted = at("08:59:00")
			ev.Namespace.Conditions = []backup.Condition{{Type: "NamespaceDeletionDiscoveryFailure", Status: "True", Reason: "DiscoveryFailed", Message: "metrics.k8s.io/v1beta1"}}
		}, func(ev *backup.Evidence) {
			ev.Namespace.Deleted = at("08:59:00")
			ev.Namespace.Conditions = []backup.Condition{{Type: "NamespaceContentRemaining", Status: "True"}}
		}},
		{"BK-W201", isProblem, stuck, nil, func(ev *backup.Evidence) { freshClean(ev, runningPod("a", "09:00:00")) }},
		{"BK-W201", isProblem, stuck, func(ev *backup.Evidence) { cleanJob(ev).Lookup, cleanJob(ev).Pods = backup.Absent, nil }, noDeletion},
		{"BK-W201", isProblem, stuck, func(ev *backup.Evidence) { ev.Object.Works = nil }, func(ev *backup.Evidence) { ev.Object.Works, ev.Object.Conditions = nil, nil }},
		{"BK-W201", isUnknown, stuck, func(ev *backup.Evidence) { cleanJob(ev).Lookup = backup.Denied }, nil},
		{"BK-W201", isOK, stuck, func(ev *backup.Evidence) {
			w := freshClean(ev)
			w.Active, w.Succeeded = 0, 1
		}, nil},
		{"BK-W202", isOK, stuck, func(ev *backup.Evidence) { freshClean(ev, runningPod("a", "09:00:00")) }, nil},
		{"BK-W202", isProblem, stuck, func(ev *backup.Evidence) {
			freshClean(ev, runningPod("a", "09:00:00")).Created = clock("08:00:00")
		}, func(ev *backup.Evidence) { freshClean(ev, runningPod("a", "09:00:00")) }},
	}
}

func ownerCases() []codeCase {
	owner := func(ev *backup.Evidence) *backup.Owner { return &ev.Owners[0] }
	silent := func(ev *backup.Evidence) {
		ev.Object.Works = []backup.Work{{Role: backup.WorkClean, Ref: job("clean-backup-test"), Lookup: backup.Absent}}
		ev.Object.Deleted = at("08:00:00")
		owner(ev).LastWrite = at("07:59:00")
	}
	retry := func(ev *backup.Evidence) {
		ev.Object.Phase = backup.PhasePending
		ev.Object.Conditions = []backup.Condition{{Type: "RetryFailed", Status: "True", Reason: "GetS3SecretFailed", Message: "secret not found", At: at("08:59:50")}}
	}
	return []codeCase{
		{"BK-O501", isProblem, stuck, func(ev *backup.Evidence) { owner(ev).Lookup = backup.Absent }, nil},
		{"BK-O501", isUnknown, stuck, func(ev *backup.Evidence) { owner(ev).Lookup, owner(ev).Error = backup.Failed, "timeout" }, nil},
		{"BK-O501", isUnknown, stuck, func(ev *backup.Evidence) { ev.Owners = nil }, nil},
		{"BK-O502", isProblem, stuck, func(ev *backup.Evidence) { owner(ev).Deployments = nil }, nil},
		{"BK-O502", isProblem, stuck, func(ev *backup.Evidence) { owner(ev).Deployments[0].Ready = 0 }, nil},
		{"BK-O502", isOK, stuck, nil, func(ev *backup.Evidence) { owner(ev).Lease.Renewed = clock("08:00:00") }},
		{"BK-O503", isProblem, stuck, func(ev *backup.Evidence) { owner(ev).Lease.Renewed = clock("08:00:00") }, nil},
		{"BK-O503", isProblem, completed, func(ev *backup.Evidence) { owner(ev).Lease.Renewed = clock("08:00:00") }, func(ev *backup.Evidence) { owner(ev).Lease = nil }},
		{"BK-O504", isProblem, stuck, silent, nil},
		{"BK-O504", isProblem, stuck, silent, func(ev *backup.Evidence) { silent(ev); owner(ev).LastWrite = at("08:30:00") }},
		{"BK-O505", isProblem, stuck, func(ev *backup.Evidence) { owner(ev).LogErrors = []string{"E1 one", "E1 two"} }, nil},
		{"BK-O506", isProblem, failed, retry, nil},
		{"BK-O506", isProblem, failed, retry, func(ev *backup.Evidence) {
			retry(ev) // a Job that was made later
			ev.Object.Works[0].Lookup, ev.Object.Works[0].Created = backup.Found, clock("08:59:55")
		}},
		{"BK-O506", isProblem, stuck, func(ev *backup.Evidence) {
			retry(ev)
			ev.Object.Conditions[0].Message = "unable to create new content in namespace tidb-test because it is being terminated"
		}, func(ev *backup.Evidence) { retry(ev); ev.Object.Deleted = at("08:59:55") }},
		{"BK-O507", isProblem, failed, func(ev *backup.Evidence) {
			ev.Object.Phase = backup.PhaseInvalid
			ev.Object.Conditions = []backup.Condition{{Type: "Invalid", Status: "True", Reason: "InvalidSpec"}}
		}, nil},
		{"BK-O507", isProblem, stuck, func(ev *backup.Evidence) { ev.Object.Phase = backup.PhaseInvalid }, nil},
	}
}
