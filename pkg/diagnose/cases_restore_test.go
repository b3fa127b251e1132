package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// again is the evidence of a restore of Velero that ended with errors.
func again() *backup.Evidence {
	ev := nightly()
	ev.Object.Role, ev.Object.Phase, ev.Object.NativePhase = backup.RoleRestore, backup.PhasePartiallyFailed, "PartiallyFailed"
	ev.Object.Ref = backup.Ref{Group: "velero.io", Version: "v1", Resource: "restores", Kind: "Restore", Namespace: "velero", Name: "again"}
	return ev
}

const noAccount = `error restoring pods/shop/web: pods "web" is forbidden: error looking up service account shop/app: serviceaccount "app" not found`

// failedWith has the restore fail with a message, in the order of a flag; an
// empty flag is an order that nobody knows.
func failedWith(flag, message string) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		ev.RestoreResults = &backup.RestoreResults{
			Lookup: backup.Found, Place: "s3://b/restores/again/", OrderWhy: "no server",
			Messages: []backup.ArchiveMessage{{Severity: backup.SeverityCause, Text: "error preparing x"}, {Severity: backup.SeverityCause, Text: message}},
			Restored: []backup.ArchivedKind{
				{Kind: "v1/ServiceAccount", Names: []string{"shop/app(created)", "shop/there(skipped)"}},
				{Kind: "scheduling.k8s.io/v1/PriorityClass", Names: []string{"high(created)"}},
				{Kind: "example.com/v1/Thing", Names: []string{"shop/basic(created)"}},
				{Kind: "gone.example.com/v1/Old", Names: []string{"shop/basic(created)"}},
				{Kind: "v1/Pod", Names: []string{"shop/web(failed)"}},
			},
			Resources: map[string]string{
				"v1/ServiceAccount": "serviceaccounts", "scheduling.k8s.io/v1/PriorityClass": "priorityclasses.scheduling.k8s.io", "example.com/v1/Thing": "things.example.com", "v1/Pod": "pods",
			},
		}
		if flag == "" {
			return
		}
		first, last, _ := strings.Cut(flag, ",-,")
		ev.RestoreResults.Order = &backup.RestoreOrder{
			First: strings.Split(first, ","), Flag: flag, List: "args", Argument: 2,
			Server: backup.Ref{Group: "apps", Resource: "deployments", Kind: "Deployment", Namespace: "velero", Name: "velero"},
		}
		if last != "" {
			ev.RestoreResults.Order.Last = strings.Split(last, ",")
		}
	}
}

func unreadResults(state backup.Lookup) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { ev.RestoreResults = &backup.RestoreResults{Lookup: state, Error: "refused"} }
}

// crashes has a pod crash that controls some of what was restored.
func crashes(state backup.Lookup, controls ...backup.RestoredResource) func(*backup.Evidence) {
	return func(ev *backup.Evidence) {
		ev.Crashing = &backup.Crashing{Lookup: state, Unreadable: []string{"a", "b", "c", "d", "e", "f", "g"}, Pods: []backup.CrashingPod{{
			Ref: ref("", "pods", "Pod", "operator"), Container: "manager", Restarts: 4, Ended: at("09:00:00"), ExitCode: 2, Controls: controls, Because: "its name has things",
		}}}
	}
}

func restoreCases() []codeCase {
	thing := backup.RestoredResource{Ref: ref("example.com", "things", "Thing", "basic"), Count: 2}
	return []codeCase{
		{"BK-E125", isProblem, again, failedWith("pods,serviceaccounts", noAccount), failedWith("serviceaccounts,pods", noAccount)},
		{"BK-E125", isProblem, again, failedWith("pods,-,serviceaccounts", noAccount), failedWith("pods,-,serviceaccounts", "error restoring pods/shop/web: quota exceeded")},
		{"BK-E125", isProblem, again, failedWith("namespaces", noAccount), failedWith("namespaces", strings.ReplaceAll(noAccount, "app", "there"))},
		{"BK-E125", isProblem, again, failedWith("pods", `error restoring pods/shop/web: pods "web" is forbidden: no PriorityClass with name high was found`), nil},
		{"BK-E125", isProblem, again, failedWith("apples.example.com", `error restoring apples.example.com/shop/a: things.example.com "basic" not found`), failedWith("apples.example.com", `error restoring apples.example.com/shop/a: things.example.org "basic" not found`)},
		{"BK-E125", isUnknown, again, failedWith("", noAccount), failedWith("pods", noAccount)},
		{"BK-E125", isUnknown, again, unreadResults(backup.Failed), nil},
		{"BK-E125", isSkipped, again, unreadResults(backup.NotAsked), unreadResults(backup.Failed)},
		{"BK-E126", isProblem, again, crashes(backup.Found, thing), crashes(backup.Found)},
		{"BK-E126", isProblem, again, crashes(backup.Denied, thing), nil},
		{"BK-E126", isUnknown, again, crashes(backup.Denied), crashes(backup.Found)},
	}
}

func TestTheFixOfAnOrderIsTheWholeFlag(t *testing.T) {
	for name, c := range map[string]struct {
		order backup.RestoreOrder
		want  string
	}{
		"a flag": {backup.RestoreOrder{List: "args", Argument: 2, Flag: "x"},
			`kubectl patch deployments.apps velero -n velero --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args/2","value":"--restore-resource-priorities=namespaces,serviceaccounts,pods,-,a.example.com"}]'`},
		"a value of its own": {backup.RestoreOrder{List: "command", Argument: 3, Apart: true, Container: 1},
			`kubectl patch deployments.apps velero -n velero --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/1/command/3","value":"namespaces,serviceaccounts,pods,-,a.example.com"}]'`},
		"no flag": {backup.RestoreOrder{List: "args", Argument: -1},
			`kubectl patch deployments.apps velero -n velero --type=json -p '[{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"--restore-resource-priorities=namespaces,serviceaccounts,pods,-,a.example.com"}]'`},
	} {
		ev := again()
		failedWith("namespaces,pods,-,a.example.com", noAccount)(ev)
		was := ev.RestoreResults.Order
		c.order.First, c.order.Last, c.order.Server = was.First, was.Last, was.Server
		ev.RestoreResults.Order = &c.order
		found := judgeRestoreOrder(ev)
		if len(found) != 1 || found[0].Fixes[0].Commands[0] != c.want || !strings.Contains(found[0].Explain, "namespaces,serviceaccounts,pods,-,a.example.com") {
			t.Errorf("%s: %+v", name, found)
		}
	}
}

func TestManyThatCameTooEarlyAreOneFinding(t *testing.T) {
	ev := again()
	failedWith("pods,serviceaccounts", noAccount)(ev)
	for range 9 {
		ev.RestoreResults.Messages = append(ev.RestoreResults.Messages, backup.ArchiveMessage{Text: noAccount})
	}
	found := judgeRestoreOrder(ev)
	if len(found) != 1 || !strings.HasSuffix(found[0].Title, "; and 9 more like this") || len(found[0].Proof) != provedBlockers+1 {
		t.Errorf("%+v", found)
	}
}
