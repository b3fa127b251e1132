package diagnose

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// found is the finding of a code.
func found(t *testing.T, ev *backup.Evidence, code string) backup.Finding {
	t.Helper()
	for _, f := range Diagnose(*ev, nil).Findings {
		if f.Code == code {
			return f
		}
	}
	t.Fatalf("%s was not found", code)
	return backup.Finding{}
}

func TestBlockedVerdict(t *testing.T) {
	of := func(name string) func(*backup.Blocker) {
		return func(b *backup.Blocker) { controller := job(name); b.Controller = &controller }
	}
	pod := func(name, phase string, changes ...func(*backup.Blocker)) backup.Blocker {
		b := user(name, phase)
		for _, change := range changes {
			change(&b)
		}
		return b
	}
	for name, tc := range map[string]struct {
		base   func() *backup.Evidence
		change func(*backup.Evidence)
		want   string
		status backup.Status
	}{
		"one pod": {claim, blockedBy(pod("a", "Succeeded")), "its deletion hangs: finalizer kubernetes.io/pvc-protection waits for Pod tidb-test/a: it names the claim", backup.StatusProblem},
		"pods of one Job": {claim, blockedBy(pod("a", "Succeeded", of("j")), pod("b", "Succeeded", of("j")), pod("c", "Succeeded", of("k"))),
			"its deletion hangs: finalizer kubernetes.io/pvc-protection waits for 2 Pods of Job tidb-test/j: it names the claim; and for 1 more", backup.StatusProblem},
		"pods of nobody": {claim, blockedBy(pod("a", "Succeeded"), pod("b", "Succeeded")), "its deletion hangs: finalizer kubernetes.io/pvc-protection waits for 2 Pods: it names the claim", backup.StatusProblem},
		"a pod on its way": {claim, blockedBy(pod("a", "Running", func(b *backup.Blocker) { b.Deleted = at("09:09:50") })),
			"its deletion was asked for a moment ago: finalizer kubernetes.io/pvc-protection waits for Pod tidb-test/a: it names the claim", backup.StatusOK},
		"its own state":  {claim, blockedBy(itself("it is Bound")), "its deletion hangs: finalizer kubernetes.io/pvc-protection waits: it is Bound", backup.StatusProblem},
		"nothing left":   {claim, nil, "its deletion hangs: nothing is left that finalizer kubernetes.io/pvc-protection waits for, and kube-controller-manager has not removed it", backup.StatusProblem},
		"a moment ago":   {claim, func(ev *backup.Evidence) { ev.Object.Deleted = at("09:09:30") }, "its deletion was asked for a moment ago: nothing is left that finalizer kubernetes.io/pvc-protection waits for, and kube-controller-manager has not removed it", backup.StatusOK},
		"a pod below":    {foreground, nil, "its deletion hangs: finalizer foregroundDeletion waits for Pod tidb-test/web-1-a of ReplicaSet tidb-test/web-1: it is held by finalizer example.com/hold", backup.StatusProblem},
		"a lost node":    {doomed, nil, "its deletion hangs: node node-1 is not ready, and only its kubelet can confirm that the pod has ended", backup.StatusProblem},
		"a node is gone": {doomed, func(ev *backup.Evidence) { node(ev, backup.Unknown, backup.Absent) }, "its deletion hangs: node node-1 is gone, and the pod garbage collector has not removed the pod yet", backup.StatusProblem},
		"a slow kubelet": {doomed, func(ev *backup.Evidence) { node(ev, backup.Yes, backup.Found) }, "its deletion hangs: node node-1 is ready, but its kubelet has not confirmed the end of the pod 9m after its grace period", backup.StatusProblem},
		"in time": {doomed, func(ev *backup.Evidence) {
			node(ev, backup.Yes, backup.Found)
			ev.At = clock("09:00:40")
		}, "its deletion was asked for a moment ago: node node-1 is ready, but its kubelet has not confirmed the end of the pod 10s after its grace period", backup.StatusOK},
		"grace": {doomed, func(ev *backup.Evidence) { ev.Pods[0].Deleted = at("09:12:00") }, "its deletion is under way: its grace period runs for another 2m", backup.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			ev := tc.base()
			if tc.change != nil {
				tc.change(ev)
			}
			d := Diagnose(*ev, nil)
			if d.Verdict != tc.want || d.Status != tc.status {
				t.Errorf("verdict %s\n got %q\nwant %q (%s)\nfindings %s", d.Status, d.Verdict, tc.want, tc.status, codes(d.Findings))
			}
		})
	}
}

