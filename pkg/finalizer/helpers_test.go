package finalizer

import (
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	protection = "tidb.pingcap.com/backup-protection"
	foreign    = "example.com/audit"
)

var now = time.Date(2026, 11, 21, 9, 7, 12, 0, time.UTC)

func ago(d time.Duration) *time.Time {
	t := now.Add(-d)
	return &t
}

func jobRef(name string) backup.Ref {
	return backup.Ref{Group: "batch", Version: "v1", Resource: "jobs", Kind: "Job", Namespace: "tidb-test", Name: name, UID: "uid-" + name}
}

func podRef(name string) backup.Ref {
	return backup.Ref{Version: "v1", Resource: "pods", Kind: "Pod", Namespace: "tidb-test", Name: name, UID: "uid-" + name}
}

func otherRef(name string) backup.Ref {
	return backup.Ref{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup", Namespace: "tidb-test", Name: name, UID: "uid-" + name}
}

func place0() backup.Location {
	return backup.Location{
		Provider: backup.ProviderS3, Bucket: "bucket", Prefix: "demo", Endpoint: "http://s3.lab.svc:9000", Region: "us-east-1",
		Recorded: "s3://bucket/demo/", EditedAt: ago(10 * time.Hour), EditedBy: "kubectl",
		EnvNames: map[string]string{"endpoint": "S3_ENDPOINT", "region": "AWS_REGION"},
	}
}

func look(class backup.VerdictClass, location backup.Location) backup.StorageVerdict {
	return backup.StorageVerdict{Class: class, Location: location, At: now, Requests: 3}
}

func protectionRule() backup.Finalizer {
	return backup.Finalizer{
		Name: protection, Profile: "tidb-operator", Trusted: true,
		Owner: backup.OwnerSelector{Manager: "tidb-controller-manager"},
		Ways: []backup.Way{
			{Name: backup.WayStrip, Effect: backup.EffectStrips, Applies: backup.Yes, Orphans: "the objects under the path"},
			{Name: backup.WayRetryClean, Effect: backup.EffectErases, Applies: backup.Yes, DeleteJob: backup.WorkClean},
			{Name: backup.WayRelease, Effect: backup.EffectReleases, Applies: backup.No, WhyNot: "the backup failed",
				Set: []backup.FieldValue{{Path: "/spec/cleanPolicy", Value: "OnFailure"}}},
		},
	}
}

// stuck is the evidence of a failed backup whose clean-up Job failed too, over an
// empty place: every row of the gate passes for every way but a release, which
// does not apply.
func stuck() backup.Evidence {
	return backup.Evidence{
		APIVersion: backup.APIVersion, Kind: "Evidence", At: now, ResourceVersion: "100",
		Cluster: backup.ClusterInfo{Context: "lab", Server: "https://127.0.0.1:6443", CAHash: "ca"},
		Object: backup.Object{
			System: "tidb-operator", Role: backup.RoleBackup, Ref: otherRef("demo"), Phase: backup.PhaseFailed,
			Created: now.Add(-10 * time.Hour), Started: ago(9 * time.Hour), Finished: ago(8 * time.Hour), Deleted: ago(7 * time.Hour),
			Conditions: []backup.Condition{{Type: "Prepare", Status: "True", At: ago(9 * time.Hour)}},
			Locations:  []backup.Location{place0()},
			Works: []backup.Work{
				{Role: backup.WorkRun, Ref: jobRef("backup-demo"), Lookup: backup.Found, PodsLookup: backup.Found, Phase: backup.PhaseFailed,
					Created: now.Add(-9 * time.Hour), Env: map[string]string{"S3_ENDPOINT": "http://s3.lab.svc:9000/"},
					Pods: []backup.Pod{{Ref: podRef("backup-demo-1"), Phase: "Failed", Container: "terminated", Ended: ago(8 * time.Hour)}}},
				{Role: backup.WorkClean, Ref: jobRef("clean-demo"), Lookup: backup.Found, PodsLookup: backup.Found, Phase: backup.PhaseFailed,
					FailedFor: "BackoffLimitExceeded", Failed: 7, ResourceVersion: "90", Created: now.Add(-7 * time.Hour),
					Usual: backup.Duration(10 * time.Minute),
					Pods:  []backup.Pod{{Ref: podRef("clean-demo-1"), Phase: "Failed", Container: "terminated"}}},
			},
			Needs:      []backup.Need{{Ref: backup.Ref{Resource: "secrets", Name: "s3-secret"}, Lookup: backup.Found}},
			Finalizers: []backup.Finalizer{protectionRule()},
		},
		Namespace: backup.Namespace{Name: "tidb-test", Lookup: backup.Found},
		Owners: []backup.Owner{{
			Selector: backup.OwnerSelector{Manager: "tidb-controller-manager"}, Lookup: backup.Found,
			Deployments: []backup.Deployment{{Ready: 1}},
		}},
		NeighboursLookup: backup.Found,
		Dependents:       []backup.Dependent{{Ref: jobRef("backup-demo"), Finished: backup.Yes}, {Ref: jobRef("clean-demo"), Finished: backup.No}},
		DependentsLookup: backup.Found,
		Storage:          []backup.StorageVerdict{look(backup.VerdictEmpty, place0())},
	}
}

// withClass is stuck with another verdict on its place.
func withClass(class backup.VerdictClass) backup.Evidence {
	ev := stuck()
	ev.Storage[0].Class = class
	return ev
}

// via asks for a way and has a dry run of its first step that passed.
func via(way string, accept ...backup.Risk) Request {
	return Request{Via: way, Accept: accept, DryRun: map[int]DryRun{0: {Passed: backup.Yes}}}
}

func wayOf(effect backup.Effect) string {
	return map[backup.Effect]string{
		backup.EffectWaits: backup.WayWait, backup.EffectReleases: backup.WayRelease,
		backup.EffectStrips: backup.WayStrip, backup.EffectErases: backup.WayRetryClean,
	}[effect]
}

// applyRelease makes the release apply.
func applyRelease(ev *backup.Evidence) {
	for i := range ev.Object.Finalizers[0].Ways {
		ev.Object.Finalizers[0].Ways[i].Applies = backup.Yes
	}
}

func rowsOf(gate []backup.GateResult, condition string) []backup.GateResult {
	var out []backup.GateResult
	for _, row := range gate {
		if row.Condition == condition {
			out = append(out, row)
		}
	}
	return out
}
