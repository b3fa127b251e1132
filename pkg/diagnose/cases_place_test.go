package diagnose

import "github.com/kubectl-backup/kubectl-backup/pkg/backup"

func placeCases() []codeCase {
	class := func(c backup.VerdictClass) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			see(ev, c)
			ev.Storage[0].Current = backup.Count{Objects: 812, Bytes: 44 << 30, AtLeast: true}
			ev.Storage[0].OldVersions.Objects = 3
		}
	}
	deleted := func(ev *backup.Evidence) { ev.Object.Deleted = at("08:59:00") }
	snapshots := func(ev *backup.Evidence) {
		ev.Object.Locations = append(ev.Object.Locations, backup.Location{Provider: backup.ProviderSnapshots})
	}
	return []codeCase{
		{"BK-S310", isOK, stuck, func(ev *backup.Evidence) { see(ev, backup.VerdictEmpty); ev.Storage[0].BucketEmpty = backup.Yes }, nil},
		{"BK-S311", isOK, stuck, class(backup.VerdictResidue), nil},
		{"BK-S312", isProblem, stuck, class(backup.VerdictHidden), nil},
		{"BK-S312", isProblem, stuck, func(ev *backup.Evidence) { see(ev, backup.VerdictHidden); ev.Storage[0].Versions = backup.Denied }, nil},
		{"BK-S313", isProblem, stuck, class(backup.VerdictPartial), nil},
		{"BK-S313", isOK, completed, func(ev *backup.Evidence) {
			class(backup.VerdictPartial)(ev)
			ev.Object.Phase = backup.PhaseRunning
		}, class(backup.VerdictPartial)},
		{"BK-S314", isOK, completed, nil, deleted},
		{"BK-S314", isProblem, completed, deleted, nil},
		{"BK-S315", isProblem, stuck, class(backup.VerdictData), nil},
		{"BK-S316", isProblem, stuck, class(backup.VerdictBucketMissing), nil},
		{"BK-S317", isUnknown, stuck, nil, class(backup.VerdictEmpty)},
		{"BK-S317", isUnknown, stuck, func(ev *backup.Evidence) { ev.Storage[0].RightRegion = "eu-west-1" }, class(backup.VerdictEmpty)},
		{"BK-S317", isUnknown, stuck, func(ev *backup.Evidence) { ev.Storage = nil }, class(backup.VerdictEmpty)},
		{"BK-S317", isSkipped, completed, func(ev *backup.Evidence) { ev.Storage = nil }, nil},
		{"BK-S318", isProblem, stuck, func(ev *backup.Evidence) { ev.Storage[0].FreshLock = "backup.lock" }, nil},
		{"BK-S318", isOK, completed, func(ev *backup.Evidence) { ev.Storage[0].FreshLock = "backup.lock" }, nil},
		{"BK-S319", isUnknown, completed, class(backup.VerdictEmpty), nil},
		{"BK-V901", isUnknown, stuck, snapshots, nil},
		{"BK-V901", isUnknown, stuck, func(ev *backup.Evidence) { snapshots(ev); ev.Object.System = "other" }, nil},
	}
}

