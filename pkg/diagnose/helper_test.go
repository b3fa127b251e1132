package diagnose

import (
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	deadEndpoint = "http://dead.lab.svc:9999"
	runError     = `cluster tidb-test/backup-test, wait pipe message failed, errMsg [2026/11/21 00:00:00.000 +00:00] [ERROR] [backup.go:54] ["failed to backup"] [error="RequestError: send request failed: Head "http://dead.lab.svc:9999/backup/demo/backup.lock": dial tcp dead.lab.svc:9999: connect: connection refused"]`
	cleanError   = "blob (code=Unknown): RequestError: send request failed\ncaused by: Get \"http://dead.lab.svc:9999/backup?list-type=2&max-keys=1000&prefix=demo%2F\": dial tcp 127.0.0.1:9999: connect: connection refused"
)

// clock is a time of the recorded morning, at which the evidence was taken.
func clock(hhmmss string) time.Time {
	t, err := time.Parse(time.RFC3339, "2026-11-21T"+hhmmss+"Z")
	if err != nil {
		panic(err)
	}
	return t
}

func at(hhmmss string) *time.Time { t := clock(hhmmss); return &t }

func ref(group, resource, kind, name string) backup.Ref {
	return backup.Ref{Group: group, Version: "v1", Resource: resource, Kind: kind, Namespace: "tidb-test", Name: name}
}

func job(name string) backup.Ref { return ref("batch", "jobs", "Job", name) }

func failedPod(name, created, ended string) backup.Pod {
	code := int64(1)
	return backup.Pod{
		Ref: ref("", "pods", "Pod", name), Phase: "Failed", Node: "node-1", Created: clock(created), Container: "terminated",
		Started: at(created), Ended: at(ended), ExitCode: &code, Reason: "Error",
		Log: &backup.LogTail{Lookup: backup.Found, Lines: strings.Split("I1121 clean.go:69] start to clean backup tidb-test/backup-test\n"+cleanError, "\n")},
	}
}

func runningPod(name, created string) backup.Pod {
	return backup.Pod{
		Ref: ref("", "pods", "Pod", name), Phase: "Running", Node: "node-1", NodeReady: backup.Yes,
		Created: clock(created), Container: "running", Started: at(created),
	}
}

func pendingPod(name, created, reason, message string) backup.Pod {
	return backup.Pod{Ref: ref("", "pods", "Pod", name), Phase: "Pending", Created: clock(created), Container: "waiting", Reason: reason, Message: message}
}

// stuck is the evidence of the recorded case: a Backup whose endpoint refuses
// connections, deleted, with a clean-up Job that failed three times and tries again.
func stuck() *backup.Evidence {
	ev := &backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: clock("09:00:10"),
		Cluster: backup.ClusterInfo{Context: "lab", Server: "https://127.0.0.1:6443"},
		Object:  stuckObject(), ResourceVersion: "13987",
		Namespace: backup.Namespace{Name: "tidb-test", Lookup: backup.Found},
		Owners: []backup.Owner{{
			Selector: tidbOwner(), Lookup: backup.Found, LastWrite: at("08:58:48"), LeaseLookup: backup.Found,
			Deployments: []backup.Deployment{{Ref: backup.Ref{Group: "apps", Resource: "deployments", Kind: "Deployment", Namespace: "tidb-admin", Name: "tidb-controller-manager"}, Replicas: 1, Ready: 1}},
			Lease:       &backup.Lease{Ref: backup.Ref{Group: "coordination.k8s.io", Resource: "leases", Kind: "Lease", Namespace: "tidb-admin", Name: "tidb-controller-manager"}, Holder: "vm", Renewed: clock("09:00:07"), Seconds: 15},
		}},
		NeighboursLookup: backup.Found, DependentsLookup: backup.Found, EventsLookup: backup.Found,
		Dependents: []backup.Dependent{{Ref: job("backup-backup-test"), Finished: backup.Yes}},
	}
	ev.Storage = []backup.StorageVerdict{{
		Class: backup.VerdictUnknown, Reason: backup.ReasonUnreachable, Detail: "dial tcp: connection refused", Location: ev.Object.Locations[0],
		Vantage: "port-forward to service lab/dead", Identity: "Secret tidb-test/s3-secret", At: clock("09:00:10"), Requests: 1,
	}}
	return ev
}

func tidbOwner() backup.OwnerSelector {
	return backup.OwnerSelector{Manager: "tidb-controller-manager", Deployments: "app.kubernetes.io/component=controller-manager"}
}

