package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// judgeIdleController says that a controller has not acted although all that
// its finalizer can wait for was looked at.
func judgeIdleController(ev *backup.Evidence) []backup.Finding {
	return eachBlocking(ev, func(b backup.Blocking, f backup.Finalizer) []backup.Finding {
		if len(b.Blockers) > 0 || b.Lookup != backup.Found {
			return nil
		}
		manager := orElse(f.Owner.Manager, "its controller")
		found := problem("BK-K103", causeAfter(ev, settling), ev.Object.Ref, fmt.Sprintf("nothing is left that finalizer %s waits for, and %s has not removed it", f.Name, manager))
		found.Explain = "It waits for " + f.WaitsFor + "; that was looked at, and it holds."
		if ofGC(f.Name) {
			found.Explain += " The garbage collector stops while it cannot list some kind, and it may miss an object that was deleted in the foreground more than once."
		}
		found.Cause = manager
		leases := command("kubectl", "get", "leases.coordination.k8s.io", "-A")
		if manager == "kube-controller-manager" {
			leases = look("kube-system", "get", "leases.coordination.k8s.io", manager, "-o", "yaml")
		}
		found.Fixes = []backup.Fix{{Does: "Shows whether " + manager + " is at work: it renews its lease every few seconds.", DoesNot: "It changes nothing.", Commands: []string{leases}}}
		return one(found)
	})
}

// judgeControllerEvents quotes the last event in which a finalizer's controller
// says that it failed.
func judgeControllerEvents(ev *backup.Evidence) []backup.Finding {
	if !ev.Object.Deleting() {
		return nil
	}
	var all []backup.Finding
	for _, f := range ev.Object.Finalizers {
		last := lastEvent(ev, f.Events...)
		if last == nil {
			continue
		}
		found := problem("BK-K104", backup.SeverityCause, ev.Object.Ref, fmt.Sprintf("%s cannot do what finalizer %s waits for: %s", orElse(f.Owner.Manager, "its controller"), f.Name, gist(last.Message)))
		found.Explain = consequence(f)
		found.Proof = []backup.Proof{{Text: shorten(last.Message), Source: "event " + last.Reason, At: &last.At}}
		all = append(all, found)
	}
	return all
}

// lastEvent is the latest event of the target with one of the reasons, or nil.
func lastEvent(ev *backup.Evidence, reasons ...string) *backup.Event {
	for _, e := range slices.Backward(ev.Events) {
		if slices.Contains(reasons, e.Reason) && e.Object.Name == ev.Object.Ref.Name && strings.EqualFold(e.Object.Kind, ev.Object.Ref.Kind) {
			return &e
		}
	}
	return nil
}
