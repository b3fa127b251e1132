package diagnose

import (
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func podCases() []codeCase {
	pending := func(reason, message string) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { freshClean(ev, pendingPod("a", "08:59:56", reason, message)) }
	}
	refused := func(message string) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			freshClean(ev)
			ev.Events = []backup.Event{{At: clock("08:59:57"), Type: "Warning", Reason: "FailedCreate", Object: job("clean-backup-test"), Message: message}}
		}
	}
	return []codeCase{
		{"BK-W203", isProblem, stuck, pending("Unschedulable", "0/3 nodes are available"), nil},
		{"BK-W204", isProblem, stuck, pending("ImagePullBackOff", "Back-off pulling image"), pending("Unschedulable", "")},
		{"BK-W205", isProblem, stuck, pending("CreateContainerConfigError", `secret "s3-secret" not found`), nil},
		{"BK-W205", isProblem, stuck, func(ev *backup.Evidence) {
			pending("ContainerCreating", "")(ev)
			ev.Events = []backup.Event{{Reason: "FailedMount", Object: backup.Ref{Name: "a"}, Message: "MountVolume.SetUp failed"}}
		}, pending("ContainerCreating", "")},
		{"BK-W206", isProblem, stuck, refused("something says no"), nil},
		{"BK-W206", isProblem, stuck, refused("something says no"), func(ev *backup.Evidence) {
			refused("something says no")(ev) // a pod that was made afterwards
			cleanJob(ev).Pods = []backup.Pod{runningPod("a", "08:59:58")}
		}},
		{"BK-W206", isProblem, stuck, refused("something says no"), refused("namespace is being terminated")},
		{"BK-W207", isProblem, stuck, refused("pods is forbidden: exceeded quota: compute"), refused("no")},
		{"BK-W208", isProblem, stuck, refused(`violates PodSecurity "restricted:latest"`), refused("no")},
		{"BK-W209", isProblem, stuck, refused(`failed calling webhook "x.io"`), refused("no")},
		{"BK-C405", isProblem, stuck, refused(`error looking up service account tidb-test/tidb-backup-manager: serviceaccount "tidb-backup-manager" not found`), nil},
	}
}