func needCases() []codeCase {
	need := func(i int, l backup.Lookup) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { ev.Object.Needs[i].Lookup = l }
	}
	cluster := func(mode string, l backup.Lookup) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Object.Mode = mode
			ev.Object.Needs = []backup.Need{{Ref: ref("pingcap.com", "tidbclusters", "TidbCluster", "basic"), Lookup: l, Error: "timeout"}}
		}
	}
	const forbidden = `backups.pingcap.com "backup-test" is forbidden: User "system:serviceaccount:tidb-test:x" cannot get`
	terminating := func(ev *backup.Evidence) { ev.Namespace.Deleted = at("08:59:00") }
	missingKey := func(ev *backup.Evidence) { ev.Object.Needs[0].MissingKeys = []string{"secret_key"} }
	return []codeCase{
		{"BK-C403", isProblem, stuck, need(0, backup.Absent), nil},
		{"BK-C403", isProblem, completed, need(0, backup.Absent), nil},
		{"BK-C403", isProblem, stuck, func(ev *backup.Evidence) { need(0, backup.Absent)(ev); terminating(ev) }, terminating},
		{"BK-C403", isUnknown, stuck, need(0, backup.Denied), nil},
		{"BK-C403", isSkipped, stuck, need(0, backup.NotAsked), nil},
		{"BK-C403", isOK, stuck, nil, missingKey},
		{"BK-C404", isProblem, stuck, missingKey, nil},
		{"BK-C404", isProblem, failed, missingKey, nil},
		{"BK-C407", isProblem, stuck, func(ev *backup.Evidence) { say(ev, forbidden) }, nil},
		{"BK-C407", isProblem, failed, func(ev *backup.Evidence) { ev.Object.Conditions[3].Message = forbidden }, nil},
		{"BK-C405", isProblem, stuck, need(1, backup.Absent), nil},
		{"BK-C405", isProblem, stuck, func(ev *backup.Evidence) { need(1, backup.Absent)(ev); terminating(ev) }, nil},
		{"BK-C405", isUnknown, stuck, need(1, backup.Failed), nil},
		{"BK-C406", isProblem, stuck, cluster("log", backup.Absent), cluster("log", backup.Found)},
		{"BK-C406", isProblem, stuck, cluster("snapshot", backup.Absent), nil},
		{"BK-C406", isUnknown, stuck, cluster("log", backup.Failed), nil},
	}
}

func policyCases() []codeCase {
	ways := func(ev *backup.Evidence) []backup.Way { return ev.Object.Finalizers[0].Ways }
	retain := func(ev *backup.Evidence) {
		ev.Object.Retention = backup.Retention{Policy: backup.Keeps, Source: "spec.cleanPolicy is Retain"}
		ways(ev)[0].Applies = backup.No
	}
	release := func(ev *backup.Evidence) { ways(ev)[1].Applies, ways(ev)[1].WhyNot = backup.Yes, "" }
	scheduled := func(ev *backup.Evidence) { ev.Object.Schedule, ev.Object.Deleted = "nightly", at("08:00:00") }
	return []codeCase{
		{"BK-P701", isProblem, stuck, retain, nil},
		{"BK-P701", isProblem, stuck, func(ev *backup.Evidence) { retain(ev); release(ev) }, func(ev *backup.Evidence) { retain(ev); ev.Object.Mode = "log" }},
		{"BK-P701", isProblem, stuck, func(ev *backup.Evidence) { retain(ev); ev.Object.Finalizers[0].Ways = ways(ev)[:1] }, nil},
		{"BK-P702", isOK, stuck, release, nil},
		{"BK-P703", isProblem, stuck, func(ev *backup.Evidence) { ev.Object.GitOps = []string{"label app.kubernetes.io/managed-by=Helm"} }, nil},
		{"BK-P703", isProblem, completed, func(ev *backup.Evidence) { ev.Object.GitOps = []string{"label app.kubernetes.io/managed-by=Helm"} }, nil},
		{"BK-P704", isProblem, stuck, func(ev *backup.Evidence) { ev.Dependents[0].Finished = backup.Unknown }, nil},
		{"BK-P704", isUnknown, stuck, func(ev *backup.Evidence) { ev.DependentsLookup = backup.Denied }, nil},
		{"BK-P704", isOK, stuck, nil, noDeletion},
		{"BK-P705", isProblem, stuck, scheduled, func(ev *backup.Evidence) { ev.Object.Deleted = at("08:00:00") }},
		{"BK-P705", isProblem, completed, func(ev *backup.Evidence) { ev.Object.Schedule, ev.Object.Phase = "nightly", backup.PhaseInvalid }, func(ev *backup.Evidence) { ev.Object.Schedule = "nightly" }},
	}
}

