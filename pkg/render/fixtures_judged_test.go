package render

import (
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const protection = "tidb.pingcap.com/backup-protection"

// diagnosis is what the checks find out about the stuck backup.
func diagnosis() backup.Diagnosis {
	unstick := "kubectl backup unstick backups.pingcap.com/backup-test -n tidb-test --via "
	return backup.Diagnosis{
		At: now, Cluster: prod(), Object: stuck(), Status: backup.StatusProblem,
		Verdict:      "The clean-up Job cannot reach the storage at http://dead.lab.svc:9999, so the operator keeps the finalizer.",
		FailurePoint: backup.FailedBeforeWrite,
		FailureProof: []backup.Proof{{Text: refused, Source: "log of pod backup-backup-test-2ths6", At: ptr(ago(98 * time.Hour))}},
		Findings: []backup.Finding{
			{
				Code: "BK-F101", Status: backup.StatusProblem, Severity: backup.SeverityCause, Subject: stuckRef(),
				Title:   "finalizer " + protection + " waits for condition Clean=True",
				Explain: "The operator removes it once its clean-up Job has emptied the path. The Job has failed and is not made again by itself.",
				Proof: []backup.Proof{
					{Text: "Job clean-backup-test failed 7 times: BackoffLimitExceeded", Source: "Job clean-backup-test", At: ptr(ago(3 * time.Minute))},
					{Text: refused, Source: "condition CleanFailed", At: ptr(ago(3 * time.Minute))},
				},
				Fixes: []backup.Fix{
					{
						Does: "deletes the failed Job, so that the operator makes it again", DoesNot: "change the endpoint, which has to answer first",
						Commands: []string{unstick + backup.WayRetryClean}, Effect: backup.EffectErases, Danger: "the clean-up deletes every object under s3://backup/demo/",
					},
					{Does: "shows what serves the endpoint", Commands: []string{"kubectl get endpointslices -n lab -l kubernetes.io/service-name=dead"}},
				},
			},
			{
				Code: "BK-P701", Status: backup.StatusProblem, Severity: backup.SeverityWarning, Subject: stuckRef(),
				Title: "Argo CD would create the object again", Proof: []backup.Proof{{Text: "argocd.argoproj.io/instance", Source: "metadata.labels"}},
			},
			{
				Code: "BK-S301", Status: backup.StatusUnknown, Subject: stuckRef(), Title: "nobody knows what lies under s3://backup/demo/",
				Proof: []backup.Proof{{Text: "connection refused", Source: "port-forward to pod lab/dead-0:9999", At: ptr(ago(4 * time.Second))}},
			},
			{
				Code: "BK-O501", Status: backup.StatusOK, Subject: stuckRef(), Title: "the operator works",
				Proof: []backup.Proof{{Text: "1/1 ready", Source: "lease tidb-controller-manager", At: ptr(ago(6 * time.Second))}},
			},
			{Code: "BK-V901", Status: backup.StatusSkipped, Subject: stuckRef(), Title: "volume snapshots: this backup makes none"},
		},
		WaysOut: []backup.WayOut{
			{
				Finalizer: protection, Name: backup.WayRelease, Effect: backup.EffectReleases, Open: backup.DecisionRefused,
				Does: "sets spec.cleanPolicy to OnFailure", Why: "the backup failed, so the operator would still clean up",
			},
			{
				Finalizer: protection, Name: backup.WayStrip, Effect: backup.EffectStrips, Open: backup.DecisionRisk,
				Does: "removes the finalizer, the object is gone at once", DoesNot: "delete anything in storage", Why: "the place cannot be seen",
				Commands: []string{unstick + "strip --accept-risk=storage-unknown"},
			},
		},
		Futile: []string{"restarting the operator: it works, and its Job has failed for good"},
		Gaps:   evidence().Gaps,
	}
}

// stripPlan asks for a risk to be accepted.
func stripPlan() backup.Plan {
	return backup.Plan{
		At: now, Cluster: prod(), Target: stuckRef(), System: "tidb-operator", Deleted: stuck().Deleted,
		Finalizers: []string{protection, "example.com/audit"}, Finalizer: protection, Way: backup.WayStrip, Effect: backup.EffectStrips,
		Steps: []backup.Step{{
			Kind: backup.StepPatch, Target: stuckRef(), Effect: backup.EffectStrips, Does: "removes the finalizer",
			Patch: []backup.PatchOp{
				{Op: "test", Path: "/metadata/uid", Value: stuckRef().UID},
				{Op: "test", Path: "/metadata/resourceVersion", Value: "13987"},
				{Op: "test", Path: "/metadata/finalizers/0", Value: protection},
				{Op: "remove", Path: "/metadata/finalizers/0"},
			},
			Undo: "none: an object that is gone does not come back",
		}},
		Gate: []backup.GateResult{
			{Condition: "deletion-asked", State: backup.GatePass, Because: "deletionTimestamp is set"},
			{Condition: "place-clear", State: backup.GateRisk, Because: "the place cannot be seen: unreachable", Risk: backup.RiskStorageUnknown, TypeBack: "s3://backup/demo/"},
			{Condition: "gitops", State: backup.GateShown, Because: "Argo CD would create it again"},
		},
		Decision: backup.DecisionRisk, Needs: []backup.Risk{backup.RiskStorageUnknown},
		Storage: []backup.StorageVerdict{unreachable()}, Orphans: "the objects under s3://backup/demo/ with nothing that points at them",
		Digest: "3fa9c2d1e0b7",
	}
}

// erasePlan is allowed and would delete data.
func erasePlan() backup.Plan {
	p := stripPlan()
	p.Way, p.Effect, p.Orphans = backup.WayRetryClean, backup.EffectErases, ""
	p.Steps = []backup.Step{
		{Kind: backup.StepDelete, Target: job("clean-backup-test"), Effect: backup.EffectErases, Does: "deletes the failed Job", UID: "77", ResourceVersion: "14001", Undo: "none"},
		{Kind: backup.StepWait, Target: stuckRef(), Does: "waits for the operator", Until: "gone", Undo: "none"},
	}
	p.Gate = []backup.GateResult{
		{Condition: "place-clear", State: backup.GateRisk, Because: "the place holds a finished backup", Risk: backup.RiskErasesData, Accepted: true, TypeBack: "s3://backup/demo/"},
		{Condition: "no-writer", State: backup.GatePass, Because: "no container runs"},
	}
	p.Decision, p.Needs, p.Accepted = backup.DecisionAllowed, nil, []backup.Risk{backup.RiskErasesData}
	p.Storage = []backup.StorageVerdict{full()}
	p.Erases = []backup.Contents{{Total: backup.Count{Objects: 812, Bytes: 41 << 30}, Complete: true}}
	return p
}

// result is the end of the strip while another finalizer holds the object.
func result() backup.Result {
	return backup.Result{
		Plan: stripPlan(), JournalID: "20261125T110000Z-backup-test", Ended: "released", Holds: []string{"example.com/audit"},
		Outcomes: []backup.Outcome{{Step: 0, At: now, State: "done"}},
		Went:     []string{"Job tidb-test/clean-backup-test"}, Left: []string{"s3://backup/demo/ (not seen)"},
	}
}
