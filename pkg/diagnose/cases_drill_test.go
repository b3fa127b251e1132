package diagnose

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// drilledShop is a drill that passed: a web server with a claim, all of it ready.
func drilledShop() *backup.Evidence {
	claim := backup.DrillClaim{Namespace: "shop", Name: "db", Bytes: 1 << 30, Phase: "Bound", PV: "pv-1", Policy: "Delete"}
	web := backup.DrillWorkload{Resource: "deployments.apps", Namespace: "shop", Name: "web", Wanted: 2, Ready: 2}
	volume := backup.ArchivedVolume{Namespace: "shop", Claim: "db", PV: "pv-1", State: backup.VolumeCopied}
	return &backup.Evidence{
		At:      clock("09:00:00"),
		Object:  backup.Object{System: "velero", Role: backup.RoleBackup, Ref: ref("velero.io", "backups", "Backup", "nightly"), Phase: backup.PhaseCompleted, Data: backup.DataMoved},
		Archive: &backup.Archive{VolumesRead: backup.Yes, Volumes: []backup.ArchivedVolume{volume}},
		Drill: &backup.DrillLook{
			Name: "drill-1-nightly", Namespaces: []backup.DrillNamespace{{From: "shop", To: "drill-1-shop"}}, Read: backup.Read{Lookup: backup.Found},
			Contents: backup.DrillContents{
				All: []string{"shop"}, Claims: []backup.DrillClaim{claim}, Workloads: []backup.DrillWorkload{web},
				Objects: []backup.DrillObject{{Resource: "deployments.apps", Namespace: "shop", Name: "web"}, {Resource: "persistentvolumeclaims", Namespace: "shop", Name: "db"}},
			},
			Found: &backup.DrillFound{
				Restore: backup.Object{Ref: ref("velero.io", "restores", "Restore", "drill-1-nightly"), Phase: backup.PhaseCompleted, NativePhase: "Completed", Data: backup.DataMoved},
				Kinds:   []backup.DrillKind{{Read: backup.Read{Lookup: backup.Found}, Resource: "deployments.apps", InBackup: 1, Restored: 1}},
				Claims:  []backup.DrillClaim{claim}, Workloads: []backup.DrillWorkload{web}, Volumes: []backup.ArchivedVolume{volume}, VolumesRead: backup.Yes,
				Waited: backup.Duration(10 * time.Minute),
			},
		},
	}
}

// onFound changes what was found of the drill.
func onFound(change func(*backup.DrillFound)) func(*backup.Evidence) {
	return func(ev *backup.Evidence) { change(ev.Drill.Found) }
}

func late(f *backup.DrillFound) {
	f.Late, f.Restore.Phase, f.Restore.NativePhase = true, backup.PhaseRunning, "InProgress"
}

func drillCases() []codeCase {
	return slices.Concat(drillRestoreCases(), drillObjectCases(), drillVolumeCases(), drillWorkloadCases())
}

func drillRestoreCases() []codeCase {
	ended := func(phase backup.Phase) func(*backup.Evidence) {
		return onFound(func(f *backup.DrillFound) { f.Restore.Phase, f.Restore.NativePhase = phase, string(phase) })
	}
	lost := onFound(func(f *backup.DrillFound) {
		f.Restore.Data = backup.DataFailed
		f.Restore.Works = []backup.Work{{Phase: backup.PhaseFailed, Volume: "shop/db", Message: "no node"}, {Phase: backup.PhaseCompleted}}
	})
	return []codeCase{
		{code: "BK-D101", status: backup.StatusOK, base: drilledShop, clear: onFound(late)},
		{code: "BK-D101", status: backup.StatusProblem, base: drilledShop, raise: ended(backup.PhasePartiallyFailed)},
		{code: "BK-D101", status: backup.StatusProblem, base: drilledShop, raise: ended(backup.PhaseFailed), clear: onFound(late)},
		{code: "BK-D101", status: backup.StatusProblem, base: drilledShop, raise: lost},
		{code: "BK-D101", status: backup.StatusUnknown, base: drilledShop, raise: onFound(late)},
		{code: "BK-D101", status: backup.StatusUnknown, base: drilledShop, raise: onFound(func(f *backup.DrillFound) { f.Restore = backup.Object{} })},
		{code: "BK-D101", status: backup.StatusUnknown, base: drilledShop, raise: onFound(func(f *backup.DrillFound) { f.Restore.Data = backup.DataUnknown })},
	}
}

