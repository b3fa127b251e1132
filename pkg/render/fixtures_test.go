package render

import (
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const refused = `RequestError: send request failed
caused by: Get "http://dead.lab.svc:9999/backup?list-type=2&prefix=demo%2F": dial tcp 10.0.0.9:9999: connect: connection refused`

func job(name string) backup.Ref {
	return backup.Ref{Group: "batch", Version: "v1", Resource: "jobs", Kind: "Job", Namespace: "tidb-test", Name: name}
}

func stuckRef() backup.Ref {
	return backup.Ref{
		Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup",
		Namespace: "tidb-test", Name: "backup-test", UID: "fed4059b-b4bb-4359-a3d8-f9d74ebe27d0",
	}
}

func place() backup.Location {
	return backup.Location{
		Provider: "s3", Bucket: "backup", Prefix: "demo", Endpoint: "http://dead.lab.svc:9999", Region: "us-east-1",
		Layout: backup.LayoutExclusive, From: "spec.s3", Recorded: "s3://backup/demo/",
		Credentials: backup.CredentialsRef{Namespace: "tidb-test", Secret: "s3-secret", From: "spec.s3.secretName"},
	}
}

// stuck is a TiDB backup whose clean-up cannot reach the storage.
func stuck() backup.Object {
	owner := backup.OwnerSelector{Manager: "tidb-controller-manager", Deployments: "app.kubernetes.io/component=controller-manager"}
	return backup.Object{
		System: "tidb-operator", Role: backup.RoleBackup, Ref: stuckRef(), Phase: backup.PhaseFailed, NativePhase: "CleanFailed",
		Mode: "snapshot", Data: backup.DataInline, Created: ago(98 * time.Hour), Deleted: ptr(ago(98*time.Hour - time.Minute)),
		Conditions: []backup.Condition{
			{Type: "Failed", Status: "True", Reason: "BackupDataToRemoteFailed", Message: "cluster tidb-test/backup-test, err: exit status 1", At: ptr(ago(98 * time.Hour))},
			{Type: "CleanFailed", Status: "True", Reason: "CleanBackupDataFailed", Message: refused, At: ptr(ago(3 * time.Minute))},
		},
		Written:   backup.Written{Answer: backup.No, Source: "condition Failed: connection refused"},
		Locations: []backup.Location{place()},
		Retention: backup.Retention{Policy: backup.Deletes, Source: "spec.cleanPolicy is Delete"},
		Works: []backup.Work{
			{Role: backup.WorkRun, Ref: job("backup-backup-test"), Lookup: backup.Absent},
			{
				Role: backup.WorkClean, Ref: job("clean-backup-test"), Lookup: backup.Found, Phase: backup.PhaseFailed, Failed: 7, Limit: 6,
				FailedFor: "BackoffLimitExceeded", Created: ago(time.Hour), PodsLookup: backup.Found,
				Pods: []backup.Pod{{
					Ref:   backup.Ref{Resource: "pods", Kind: "Pod", Namespace: "tidb-test", Name: "clean-backup-test-6lt2f"},
					Phase: "Failed", Node: "node-1", NodeReady: backup.Yes, Created: ago(3 * time.Minute), Container: "terminated",
					ExitCode: ptr(int64(1)), Reason: "Error", Log: &backup.LogTail{Lookup: backup.Found, Lines: []string{
						"E1121 08:59:03.353171 2060 manager.go:102] clean cluster tidb-test/backup-test failed",
						"error: blob (code=Unknown): RequestError: send request failed",
					}},
				}},
			},
		},
		Needs: []backup.Need{{
			Ref: backup.Ref{Kind: "Secret", Namespace: "tidb-test", Name: "s3-secret"}, Why: "credentials of the storage",
			Keys: []string{"access_key", "secret_key"}, Lookup: backup.Found, MissingKeys: []string{"secret_key"},
		}},
		Finalizers: []backup.Finalizer{{
			Name: "tidb.pingcap.com/backup-protection", Profile: "tidb-operator", Trusted: true, Guards: "prefix",
			WaitsFor: "condition Clean=True, set when the clean-up job has emptied the path", Owner: owner,
			AddedBy: "tidb-controller-manager", AddedAt: ptr(ago(98 * time.Hour)),
			Ways: []backup.Way{
				{Name: backup.WayRelease, Effect: backup.EffectReleases, Applies: backup.No, WhyNot: "the backup failed", Does: "sets spec.cleanPolicy to OnFailure"},
				{Name: backup.WayRetryClean, Effect: backup.EffectErases, Applies: backup.Yes, Does: "deletes the failed clean-up Job, so that the operator makes it again"},
			},
		}},
		GitOps: []string{"argocd.argoproj.io/instance"},
	}
}

// unreachable is the verdict on its place.
func unreachable() backup.StorageVerdict {
	return backup.StorageVerdict{
		Class: backup.VerdictUnknown, Reason: backup.ReasonUnreachable, Detail: "dial tcp 10.0.0.9:9999: connect: connection refused",
		Location: place(), Vantage: "port-forward to pod lab/dead-0:9999", Identity: "Secret tidb-test/s3-secret",
		At: ago(4 * time.Second), Requests: 1, Versions: backup.Failed,
	}
}

// full is the verdict on a place that holds a finished backup.
func full() backup.StorageVerdict {
	return backup.StorageVerdict{
		Class: backup.VerdictComplete, Location: place(), Vantage: "direct", Identity: "Secret tidb-test/s3-secret",
		At: ago(4 * time.Second), Requests: 3, Current: backup.Count{Objects: 812, Bytes: 41 << 30},
		DeleteMarkers: backup.Count{Objects: 2}, Versions: backup.Found, Uploads: backup.Denied, Newest: ptr(ago(97 * time.Hour)),
		Sample: []backup.StoredObject{{Key: "backupmeta", Bytes: 5241, Modified: ago(97 * time.Hour)}, {Key: "1/2_3_sst", Bytes: 1 << 20, Modified: ago(97 * time.Hour)}},
	}
}

func prod() backup.ClusterInfo {
	return backup.ClusterInfo{Context: "prod", Server: "https://10.0.0.1:6443", User: "anna"}
}

func evidence() backup.Evidence {
	o := stuck()
	pod := o.Works[1].Pods[0].Ref
	return backup.Evidence{
		At: now, Cluster: prod(), Object: o,
		Namespace: backup.Namespace{Name: "tidb-test", Lookup: backup.Found},
		Owners: []backup.Owner{{
			Selector: o.Finalizers[0].Owner, Lookup: backup.Found, LastWrite: ptr(ago(3 * time.Minute)),
			Deployments: []backup.Deployment{{Ref: backup.Ref{Kind: "Deployment", Namespace: "tidb-admin", Name: "tidb-controller-manager"}, Replicas: 1, Ready: 1}},
			Lease:       &backup.Lease{Holder: "tidb-controller-manager-0", Renewed: ago(6 * time.Second), Seconds: 15},
		}},
		Neighbours: []backup.Neighbour{{
			System: "tidb-operator", Ref: backup.Ref{Kind: "Backup", Namespace: "tidb-prod", Name: "nightly"},
			Phase: backup.PhaseCompleted, Location: place(), Same: true,
		}},
		Dependents: []backup.Dependent{{Ref: job("clean-backup-test"), Finished: backup.Yes}},
		Events: []backup.Event{
			{At: ago(3 * time.Minute), Type: "Warning", Reason: "BackoffLimitExceeded", Object: job("clean-backup-test"), Message: "Job has reached the specified backoff limit"},
			{At: ago(59 * time.Minute), Type: "Normal", Reason: "Scheduled", Object: pod, Message: "Successfully assigned tidb-test/clean-backup-test-6lt2f to node-1", Count: 3},
		},
		EventsLookup: backup.Found,
		Storage:      []backup.StorageVerdict{unreachable()},
		Gaps:         []backup.Gap{{What: "ValidatingWebhookConfigurations", Why: "forbidden", Rule: "list validatingwebhookconfigurations.admissionregistration.k8s.io"}},
	}
}
