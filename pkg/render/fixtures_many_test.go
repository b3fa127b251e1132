package render

import (
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// backupNamed is a TiDB backup.
func backupNamed(namespace, name string) backup.Ref {
	ref := stuckRef()
	ref.Namespace, ref.Name, ref.UID = namespace, name, ""
	return ref
}

func affected(ref backup.Ref, trouble backup.Trouble, since time.Duration) backup.Affected {
	return backup.Affected{Ref: ref, System: "tidb-operator", Trouble: trouble, Since: ptr(ago(since))}
}

// scan is a look over a cluster in which one endpoint is dead.
func scan() backup.Scan {
	dead := backup.Cause{
		Code: "BK-S301", Cause: "endpoint http://dead.lab.svc:9999", Status: backup.StatusProblem, Severity: backup.SeverityCause,
		Title: "endpoint http://dead.lab.svc:9999: nothing listens there", Example: stuckRef(),
		Proof: []backup.Proof{
			{Text: refused, Source: "condition CleanFailed of Backup tidb-test/backup-test", At: ptr(ago(3 * time.Minute))},
			{Text: "Service lab/dead has 0 ready endpoints", Source: "EndpointSlices"},
		},
		Next: "kubectl backup diagnose backups.pingcap.com/backup-test -n tidb-test",
	}
	for i, name := range []string{"backup-test", "备份-一号", "バックアップ-2", "nightly-2026-11-20-0300-with-a-long-name", "d", "e", "f"} {
		trouble := backup.TroubleHangs
		if i == 4 {
			trouble = backup.TroubleFailed
		}
		dead.Objects = append(dead.Objects, affected(backupNamed("tidb-test", name), trouble, time.Duration(98-i)*time.Hour))
	}
	held := backup.Cause{
		Code: "BK-F102", Finalizer: "example.com/hold", Status: backup.StatusProblem, Severity: backup.SeverityCause,
		Title: "finalizer example.com/hold: no profile knows it", Example: backup.Ref{Resource: "configmaps", Kind: "ConfigMap", Namespace: "商店", Name: "held"},
		Objects: []backup.Affected{{Ref: backup.Ref{Resource: "configmaps", Kind: "ConfigMap", Namespace: "商店", Name: "held"}, Trouble: backup.TroubleHangs, Since: ptr(ago(time.Hour))}},
	}
	open := backup.Cause{
		Code: "BK-S317", Status: backup.StatusUnknown, Title: "what lies at s3://backup/x/ is not known",
		Objects: []backup.Affected{affected(backupNamed("velero", "weekly"), backup.TroubleSlow, 5*time.Hour)},
	}
	return backup.Scan{
		At: now, Cluster: prod(), Status: backup.StatusProblem, Verdict: "7 objects hang in deletion, 1 failed; 3 causes among the 9 that were examined",
		Causes: []backup.Cause{dead, held, open}, Examined: 9, JustDeleted: 2, Unclear: 1,
		Rest: []backup.KindCount{{Resource: "backups.pingcap.com", Count: 40}, {Resource: "pods", Count: 1}}, Gaps: manyGaps(),
	}
}

// manyGaps are more than are shown; of those that were denied the rule counts.
func manyGaps() []backup.Gap {
	gaps := []backup.Gap{{What: "resources of metrics.k8s.io/v1beta1", Why: "the server is currently unable\nto handle the request", Lookup: backup.Failed}}
	for _, name := range strings.Fields("a b c d e f g h i j k") {
		gaps = append(gaps, backup.Gap{
			What: name + ".example.com in all namespaces", Why: "list " + name + ".example.com: forbidden: User cannot list", Lookup: backup.Denied,
			Rule: "list " + name + ".example.com in all namespaces: {apiGroups: [example.com], resources: [" + name + "], verbs: [list]}",
		})
	}
	return gaps
}

// calm is a look that found nothing and saw everything.
func calm() backup.Scan {
	return backup.Scan{At: now, Status: backup.StatusOK, Verdict: "nothing hangs in deletion, and nothing is known to have failed", Namespaces: []string{"tidb-test", "velero"}, Cluster: prod()}
}

// planList is what unstick would do with four objects.
func planList() backup.PlanList {
	free, erased, undecided, risky := stripPlan(), stripPlan(), stripPlan(), stripPlan()
	free.Target, free.Decision, free.Needs = backupNamed("tidb-test", "备份-一号"), backup.DecisionAllowed, nil
	free.Gate = []backup.GateResult{{Condition: "place-clear", State: backup.GateRisk, Because: "data", Accepted: true, TypeBack: "s3://backup/demo/"}}
	erased.Target, erased.Decision, erased.Way, erased.Effect = backupNamed("tidb-test", "nightly"), backup.DecisionRefused, backup.WayRetryClean, backup.EffectErases
	erased.Gate = []backup.GateResult{
		{Condition: "way-named", State: backup.GateRefuse, Because: "the way has to be named with --via"},
		{Condition: "one-at-a-time", State: backup.GateRefuse, Because: "data is erased for one object at a time only"},
	}
	undecided.Target, undecided.Decision = backupNamed("商店", "weekly"), backup.DecisionUndecided
	undecided.Gate = []backup.GateResult{{Condition: "no-writer", State: backup.GateUnknown, Because: "whether a container\nstill writes is not known"}}
	risky.Target = backupNamed("tidb-test", "monthly")
	return backup.PlanList{
		At: now, Cluster: prod(), Items: []backup.Plan{free, erased, undecided, risky}, Free: 1, Refused: 2, Undecided: 1, NotDeleting: 3,
		Digest: "9be1c2d1e0b7", Gaps: manyGaps()[1:2],
	}
}

// resultList is how that ended: one is free, the next one was a surprise.
func resultList() backup.ResultList {
	gone, waiting := result(), result()
	gone.Plan.Target, gone.Ended, gone.Holds, gone.Left = backupNamed("tidb-test", "备份-一号"), "gone", nil, []string{"s3://backup/demo/ (not seen)"}
	waiting.Plan.Target, waiting.Ended, waiting.Went = backupNamed("tidb-test", "nightly"), "waiting", nil
	return backup.ResultList{
		Digest: "9be1c2d1e0b7", Items: []backup.Result{gone, waiting},
		NotDone: []backup.NotDone{
			{Ref: backupNamed("商店", "weekly"), Why: "undecided: whether a container\nstill writes is not known"},
			{Ref: backupNamed("tidb-test", "monthly"), Why: "not begun, because of Backup tidb-test/nightly is still there after the time that was given"},
		},
	}
}