func drillObjectCases() []codeCase {
	kind := func(change func(*backup.DrillKind)) func(*backup.Evidence) {
		return onFound(func(f *backup.DrillFound) { change(&f.Kinds[0]) })
	}
	unserved := kind(func(k *backup.DrillKind) {
		k.Read, k.Missing = backup.Read{Lookup: backup.Absent, Error: "this cluster serves no things"}, 1
	})
	return []codeCase{
		{code: "BK-D102", status: backup.StatusOK, base: drilledShop, clear: kind(func(k *backup.DrillKind) { k.Missing = 1 })},
		{code: "BK-D102", status: backup.StatusProblem, base: drilledShop, raise: kind(func(k *backup.DrillKind) { k.Missing, k.Names = 3, []string{"shop/web"} }), clear: kind(func(k *backup.DrillKind) { k.LeftOut, k.Missing = "never restored", 1 })},
		{code: "BK-D102", status: backup.StatusProblem, base: drilledShop, raise: unserved, clear: kind(func(k *backup.DrillKind) { k.Lookup = backup.Absent })},
		{code: "BK-D102", status: backup.StatusUnknown, base: drilledShop, raise: kind(func(k *backup.DrillKind) { k.Read = backup.Read{Lookup: backup.Denied, Rule: "list deployments"} })},
		{code: "BK-D102", status: backup.StatusUnknown, base: drilledShop, raise: onFound(func(f *backup.DrillFound) { f.Kinds = nil })},
		{code: "BK-D102", status: backup.StatusSkipped, base: drilledShop, raise: onFound(late)},
	}
}

func drillVolumeCases() []codeCase {
	claim := func(change func(*backup.DrillClaim)) func(*backup.Evidence) {
		return onFound(func(f *backup.DrillFound) { change(&f.Claims[0]) })
	}
	volume := func(change func(*backup.ArchivedVolume)) func(*backup.Evidence) {
		return onFound(func(f *backup.DrillFound) { change(&f.Volumes[0]) })
	}
	unbound := func(ev *backup.Evidence) {
		ev.Drill.Contents.Claims[0].Phase, ev.Drill.Found.Claims[0].Phase = "Pending", "Pending"
	}
	without := func(ev *backup.Evidence) { ev.Drill.Contents.Claims, ev.Drill.Found.Claims = nil, nil }
	return []codeCase{
		{code: "BK-D103", status: backup.StatusOK, base: drilledShop, clear: without},
		{code: "BK-D103", status: backup.StatusProblem, base: drilledShop, raise: claim(func(c *backup.DrillClaim) { c.Phase = "Pending" }), clear: unbound},
		{code: "BK-D103", status: backup.StatusProblem, base: drilledShop, raise: claim(func(c *backup.DrillClaim) { c.Bytes = 1 })},
		{code: "BK-D103", status: backup.StatusUnknown, base: drilledShop, raise: claim(func(c *backup.DrillClaim) { c.Phase, c.Waits = "Pending", true })},
		{code: "BK-D103", status: backup.StatusUnknown, base: drilledShop, raise: onFound(func(f *backup.DrillFound) {
			f.Unread = []backup.Gap{{What: "persistentvolumeclaims in namespace drill-1-shop", Lookup: backup.Denied}}
		})},
		{code: "BK-D104", status: backup.StatusOK, base: drilledShop, clear: without},
		{code: "BK-D104", status: backup.StatusProblem, base: drilledShop, raise: volume(func(v *backup.ArchivedVolume) { v.State, v.Why = backup.VolumeNotCopied, "no snapshot" }), clear: volume(func(v *backup.ArchivedVolume) { v.State, v.Meant, v.Claim = backup.VolumeNotCopied, true, "" })},
		{code: "BK-D104", status: backup.StatusSkipped, base: drilledShop, raise: volume(func(v *backup.ArchivedVolume) { v.State, v.Meant = backup.VolumeNotCopied, true })},
		{code: "BK-D104", status: backup.StatusUnknown, base: drilledShop, raise: volume(func(v *backup.ArchivedVolume) { v.State = backup.VolumeUnknown })},
		{code: "BK-D104", status: backup.StatusUnknown, base: drilledShop, raise: onFound(func(f *backup.DrillFound) { f.VolumesRead = backup.Unknown })},
	}
}

