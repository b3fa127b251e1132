package diagnose

import (
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestFaultWordsAndFixes(t *testing.T) {
	const retryClean = "kubectl backup unstick backups.pingcap.com/backup-test -n tidb-test --via=retry-clean"
	patch := func(field, value string) string {
		return `kubectl patch backups.pingcap.com backup-test -n tidb-test --type=merge -p '{"spec":{"s3":{"` + field + `":"` + value + `"}}}'`
	}
	for name, tc := range map[string]struct {
		change   func(*backup.Evidence)
		code     string
		title    string
		commands []string // of the last fix
	}{
		"wrong endpoint": {func(*backup.Evidence) {}, "BK-S301", "the clean-up Job cannot reach " + deadEndpoint + " (connection refused)", []string{patch("endpoint", "<right endpoint>"), retryClean}},
		"endpoint corrected since": {func(ev *backup.Evidence) { ev.Object.Locations[0].Endpoint = "http://right.lab.svc:9000" }, "BK-S301",
			"the clean-up Job cannot reach dead.lab.svc:9999 (connection refused); the object now names http://right.lab.svc:9000", []string{retryClean}},
		"no endpoint in the object": {func(ev *backup.Evidence) { ev.Object.Locations[0].Endpoint = "" }, "BK-S301",
			"the clean-up Job cannot reach dead.lab.svc:9999 (connection refused)", []string{patch("endpoint", "<right endpoint>"), retryClean}},
		"address in place of the name": {func(ev *backup.Evidence) { say(ev, "dial tcp 10.0.0.5:9999: connect: connection refused") }, "BK-S301",
			"the clean-up Job cannot reach " + deadEndpoint + " (connection refused)", []string{patch("endpoint", "<right endpoint>"), retryClean}},
		"no place at all": {func(ev *backup.Evidence) {
			ev.Object.Locations = nil
			say(ev, "dial tcp minio:9000: connect: no route to host")
		}, "BK-S301",
			"the clean-up Job cannot reach minio:9000 (no route to host)", []string{retryClean}},
		"region that the server names": {func(ev *backup.Evidence) {
			say(ev, `AuthorizationHeaderMalformed: the region "us-east-1" is wrong; expecting "eu-west-1"`)
		}, "BK-S304", `the clean-up Job signs for region "us-east-1", which is wrong; the server expects "eu-west-1"`, []string{patch("region", "eu-west-1"), retryClean}},
		"region that nobody names": {func(ev *backup.Evidence) { say(ev, "PermanentRedirect") }, "BK-S304",
			`the clean-up Job signs for region "us-east-1", which is wrong`, []string{patch("region", "<right region>"), retryClean}},
		"bucket": {func(ev *backup.Evidence) { say(ev, "NoSuchBucket: gone") }, "BK-S305",
			`the clean-up Job finds no bucket "backup" at ` + deadEndpoint, []string{patch("bucket", "<right bucket>"), retryClean}},
		"plain http": {func(ev *backup.Evidence) {
			ev.Object.Locations[0].Endpoint = "https://dead.lab.svc:9999"
			say(ev, `Get "https://dead.lab.svc:9999/": http: server gave HTTP response to HTTPS client`)
		}, "BK-S303", "the clean-up Job asks https://dead.lab.svc:9999 with https, and the server speaks plain http", []string{patch("endpoint", "http://dead.lab.svc:9999"), retryClean}},
		"credentials": {func(ev *backup.Evidence) { say(ev, "InvalidAccessKeyId: no") }, "BK-C402",
			"the clean-up Job has credentials that " + deadEndpoint + " does not accept: InvalidAccessKeyId: no", []string{patchSecret("tidb-test", "s3-secret"), retryClean}},
		"credentials of the pod": {func(ev *backup.Evidence) {
			say(ev, "InvalidAccessKeyId: no")
			ev.Object.Locations[0].Credentials = backup.CredentialsRef{}
		}, "BK-C402", "the clean-up Job has credentials that " + deadEndpoint + " does not accept: InvalidAccessKeyId: no", []string{retryClean}},
		"place of a flag": {func(ev *backup.Evidence) { ev.Object.Locations[0].From = "status.x" }, "BK-S301",
			"the clean-up Job cannot reach " + deadEndpoint + " (connection refused)", []string{retryClean}},
	} {
		t.Run(name, func(t *testing.T) {
			ev := stuck()
			tc.change(ev)
			found := find(t, ev, tc.code)
			if found.Title != tc.title {
				t.Errorf("title\n got %s\nwant %s", found.Title, tc.title)
			}
			if len(found.Fixes) == 0 || !slices.Equal(found.Fixes[len(found.Fixes)-1].Commands, tc.commands) {
				t.Errorf("fixes are %v\nwant at last %v", found.Fixes, tc.commands)
			}
		})
	}
}

func find(t *testing.T, ev *backup.Evidence, code string) backup.Finding {
	t.Helper()
	for _, f := range Diagnose(*ev, nil).Findings {
		if f.Code == code {
			return f
		}
	}
	t.Fatalf("no finding %s", code)
	return backup.Finding{}
}

func TestTerminatingNamespaceOffersNoRetry(t *testing.T) {
	ev := stuck()
	ev.Namespace.Deleted = at("08:59:00")
	for _, f := range Diagnose(*ev, nil).Findings {
		for _, fix := range f.Fixes {
			if fix.Effect == backup.EffectErases {
				t.Errorf("%s offers what cannot work in a namespace that is being deleted: %s", f.Code, fix.Does)
			}
		}
	}
}

func TestErrorsOfOtherServersAreNoStorageFaults(t *testing.T) {
	for name, tc := range map[string]struct{ text, endpoint string }{
		"database":       {"dial tcp basic-pd.tidb-test:2379: connect: connection refused", deadEndpoint},
		"no host named":  {"context deadline exceeded", deadEndpoint},
		"no endpoint":    {"dial tcp basic-pd.tidb-test:2379: connect: connection refused", ""},
		"right in k8s":   {`backups.pingcap.com "backup-test" is forbidden: User "system:serviceaccount:tidb-test:x" cannot get`, deadEndpoint},
		"spoken of":      {"error: disk full\nbye", deadEndpoint},
		"another reason": {"exit status 2\nI1121 bye", deadEndpoint},
	} {
		t.Run(name, func(t *testing.T) {
			ev := stuck()
			say(ev, tc.text)
			ev.Object.Conditions = ev.Object.Conditions[:3]
			ev.Object.Locations[0].Endpoint = tc.endpoint
			cleanJob(ev).Env = nil
			for _, f := range Diagnose(*ev, nil).Findings {
				if f.Status == backup.StatusProblem && (strings.HasPrefix(f.Code, "BK-S30") || f.Code == "BK-C401") {
					t.Errorf("%s: %s", f.Code, f.Title)
				}
			}
			if title := find(t, ev, "BK-W201").Title; !strings.Contains(title, gist(strings.Split(tc.text, "\n")[0])) && !strings.Contains(title, "bye") {
				t.Errorf("the error is not quoted: %s", title)
			}
		})
	}
}

func TestFailedPodWithoutWords(t *testing.T) {
	ev := stuck()
	cleanJob(ev).Pods = []backup.Pod{{Phase: "Failed", Created: clock("08:59:00")}}
	ev.Object.Conditions = ev.Object.Conditions[:3]
	if title := find(t, ev, "BK-W201").Title; title != "the clean-up Job has failed 3 times and tries again (4 of at most 7 pods)" {
		t.Error(title)
	}
}

func TestPublicEndpoint(t *testing.T) {
	ev := stuck()
	ev.Object.Locations[0].Endpoint, cleanJob(ev).Env = "", nil
	say(ev, `Get "https://backup.s3.us-east-1.amazonaws.com/?list-type=2": dial tcp 52.1.1.1:443: i/o timeout`)
	if title := find(t, ev, "BK-S302").Title; title != "the clean-up Job got no answer in time from backup.s3.us-east-1.amazonaws.com" {
		t.Error(title)
	}
	say(ev, "AccessDenied: no")
	if title := find(t, ev, "BK-C401").Title; title != "the clean-up Job is denied by the object storage: AccessDenied: no" {
		t.Error(title)
	}
}

func TestAttempts(t *testing.T) {
	for want, w := range map[string]backup.Work{
		"has given up after 7 failed pods (BackoffLimitExceeded)":  {Failed: 7, FailedFor: "BackoffLimitExceeded"},
		"has failed 3 times and tries again (4 of at most 7 pods)": {Failed: 3, Active: 1, Limit: 6},
		"has failed 1 time and tries again":                        {Failed: 1, Active: 1},
		"has failed 2 times":                                       {Failed: 2},
		"has failed":                                               {Phase: backup.PhaseFailed},
	} {
		if got := attempts(&w); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWho(t *testing.T) {
	ev := stuck()
	for want, w := range map[string]backup.Work{
		"the backup Job":             {Role: backup.WorkRun},
		"the stopping Job":           {Role: backup.WorkStop},
		"the clean-up Job":           {Role: backup.WorkClean, Ref: job("x")},
		"the data-moving DataUpload": {Role: backup.WorkMove, Ref: backup.Ref{Kind: "DataUpload"}},
	} {
		if got := who(ev, &w); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestWaysOut(t *testing.T) {
	names := func(ways []backup.WayOut) string {
		var all []string
		for _, w := range ways {
			all = append(all, w.Name)
		}
		return strings.Join(all, " ")
	}
	ev := stuck()
	if got := names(waysOut(ev, stuckWays())); got != "wait release strip retry-clean" {
		t.Errorf("over an unknown place: %s", got)
	}
	see(ev, backup.VerdictEmpty)
	if got := names(waysOut(ev, stuckWays())); got != "wait release retry-clean strip" {
		t.Errorf("over an empty place: %s", got)
	}
	ways := append(stuckWays(), backup.WayOut{Finalizer: "x.io/y", Name: backup.WayStrip, Effect: backup.EffectStrips})
	got := waysOut(ev, ways)
	if want := "kubectl backup unstick backups.pingcap.com/backup-test -n tidb-test --via=strip --finalizer=x.io/y"; got[4].Commands[0] != want {
		t.Errorf("with two finalizers: %s", got[4].Commands[0])
	}
	if got[0].Commands != nil || got[1].Why != "the backup has failed" || got[2].Does == "" {
		t.Errorf("ways are not completed from the profile: %+v", got[:3])
	}
	noDeletion(ev)
	if got := waysOut(ev, ways); got != nil {
		t.Errorf("without a deletion there is nothing to get out of: %+v", got)
	}
}

func TestFutile(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*backup.Evidence)
		want   []string // the beginning of each
	}{
		"recorded case": {func(*backup.Evidence) {}, []string{"deleting the object again", "deleting the clean-up Job only brings it back", "setting spec.cleanPolicy to Retain"}},
		"given up": {func(ev *backup.Evidence) { cleanJob(ev).Active, cleanJob(ev).FailedFor = 0, "BackoffLimitExceeded" },
			[]string{"deleting the object again", "deleting the clean-up Job only brings it back", "waiting changes nothing", "setting spec.cleanPolicy to Retain"}},
		"between two tries": {func(ev *backup.Evidence) { cleanJob(ev).Active = 0 },
			[]string{"deleting the object again", "deleting the clean-up Job only brings it back", "setting spec.cleanPolicy to Retain"}},
		"failed, not counted": {func(ev *backup.Evidence) { cleanJob(ev).Failed = 0 },
			[]string{"deleting the object again", "deleting the clean-up Job only brings it back", "setting spec.cleanPolicy to Retain"}},
		"run is still there": {func(ev *backup.Evidence) { ev.Object.Works[0].Lookup = backup.Found },
			[]string{"deleting the object again", "deleting the backup Job changes nothing", "deleting the clean-up Job only brings it back", "setting spec.cleanPolicy to Retain"}},
		"namespace": {func(ev *backup.Evidence) { ev.Namespace.Deleted = at("08:59:00") },
			[]string{"deleting the object again", "repairing endpoint or credentials", "deleting the clean-up Job helps nothing: a new one cannot", "setting spec.cleanPolicy to Retain"}},
		"retain": {func(ev *backup.Evidence) {
			ev.Object.Retention.Policy = backup.Keeps
			ev.Object.Finalizers[0].Ways[0].Applies = backup.No
		}, []string{"deleting the object again", "deleting the clean-up Job helps nothing: under the present policy"}},
		"no operator": {func(ev *backup.Evidence) { ev.Owners = nil }, []string{"deleting the object again", "setting spec.cleanPolicy to Retain"}},
		"fresh":       {func(ev *backup.Evidence) { freshClean(ev) }, []string{"deleting the object again", "setting spec.cleanPolicy to Retain"}},
		"progressing": {func(ev *backup.Evidence) { freshClean(ev, runningPod("a", "09:00:00")) }, nil},
		"not deleted": {noDeletion, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ev := stuck()
			tc.change(ev)
			got := futile(ev)
			if len(got) != len(tc.want) {
				t.Fatalf("got %q", got)
			}
			for i, want := range tc.want {
				if !strings.HasPrefix(got[i], want) {
					t.Errorf("got %q, want %q…", got[i], want)
				}
			}
		})
	}
}