func runCases() []codeCase {
	work := func(w backup.Work) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			w.Ref, w.Created = job("w"), clock("08:59:00")
			ev.Object.Works = []backup.Work{w}
		}
	}
	running, lost, unheard := runningPod("p", "08:59:00"), runningPod("p", "08:59:00"), runningPod("p", "08:59:00")
	lost.NodeReady, unheard.NodeReady = backup.No, backup.Unknown
	run := func(p backup.Pod) func(*backup.Evidence) {
		return work(backup.Work{Role: backup.WorkRun, Lookup: backup.Found, PodsLookup: backup.Found, Active: 1, Pods: []backup.Pod{p}})
	}
	phase := func(p backup.Phase, started string, usual time.Duration) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Object.Phase, ev.Object.Started, ev.Object.Usual = p, at(started), backup.Duration(usual)
		}
	}
	data := func(d backup.DataState) func(*backup.Evidence) {
		return func(ev *backup.Evidence) {
			ev.Object.Data = d
			ev.Object.Works = []backup.Work{{Role: backup.WorkMove, Ref: ref("velero.io", "datauploads", "DataUpload", "du"), Lookup: backup.Found, Phase: backup.PhaseRunning}}
		}
	}
	return []codeCase{
		{"BK-W210", isProblem, stuck, run(running), nil},
		{"BK-W210", isUnknown, stuck, work(backup.Work{Role: backup.WorkStop, Lookup: backup.Failed, Error: "timeout"}), nil},
		{"BK-W210", isUnknown, stuck, work(backup.Work{Role: backup.WorkRun, Lookup: backup.Found, PodsLookup: backup.Denied, Active: 1}), nil},
		{"BK-W210", isOK, stuck, nil, noDeletion},
		{"BK-W211", isProblem, stuck, run(lost), run(running)},
		{"BK-W211", isUnknown, stuck, run(unheard), run(lost)},
		{"BK-W211", isProblem, failed, func(ev *backup.Evidence) { run(lost)(ev); ev.Object.Phase = backup.PhaseRunning }, run(lost)},
		{"BK-W212", isProblem, stuck, work(backup.Work{Role: backup.WorkRun, Lookup: backup.Found, Deleting: true}), nil},
		{"BK-W213", isProblem, failed, nil, func(ev *backup.Evidence) { ev.Object.Phase, ev.Object.Conditions = backup.PhaseCompleted, nil }},
		{"BK-W213", isProblem, completed, func(ev *backup.Evidence) {
			work(backup.Work{Role: backup.WorkRun, Lookup: backup.Found, Failed: 1, Pods: []backup.Pod{{Phase: "Failed", Created: clock("08:59:01"), Reason: "Evicted", Message: "The node was low on memory"}}})(ev)
			ev.Object.Phase = backup.PhaseUnknown
		}, func(ev *backup.Evidence) {
			work(backup.Work{Role: backup.WorkRun, Lookup: backup.Found, Succeeded: 1})(ev)
			ev.Object.Phase = backup.PhaseUnknown
		}},
		{"BK-W214", isProblem, completed, phase(backup.PhaseRunning, "08:00:00", time.Hour), phase(backup.PhaseRunning, "08:30:00", time.Hour)},
		{"BK-W214", isOK, completed, func(ev *backup.Evidence) {
			phase(backup.PhasePending, "08:00:00", 0)(ev)
			ev.Object.PhaseSince = at("08:59:00")
		}, nil},
		{"BK-W214", isSkipped, completed, func(ev *backup.Evidence) {
			phase(backup.PhaseRunning, "08:00:00", 0)(ev)
			ev.Object.Started = nil
		}, nil},
		{"BK-W215", isProblem, completed, data(backup.DataMoving), data(backup.DataMoved)},
		{"BK-W216", isProblem, completed, data(backup.DataFailed), data(backup.DataMoved)},
		{"BK-W216", isUnknown, completed, data(backup.DataUnknown), data(backup.DataMoved)},
	}
}

func faultCases() []codeCase {
	said := func(text string) func(*backup.Evidence) { return func(ev *backup.Evidence) { say(ev, text) } }
	runSaid := func(text string) func(*backup.Evidence) {
		return func(ev *backup.Evidence) { ev.Object.Conditions[3].Message = text }
	}
	const missing = "NoSuchBucket: The specified bucket does not exist"
	return []codeCase{
		{"BK-S301", isProblem, stuck, nil, func(ev *backup.Evidence) { say(ev, missing); runSaid(missing)(ev) }},
		{"BK-S301", isProblem, failed, nil, func(ev *backup.Evidence) { ev.Object.Conditions = nil }},
		{"BK-S302", isProblem, stuck, said(`Get "http://dead.lab.svc:9999/": context deadline exceeded`), nil},
		{"BK-S303", isProblem, stuck, said(`Get "https://dead.lab.svc:9999/": x509: certificate signed by unknown authority`), nil},
		{"BK-S303", isProblem, stuck, said(`Get "https://dead.lab.svc:9999/": http: server gave HTTP response to HTTPS client`), nil},
		{"BK-S304", isProblem, stuck, said(`AuthorizationHeaderMalformed: the region "us-east-1" is wrong; expecting "eu-west-1"`), nil},
		{"BK-S305", isProblem, stuck, said(missing), nil},
		{"BK-C401", isProblem, stuck, said("AccessDenied: Access Denied status code: 403"), nil},
		{"BK-C402", isProblem, stuck, said("InvalidAccessKeyId: the key does not exist"), nil},
		{"BK-C402", isProblem, failed, runSaid("SignatureDoesNotMatch: no"), nil},
	}
}