func drillWorkloadCases() []codeCase {
	web := func(change func(*backup.DrillWorkload)) func(*backup.Evidence) {
		return onFound(func(f *backup.DrillFound) { change(&f.Workloads[0]) })
	}
	down := web(func(w *backup.DrillWorkload) { w.Ready, w.Why = 1, "pod web-1: ErrImagePull" })
	before := func(ev *backup.Evidence) {
		ev.Drill.Contents.Workloads[0].Ready, ev.Drill.Found.Workloads[0].Ready = 0, 0
	}
	return []codeCase{
		{code: "BK-D105", status: backup.StatusOK, base: drilledShop, clear: onFound(func(f *backup.DrillFound) { f.Workloads = nil })},
		{code: "BK-D105", status: backup.StatusProblem, base: drilledShop, raise: down, clear: onFound(late)},
		{code: "BK-D105", status: backup.StatusSkipped, base: drilledShop, raise: before},
		{code: "BK-D105", status: backup.StatusUnknown, base: drilledShop, raise: onFound(func(f *backup.DrillFound) {
			f.Unread = []backup.Gap{{What: "pods in namespace drill-1-shop", Lookup: backup.Failed}}
		})},
	}
}

func TestADrillHasOneVerdict(t *testing.T) {
	for want, change := range map[string]func(*backup.Evidence){
		"the drill passed: 1 object and 1 volume restored into 1 namespace, and ready": func(*backup.Evidence) {},
		"the drill failed: 1 of 1 deployments.apps not restored: shop/web": func(ev *backup.Evidence) {
			ev.Drill.Found.Restore.Phase = backup.PhasePartiallyFailed
			ev.Drill.Found.Messages = []backup.ArchiveMessage{{Severity: backup.SeverityCause, Scope: "velero", Text: "denied"}}
			ev.Drill.Found.Kinds[0].Missing, ev.Drill.Found.Kinds[0].Names = 1, []string{"shop/web"}
		},
		"the drill proves nothing: Restore tidb-test/drill-1-nightly did not end in time; it is InProgress": onFound(late),
	} {
		ev := drilledShop()
		change(ev)
		if got := Drill(*ev).Verdict; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestADrillWaitsForWhatWasReady(t *testing.T) {
	for want, change := range map[string]func(*backup.Evidence){
		"": func(*backup.Evidence) {},
		"deployments.apps shop/web (0/2), claim shop/db": func(ev *backup.Evidence) {
			ev.Drill.Found.Workloads[0].Ready, ev.Drill.Found.Claims[0].Phase = 0, "Pending"
		},
		"pods in namespace drill-1-shop": onFound(func(f *backup.DrillFound) { f.Unread = []backup.Gap{{What: "pods in namespace drill-1-shop"}} }),
	} {
		ev := drilledShop()
		change(ev)
		if got := DrillPending(ev.Drill); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	ev := drilledShop()
	ev.Drill.Contents.Workloads[0].Ready, ev.Drill.Found.Workloads[0].Ready = 0, 0
	ev.Drill.Found.Claims[0].Phase, ev.Drill.Found.Claims[0].Waits = "Pending", true
	if got := DrillPending(ev.Drill); got != "" {
		t.Errorf("waits for %q, which was not ready in the backup, or is bound by no pod", got)
	}
}

func TestBeforeADrill(t *testing.T) {
	for name, c := range map[string]struct {
		change    func(*backup.Evidence)
		condition string
		want      backup.GateState
		says      string
	}{
		"complete":        {func(*backup.Evidence) {}, "complete", backup.GatePass, "Completed"},
		"running":         {func(ev *backup.Evidence) { ev.Object.Phase = backup.PhaseRunning }, "complete", backup.GateRefuse, "not complete"},
		"of no phase":     {func(ev *backup.Evidence) { ev.Object.Phase = "" }, "complete", backup.GateRefuse, "of no phase"},
		"failed":          {func(ev *backup.Evidence) { ev.Object.Phase = backup.PhaseFailed }, "complete", backup.GateRefuse, "Failed"},
		"deleted":         {func(ev *backup.Evidence) { ev.Object.Phase = backup.PhaseDeleting }, "complete", backup.GateRefuse, "being deleted"},
		"in part":         {func(ev *backup.Evidence) { ev.Object.Phase = backup.PhasePartiallyFailed }, "complete", backup.GateWarning, "PartiallyFailed"},
		"moving":          {func(ev *backup.Evidence) { ev.Object.Data = backup.DataMoving }, "complete", backup.GateRefuse, "has not arrived"},
		"of unknown data": {func(ev *backup.Evidence) { ev.Object.Data = backup.DataUnknown }, "complete", backup.GateWarning, "not known"},
		"unverified":      {func(*backup.Evidence) {}, "restorable", backup.GateWarning, ""},
		"unread":          {func(ev *backup.Evidence) { ev.Drill.Read = backup.Read{Lookup: backup.Failed, Error: "no route"} }, "contents", backup.GateUnknown, "no route"},
		"empty":           {func(ev *backup.Evidence) { ev.Drill.Contents.Objects = nil }, "contents", backup.GateRefuse, "nothing"},
		"full":            {func(*backup.Evidence) {}, "contents", backup.GatePass, "2 objects in 1 namespace, 1 claim"},
		"apart":           {func(ev *backup.Evidence) { ev.Drill.Contents.Claims[0].Policy = "Retain" }, "volumes-apart", backup.GatePass, ""},
		"shared":          {func(ev *backup.Evidence) { ev.Drill.Contents.Claims[0].Policy, ev.Archive.Volumes = "Retain", nil }, "volumes-apart", backup.GateRefuse, "shop/db"},
		"perhaps shared": {func(ev *backup.Evidence) {
			ev.Drill.Contents.Claims[0].Policy, ev.Archive.Volumes, ev.Archive.VolumesRead = "Retain", nil, ""
		}, "volumes-apart", backup.GateUnknown, "shop/db"},
		"outer Services":   {func(ev *backup.Evidence) { ev.Drill.Contents.Services = make([]backup.DrillService, 2) }, "changed", backup.GateShown, "2 Services"},
		"CronJobs":         {func(ev *backup.Evidence) { ev.Drill.Contents.CronJobs = 1 }, "changed", backup.GateShown, "1 CronJob suspended"},
		"custom resources": {func(ev *backup.Evidence) { ev.Drill.Contents.Objects[0].Resource = "clusters.example.com" }, "operators", backup.GateWarning, "clusters.example.com"},
		"left out": {func(ev *backup.Evidence) {
			ev.Drill.LeftOut = []backup.DrillLeftOut{{Resource: "deployments.apps", Items: 1, Why: "so"}}
		}, "left-out", backup.GateShown, "1 object of deployments.apps: so"},
		"what happens then": {func(*backup.Evidence) {}, "afterwards", backup.GateShown, backup.LastDrillAnnotation},
	} {
		ev := drilledShop()
		c.change(ev)
		rows := BeforeDrill(*ev)
		i := slices.IndexFunc(rows, func(r backup.GateResult) bool { return r.Condition == c.condition })
		if i < 0 || rows[i].State != c.want || !strings.Contains(rows[i].Because, c.says) {
			t.Errorf("%s: %+v", name, rows)
		}
	}
}

func TestAnArchiveThatIsNoGoodIsNotDrilled(t *testing.T) {
	ev := drilledShop()
	ev.Archive = &backup.Archive{Listing: backup.Found, Files: []backup.ArchiveFile{{Role: backup.FileContents, Need: backup.NeedRequired, State: backup.FileMissing}}}
	if row := drillRestorable(*ev); row.State != backup.GateRefuse {
		t.Errorf("%+v", row)
	}
}