func locationCases() []codeCase {
	loc := func(ev *backup.Evidence) *backup.Location { return &ev.Object.Locations[0] }
	neighbour := func(same bool) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Neighbours = []backup.Neighbour{{System: tidbOperator, Ref: ref("pingcap.com", "backups", "Backup", "other"), Location: *loc(ev), Same: same}}
		}
	}
	return []codeCase{
		{"BK-L801", isProblem, stuck, neighbour(true), nil},
		{"BK-L801", isProblem, stuck, func(ev *backup.Evidence) { neighbour(false)(ev); ev.Object.Retention.Policy = backup.Keeps }, nil},
		{"BK-L801", isUnknown, stuck, func(ev *backup.Evidence) { ev.NeighboursLookup = backup.Failed }, nil},
		{"BK-L801", isOK, completed, nil, func(ev *backup.Evidence) { ev.Object.Role = backup.RoleRestore }},
		{"BK-L801", isOK, stuck, nil, func(ev *backup.Evidence) { ev.Object.Locations = nil }},
		{"BK-L802", isProblem, stuck, func(ev *backup.Evidence) { loc(ev).Recorded = "s3://backup/old" }, nil},
		{"BK-L802", isOK, stuck, nil, func(ev *backup.Evidence) { loc(ev).Recorded = "" }},
		{"BK-L803", isProblem, stuck, func(ev *backup.Evidence) { loc(ev).EditedAt = at("08:59:30") }, nil},
		{"BK-L803", isProblem, completed, func(ev *backup.Evidence) { loc(ev).EditedAt = at("08:59:30") }, func(ev *backup.Evidence) { loc(ev).EditedAt = nil }},
		{"BK-L803", isUnknown, completed, func(ev *backup.Evidence) { ev.Object.Works = nil }, nil},
		{"BK-L804", isProblem, stuck, func(ev *backup.Evidence) { loc(ev).Prefix = "" }, func(ev *backup.Evidence) { loc(ev).Prefix, loc(ev).Layout = "", backup.LayoutShared }},
		{"BK-L804", isProblem, stuck, func(ev *backup.Evidence) { loc(ev).Prefix, ev.Object.System = "", "other" }, nil},
		{"BK-L805", isProblem, completed, func(ev *backup.Evidence) {
			ev.Object.Works[0].Env = map[string]string{"AWS_REGION": "eu-west-1"}
		}, nil},
		{"BK-L806", isProblem, stuck, func(ev *backup.Evidence) { loc(ev).Endpoint = "http://right.lab.svc:9000" }, nil},
		{"BK-L807", isProblem, stuck, func(ev *backup.Evidence) {
			ev.Storage[0].Location.Overridden = []string{"endpoint", "region", "credentials"}
		}, nil},
		{"BK-L807", isProblem, stuck, func(ev *backup.Evidence) { ev.Storage[0].Location.Overridden = []string{"region"} }, nil},
	}
}

func accessCases() []codeCase {
	access := func(a backup.Answer) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Access = []backup.Access{{Verb: "patch", Ref: ev.Object.Ref, Allowed: a}}
		}
	}
	return []codeCase{
		{"BK-A001", isUnknown, stuck, func(ev *backup.Evidence) {
			ev.Gaps = []backup.Gap{{What: "pods in tidb-test", Why: "forbidden", Rule: "list pods in tidb-test"}}
		}, nil},
		{"BK-A002", isUnknown, stuck, func(ev *backup.Evidence) { ev.Object.Unreadable = []string{"spec.locations[0].prefix"} }, nil},
		{"BK-A003", isProblem, stuck, access(backup.No), access(backup.Yes)},
		{"BK-A003", isUnknown, stuck, access(backup.Unknown), nil},
		{"BK-A003", isProblem, stuck, access(backup.No), func(ev *backup.Evidence) { access(backup.No)(ev); noDeletion(ev) }},
	}
}
