package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Drill judges what a drill restored. What it took is for whoever ran it to add.
func Drill(ev backup.Evidence) backup.Drill {
	d := backup.Drill{
		APIVersion: backup.APIVersion, Kind: "Drill", At: ev.At, Cluster: ev.Cluster, Backup: ev.Object, Namespaces: ev.Drill.Namespaces,
		Kinds: ev.Drill.Found.Kinds, Claims: ev.Drill.Found.Claims, Workloads: ev.Drill.Found.Workloads, Restore: ev.Drill.Found.Restore.Ref,
	}
	for _, e := range drillEntries() {
		d.Findings = append(d.Findings, e.judge(&ev)...)
	}
	slices.SortStableFunc(d.Findings, func(a, b backup.Finding) int { return rank(a) - rank(b) })
	d.Status = status(d.Findings)
	d.Verdict = drillVerdict(ev.Drill, d)
	return d
}

func drillVerdict(look *backup.DrillLook, d backup.Drill) string {
	first := func(status backup.Status) string {
		for _, f := range d.Findings {
			if f.Status == status {
				return f.Title
			}
		}
		return ""
	}
	switch d.Status {
	case backup.StatusProblem:
		return "the drill failed: " + first(backup.StatusProblem)
	case backup.StatusOK:
		restored := int64(0)
		for _, kind := range look.Found.Kinds {
			restored += kind.Restored
		}
		return fmt.Sprintf("the drill passed: %s and %s restored into %s, and ready",
			counted(restored, "object"), counted(int64(len(look.Found.Claims)), "volume"), counted(int64(len(look.Namespaces)), "namespace"))
	}
	return "the drill proves nothing: " + first(backup.StatusUnknown)
}

// DrillPending says what is not ready yet of what a drill restored, or is empty.
func DrillPending(look *backup.DrillLook) string {
	var waits []string
	for _, w := range look.Found.Workloads {
		if w.Ready < w.Wanted && !unreadyBefore(look, w) {
			waits = append(waits, fmt.Sprintf("%s %s/%s (%d/%d)", w.Resource, w.Namespace, w.Name, w.Ready, w.Wanted))
		}
	}
	for _, c := range look.Found.Claims {
		if c.Phase != "Bound" && !unboundBefore(look, c) && (c.Used || !c.Waits) {
			waits = append(waits, "claim "+c.Namespace+"/"+c.Name)
		}
	}
	for _, gap := range look.Found.Unread {
		waits = append(waits, gap.What)
	}
	return strings.Join(waits, ", ")
}

// unreadyBefore tells whether the workload was not ready in the backup either.
func unreadyBefore(look *backup.DrillLook, w backup.DrillWorkload) bool {
	return slices.ContainsFunc(look.Contents.Workloads, func(b backup.DrillWorkload) bool {
		return b.Resource == w.Resource && b.Namespace == w.Namespace && b.Name == w.Name && b.Ready < b.Wanted
	})
}

// unboundBefore tells whether the claim was not bound in the backup either.
func unboundBefore(look *backup.DrillLook, c backup.DrillClaim) bool {
	was := claimBefore(look, c)
	return was != nil && was.Phase != "Bound"
}

func claimBefore(look *backup.DrillLook, c backup.DrillClaim) *backup.DrillClaim {
	for i, b := range look.Contents.Claims {
		if b.Namespace == c.Namespace && b.Name == c.Name {
			return &look.Contents.Claims[i]
		}
	}
	return nil
}

// onDrill judges evidence of a drill that restored something.
func onDrill(judge func(look *backup.DrillLook, subject backup.Ref) []backup.Finding) func(*backup.Evidence) []backup.Finding {
	return func(ev *backup.Evidence) []backup.Finding {
		if ev.Drill == nil || ev.Drill.Found == nil {
			return nil
		}
		return judge(ev.Drill, ev.Object.Ref)
	}
}

// spanOf is a duration in words.
func spanOf(d backup.Duration) string { return span(time.Duration(d)) }
