package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// BeforeDrill judges whether a backup can be drilled, as rows of the plan's gate, and
// says what of it is not restored or is changed.
func BeforeDrill(ev backup.Evidence) []backup.GateResult {
	rows := []backup.GateResult{drillComplete(ev.Object), drillRestorable(ev), drillContents(ev.Drill)}
	if ev.Drill.Lookup != backup.Found {
		return rows
	}
	rows = append(rows, drillVolumes(ev))
	for _, kind := range ev.Drill.LeftOut {
		rows = append(rows, shown("left-out", fmt.Sprintf("%s of %s: %s", counted(kind.Items, "object"), kind.Resource, kind.Why)))
	}
	return append(rows, drillChanges(ev.Drill)...)
}

func shown(condition, because string) backup.GateResult {
	return backup.GateResult{Condition: condition, State: backup.GateShown, Because: because}
}

func drillComplete(o backup.Object) backup.GateResult {
	row := backup.GateResult{Condition: "complete", State: backup.GatePass, Because: "the backup is " + string(o.Phase)}
	switch done := o.Done(); {
	case o.Deleting() || o.Phase == backup.PhaseDeleting:
		row.State, row.Because = backup.GateRefuse, "the backup is being deleted"
	case !o.Phase.Terminal():
		row.State, row.Because = backup.GateRefuse, "the backup is "+orElse(string(o.Phase), "of no phase that is known")+", and not complete"
	case o.Phase == backup.PhaseFailed || o.Phase == backup.PhaseInvalid:
		row.State, row.Because = backup.GateRefuse, "the backup is "+string(o.Phase)
	case done == backup.No:
		row.State, row.Because = backup.GateRefuse, "the data of the backup has not arrived"
	case done == backup.Unknown:
		row.State, row.Because = backup.GateWarning, "whether the data of the backup has arrived is not known"
	case o.Phase == backup.PhasePartiallyFailed:
		row.State = backup.GateWarning
	}
	return row
}

// drillRestorable: what is proven to be missing in the bucket needs no drill.
func drillRestorable(ev backup.Evidence) backup.GateResult {
	found := Verify(ev)
	row := backup.GateResult{Condition: "restorable", State: backup.GatePass, Because: found.Verdict}
	switch {
	case found.Restorable == backup.No:
		row.State = backup.GateRefuse
	case found.Status != backup.StatusOK:
		row.State = backup.GateWarning
	}
	return row
}

func drillContents(look *backup.DrillLook) backup.GateResult {
	row := backup.GateResult{Condition: "contents", State: backup.GatePass}
	switch n := int64(len(look.Contents.Objects)); {
	case look.Lookup != backup.Found:
		row.State, row.Because = backup.GateUnknown, unread("what is in the backup", look.Lookup, look.Error)
	case n == 0:
		row.State, row.Because = backup.GateRefuse, "the backup holds nothing that is in a namespace"
	default:
		row.Because = fmt.Sprintf("%s in %s, %s", counted(n, "object"), counted(int64(len(look.Namespaces)), "namespace"), counted(int64(len(look.Contents.Claims)), "claim"))
	}
	return row
}

// drillVolumes refuses what would have two applications write to one volume: without
// a copy Velero restores a volume that is not deleted with its claim as it is, so
// that it leads to the same storage (velero@v1.18.3 pkg/restore/restore.go,
// handleSkippedPVHasRetainPolicy).
func drillVolumes(ev backup.Evidence) backup.GateResult {
	var shared []string
	for _, claim := range ev.Drill.Contents.Claims {
		if claim.PV != "" && claim.Policy != "" && claim.Policy != "Delete" && !copied(ev.Archive, claim) {
			shared = append(shared, claim.Namespace+"/"+claim.Name)
		}
	}
	row := backup.GateResult{Condition: "volumes-apart", State: backup.GatePass, Because: "no volume would be shared with what runs"}
	switch names := strings.Join(shared, ", "); {
	case len(shared) == 0:
	case ev.Archive.VolumesRead != backup.Yes:
		row.State, row.Because = backup.GateUnknown, "whether there is a copy of "+names+" is not known; without one the drill would write to the storage of the application itself"
	default:
		row.State, row.Because = backup.GateRefuse, "there is no copy of "+names+", and the volume outlives its claim: the drill would write to the storage of the application itself"
	}
	return row
}

// copied tells whether the backup holds a copy of a claim's volume.
func copied(a *backup.Archive, claim backup.DrillClaim) bool {
	return slices.ContainsFunc(a.Volumes, func(v backup.ArchivedVolume) bool {
		same := v.PV == claim.PV || v.Namespace == claim.Namespace && v.Claim == claim.Name
		return same && v.State == backup.VolumeCopied
	})
}

// drillChanges says what becomes another thing, and what happens beside and after it.
func drillChanges(look *backup.DrillLook) []backup.GateResult {
	var rows []backup.GateResult
	left := func(resource string) bool {
		return slices.ContainsFunc(look.LeftOut, func(l backup.DrillLeftOut) bool { return l.Resource == resource })
	}
	if n := int64(len(look.Contents.Services)); n > 0 && !left("services") {
		rows = append(rows, shown("changed", counted(n, "Service")+" of the type LoadBalancer or NodePort, or with external addresses, become ClusterIP"))
	}
	if n := look.Contents.CronJobs; n > 0 && !left("cronjobs.batch") {
		rows = append(rows, shown("changed", counted(n, "CronJob")+" suspended"))
	}
	if custom := customKinds(look, left); len(custom) > 0 {
		rows = append(rows, backup.GateResult{Condition: "operators", State: backup.GateWarning, Because: "operators act on what is restored of " + strings.Join(custom, ", ")})
	}
	return append(rows,
		shown("running", "what is restored runs, and reaches what the network lets it reach"),
		shown("afterwards", "what the drill made is deleted, and a drill that passed is noted at the backup, in the annotation "+backup.LastDrillAnnotation))
}

// customKinds are the kinds of custom resources that are restored.
func customKinds(look *backup.DrillLook, left func(string) bool) []string {
	var out []string
	for _, object := range look.Contents.Objects {
		_, group, _ := strings.Cut(object.Resource, ".")
		if strings.Contains(group, ".") && !strings.HasSuffix(group, ".k8s.io") && !left(object.Resource) && !slices.Contains(out, object.Resource) {
			out = append(out, object.Resource)
		}
	}
	slices.Sort(out)
	return out
}