func stuckObject() backup.Object {
	return backup.Object{
		System: tidbOperator, Role: backup.RoleBackup, Mode: "snapshot", Data: backup.DataInline,
		Ref:   backup.Ref{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup", Namespace: "tidb-test", Name: "backup-test", UID: "fed4059b"},
		Phase: backup.PhaseFailed, NativePhase: "CleanFailed", Created: clock("08:58:47"), Deleted: at("08:58:48"),
		Conditions: []backup.Condition{
			{Type: "Scheduled", Status: "True", At: at("08:58:47")},
			{Type: "Prepare", Status: "True", At: at("08:58:48")},
			{Type: "Running", Status: "True", At: at("08:58:48")},
			{Type: "Failed", Status: "True", Reason: "BackupDataToRemoteFailed", Message: runError, At: at("08:58:48")},
			{Type: "Clean", Status: "False", At: at("08:58:48")},
			{Type: "CleanFailed", Status: "True", Reason: cleanFailedReason, Message: cleanError, At: at("08:58:51")},
		},
		Written: backup.Written{Answer: backup.No, Source: "condition Failed: the first request to the storage was refused"},
		Locations: []backup.Location{{
			Provider: backup.ProviderS3, Bucket: "backup", Prefix: "demo", Endpoint: deadEndpoint, Region: "us-east-1", PathStyle: true,
			Layout: backup.LayoutExclusive, From: "spec.s3", Recorded: "s3://backup/demo", EditedAt: at("08:58:47"), EditedBy: "kubectl-client-side-apply",
			Credentials: backup.CredentialsRef{Namespace: "tidb-test", Secret: "s3-secret", Format: "keyPair", From: "spec.s3.secretName"},
			EnvNames:    map[string]string{"endpoint": "S3_ENDPOINT", "region": "AWS_REGION"},
		}},
		Retention: backup.Retention{Policy: backup.Deletes, Source: "spec.cleanPolicy is Delete"},
		Works: []backup.Work{
			{Role: backup.WorkRun, Ref: job("backup-backup-test"), Lookup: backup.Absent, PodsLookup: backup.Found},
			{
				Role: backup.WorkClean, Ref: job("clean-backup-test"), Lookup: backup.Found, PodsLookup: backup.Found, Phase: backup.PhaseRunning,
				Created: clock("08:58:48"), Usual: backup.Duration(10 * time.Minute), Active: 1, Failed: 3, Limit: 6,
				Env: map[string]string{"S3_ENDPOINT": deadEndpoint, "AWS_REGION": "us-east-1"},
				Pods: []backup.Pod{
					runningPod("clean-backup-test-7472b", "09:00:05"), failedPod("clean-backup-test-8msvd", "08:59:23", "08:59:25"),
					failedPod("clean-backup-test-6lt2f", "08:59:01", "08:59:03"), failedPod("clean-backup-test-cpv4t", "08:58:48", "08:58:51"),
				},
			},
		},
		Needs: []backup.Need{
			{Ref: ref("", "secrets", "Secret", "s3-secret"), Why: "its Jobs read the credentials from it", Keys: []string{"access_key", "secret_key"}, Lookup: backup.Found},
			{Ref: ref("", "serviceaccounts", "ServiceAccount", "tidb-backup-manager"), Why: "its Jobs run as it", Lookup: backup.Found},
		},
		Finalizers: []backup.Finalizer{{
			Name: "tidb.pingcap.com/backup-protection", Profile: tidbOperator, Trusted: true, Guards: "the objects under the prefix",
			WaitsFor: "the clean-up Job has emptied the path (condition Clean=True)", Owner: tidbOwner(), AddedBy: "tidb-controller-manager", AddedAt: at("08:58:48"),
			Ways: []backup.Way{
				{Name: backup.WayRetryClean, Effect: backup.EffectErases, Applies: backup.Yes, Does: "Deletes the clean-up Job, so that the operator makes it again.", DeleteJob: backup.WorkClean},
				{Name: backup.WayRelease, Effect: backup.EffectReleases, Applies: backup.No, WhyNot: "the backup has failed", Does: "Sets cleanPolicy to OnFailure; the operator lets go and the data stays.", Set: []backup.FieldValue{{Path: "/spec/cleanPolicy", Value: "OnFailure"}}},
				{Name: backup.WayStrip, Effect: backup.EffectStrips, Applies: backup.Yes, Does: "Removes the finalizer.", DoesNot: "It erases nothing.", Orphans: "the objects under the path"},
			},
		}},
	}
}

// completed is the same Backup if everything had gone well.
func completed() *backup.Evidence {
	ev := stuck()
	size := int64(4096)
	obj := &ev.Object
	obj.Phase, obj.NativePhase, obj.Deleted = backup.PhaseCompleted, "Complete", nil
	obj.Conditions = []backup.Condition{{Type: "Complete", Status: "True", At: at("08:59:00")}}
	obj.Written, obj.SizeBytes = backup.Written{Answer: backup.Yes, Source: "condition Complete"}, &size
	obj.Works = []backup.Work{{Role: backup.WorkRun, Ref: job("backup-backup-test"), Lookup: backup.Found, PodsLookup: backup.Found, Phase: backup.PhaseCompleted, Succeeded: 1, Created: clock("08:58:47")}}
	see(ev, backup.VerdictComplete)
	ev.Storage[0].Current = backup.Count{Objects: 12, Bytes: 4096}
	return ev
}

// failed is the recorded Backup before anybody deleted it.
func failed() *backup.Evidence {
	ev := stuck()
	ev.Object.Deleted = nil
	ev.Object.Conditions = ev.Object.Conditions[:4]
	ev.Object.Works = ev.Object.Works[:1]
	return ev
}

// see lets the look at the place end in a class.
func see(ev *backup.Evidence, class backup.VerdictClass) {
	v := &ev.Storage[0]
	v.Class, v.Reason, v.Detail, v.Requests, v.Versions, v.Uploads = class, "", "", 3, backup.Found, backup.Found
}

// cleanJob is the clean-up Job of the recorded case.
func cleanJob(ev *backup.Evidence) *backup.Work { return &ev.Object.Works[1] }

// freshClean makes the clean-up Job one that was just made and never failed, with these pods.
func freshClean(ev *backup.Evidence, pods ...backup.Pod) *backup.Work {
	w := cleanJob(ev)
	w.Created, w.Failed, w.Active, w.Pods = clock("08:59:55"), 0, 1, pods
	return w
}

// say lets clean-up pods and condition speak another error.
func say(ev *backup.Evidence, text string) {
	cleanJob(ev).Pods = cleanJob(ev).Pods[1:2]
	cleanJob(ev).Pods[0].Log = &backup.LogTail{Lookup: backup.Found, Lines: []string{text}}
	ev.Object.Conditions[5].Message = text
}
