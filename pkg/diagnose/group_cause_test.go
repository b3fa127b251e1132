package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// What a finding blames is the same for every object that hangs on it: it names
// neither the object nor one of its Jobs and pods.
func TestCausesAreSharedByObjects(t *testing.T) {
	refused := func(message string) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			freshClean(ev)
			ev.Object.Conditions = ev.Object.Conditions[:4]
			ev.Object.Needs = ev.Object.Needs[:1]
			ev.Events = []backup.Event{{At: clock("08:59:58"), Type: "Warning", Reason: "FailedCreate", Object: job("clean-backup-test"), Message: message}}
		}
	}
	for code, tc := range map[string]struct {
		change func(*backup.Evidence)
		cause  string
	}{
		"BK-S301": {nil, "endpoint " + deadEndpoint},
		"BK-S304": {func(ev *backup.Evidence) {
			say(ev, `AuthorizationHeaderMalformed: the region "us-east-1" is wrong; expecting "eu-west-1"`)
		}, `region "us-east-1" at endpoint ` + deadEndpoint},
		"BK-S305": {func(ev *backup.Evidence) { say(ev, "NoSuchBucket: the specified bucket does not exist") }, `bucket "backup" at ` + deadEndpoint},
		"BK-C401": {func(ev *backup.Evidence) { say(ev, "AccessDenied: Access Denied") }, "Secret tidb-test/s3-secret at endpoint " + deadEndpoint},
		"BK-C402": {func(ev *backup.Evidence) {
			say(ev, "InvalidAccessKeyId: no such key")
			ev.Object.Locations[0].Credentials = backup.CredentialsRef{}
		}, "the identity of the pod at endpoint " + deadEndpoint},
		"BK-C407": {func(ev *backup.Evidence) {
			say(ev, `backups.pingcap.com "demo" is forbidden: User "system:serviceaccount:tidb-test:backup" cannot get resource`)
		}, "user system:serviceaccount:tidb-test:backup"},
		"BK-W206": {refused("pods is forbidden: nobody knows why"), ""},
		"BK-W207": {refused("exceeded quota: small"), "Namespace tidb-test"},
		"BK-W209": {refused(`admission webhook "policy.example.com" denied the request`), "webhook policy.example.com"},
		"BK-C405": {refused(`pods is forbidden: error looking up serviceaccount: serviceaccount "backup" not found`), "ServiceAccount tidb-test/backup"},
		"BK-W211": {func(ev *backup.Evidence) { cleanJob(ev).Pods[0].NodeReady = backup.No }, "Node node-1"},
	} {
		ev := stuck()
		if tc.change != nil {
			tc.change(ev)
		}
		findings := Diagnose(*ev, nil).Findings
		i := slices.IndexFunc(findings, func(f backup.Finding) bool { return f.Code == code && f.Status == backup.StatusProblem })
		if i < 0 {
			t.Errorf("%s is not raised: %s", code, codes(findings))
			continue
		}
		if findings[i].Cause != tc.cause {
			t.Errorf("%s blames %q; want %q", code, findings[i].Cause, tc.cause)
		}
	}
	if got := forbiddenUser(`is forbidden: User "cut off`); got != "" {
		t.Errorf("a text that is cut off blames %q", got)
	}
}

// An endpoint that names a Service which is not there is wrong: the next thing
// to do is to look at the right one.
func TestFixForAServiceThatDoesNotExist(t *testing.T) {
	ev := stuck()
	if fixes := serviceFix(ev, place(ev)); len(fixes) != 1 || !strings.HasPrefix(fixes[0].Commands[0], "kubectl get service dead -n lab") {
		t.Errorf("fixes %+v; want a look at the Service", fixes)
	}
	ev.Storage[0].Detail = "the endpoint names Service lab/dead, " + serviceAbsent
	fixes := serviceFix(ev, place(ev))
	if len(fixes) != 1 || fixes[0].Commands[0] != "kubectl backup diagnose backups.pingcap.com/backup-test -n tidb-test '--storage-endpoint=<right endpoint>'" {
		t.Errorf("fixes %+v; want a look at the right endpoint", fixes)
	}
}

// The clean-up goes with its object, and nothing is lost with it.
func TestTheCleanUpIsNoDependentToMind(t *testing.T) {
	ev := stuck()
	ev.Dependents = []backup.Dependent{{Ref: job("clean-backup-test"), Finished: backup.No}, {Ref: cleanJob(ev).Pods[0].Ref, Finished: backup.No}}
	if got := judgeDependents(ev); len(got) != 1 || got[0].Status != backup.StatusOK {
		t.Errorf("the clean-up counts: %+v", got)
	}
	ev.Dependents = append(ev.Dependents, backup.Dependent{Ref: job("other"), Finished: backup.No})
	if got := judgeDependents(ev); len(got) != 1 || len(got[0].Proof) != 1 || !strings.Contains(got[0].Proof[0].Text, "other") {
		t.Errorf("another Job does not count alone: %+v", got)
	}
}