func TestFixesNameTheBlockers(t *testing.T) {
	ev := claim()
	var many []backup.Blocker
	for i := range 25 {
		many = append(many, user(fmt.Sprintf("p%02d", i), "Succeeded"))
	}
	blockedBy(append(many, itself("it is kept"))...)(ev)
	f := found(t, ev, "BK-K101")
	if got := f.Fixes[0].Commands[0]; !strings.HasPrefix(got, "kubectl delete pod p00 p01 ") || !strings.HasSuffix(got, " p19 -n tidb-test") {
		t.Errorf("the command is %q; want the first 20 pods", got)
	}
	if len(f.Proof) != 6 || f.Proof[5].Text != "and 20 more like these" || !strings.Contains(f.Explain, "Removed by hand: the disk is deleted.") {
		t.Errorf("proof %v, explanation %q", f.Proof, f.Explain)
	}
	own := found(t, ev, "BK-K102")
	if got := own.Fixes[0].Commands[0]; got != `kubectl patch pvc data -n tidb-test -p '{"spec":{}}'` || own.Severity != backup.SeverityInfo {
		t.Errorf("the command is %s, the severity %s", got, own.Severity)
	}
}

func TestFixesOfWhatIsBeingDeletedAlready(t *testing.T) {
	ev := claim()
	pod := user("a", "Running")
	pod.Deleted, pod.Finalizers = at("09:00:30"), []string{"x.io/a", "x.io/b"}
	blockedBy(pod)(ev)
	f := found(t, ev, "BK-K101")
	if got := f.Fixes[0].Commands[0]; got != "kubectl backup diagnose pods/a -n tidb-test" {
		t.Errorf("the command is %q; want one that explains the pod", got)
	}
	if want := "Pod tidb-test/a is Running on node-1, and being deleted, held by finalizers x.io/a and x.io/b"; f.Proof[0].Text != want {
		t.Errorf("proof %q, want %q", f.Proof[0].Text, want)
	}
	node(ev, backup.No, backup.Found)
	f = found(t, ev, "BK-K101")
	if !strings.Contains(f.Proof[0].Text, "on node-1, which is not ready") || !strings.Contains(f.Fixes[1].Commands[0], "kubectl taint nodes node-1 node.kubernetes.io/out-of-service") {
		t.Errorf("proof %v, fixes %v; want the lost node and what helps there", f.Proof, f.Fixes)
	}
	ev.Nodes[0].Taints = []string{outOfService + ":NoExecute"}
	if f = found(t, ev, "BK-K101"); len(f.Fixes) != 1 || f.Fixes[0].Commands[0] != "kubectl describe node node-1" {
		t.Errorf("a node that is declared off already: fixes %v", f.Fixes)
	}
}

func TestFixesOfALostNodeWarn(t *testing.T) {
	f := found(t, doomed(), "BK-K109")
	if len(f.Fixes) != 3 || f.Fixes[0].Danger != "" {
		t.Fatalf("fixes %v; want to look first", f.Fixes)
	}
	for _, fix := range f.Fixes[1:] {
		if fix.Danger == "" {
			t.Errorf("%q has no danger", fix.Does)
		}
		if text := strings.Join(fix.Commands, "\n"); strings.Contains(text, "--force") || strings.Contains(text, "delete") {
			t.Errorf("%q is offered as a command", text)
		}
	}
	if !strings.Contains(f.Proof[0].Text, "Ready is not True (NodeStatusUnknown), its kubelet last renewed its lease 2026-11-21T08:00:00Z") {
		t.Errorf("proof %v", f.Proof)
	}
}

func TestAnAttachmentShowsItsNode(t *testing.T) {
	ev := claim()
	ev.Object.Ref = backup.Ref{Group: "storage.k8s.io", Resource: "volumeattachments", Kind: "VolumeAttachment", Name: "a"}
	blockedBy(itself("it is attached"))(ev)
	node(ev, backup.Unknown, backup.Absent)
	if f := found(t, ev, "BK-K102"); len(f.Proof) != 2 || f.Proof[1].Text != "node node-1 does not exist any more" {
		t.Errorf("proof %v; want the node", f.Proof)
	}
	node(ev, backup.Yes, backup.Found)
	if f := found(t, ev, "BK-K102"); len(f.Proof) != 1 {
		t.Errorf("proof %v; a node that is ready explains nothing", f.Proof)
	}
}

func TestAMissingObjectIsNamed(t *testing.T) {
	ev := claim()
	blockedBy(backup.Blocker{Missing: true, Because: "the driver needs it", Lingering: backup.Lingering{Ref: ref("", "secrets", "Secret", "csi")}})(ev)
	f := found(t, ev, "BK-K101")
	if f.Proof[0].Text != "Secret tidb-test/csi does not exist" || f.Cause != "Secret tidb-test/csi" {
		t.Errorf("proof %v, cause %q", f.Proof, f.Cause)
	}
}
