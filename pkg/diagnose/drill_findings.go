package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// drillErrors is how many errors of a restore are told.
const drillErrors = 5

func judgeDrillRestore(look *backup.DrillLook, subject backup.Ref) []backup.Finding {
	o := look.Found.Restore
	name := o.Ref.Human()
	switch {
	case o.Ref.Name == "":
		return one(unknown("BK-D101", subject, "the Restore was not seen"))
	case !restoreEnded(look):
		return one(unknown("BK-D101", o.Ref, name+" did not end in time; it is "+orElse(o.NativePhase, "not begun")))
	case o.Data == backup.DataFailed:
		return one(problem("BK-D101", backup.SeverityCause, o.Ref, "data of volumes could not be restored"+drillMovers(o)))
	case o.Phase != backup.PhaseCompleted:
		severity := backup.SeverityCause
		if o.Phase == backup.PhasePartiallyFailed { // what is missing says more
			severity = backup.SeverityWarning
		}
		f := problem("BK-D101", severity, o.Ref, "the restore ended: "+orElse(o.NativePhase, string(o.Phase)))
		f.Proof = drillMessages(look.Found, backup.SeverityCause)
		return one(f)
	case o.Done() != backup.Yes:
		return one(unknown("BK-D101", o.Ref, "whether the data of "+name+" has arrived is not known"))
	}
	return one(fine("BK-D101", o.Ref, "the restore is Completed, its data included"))
}

// restoreEnded tells whether the restore ended in time, its data included.
func restoreEnded(look *backup.DrillLook) bool {
	return !look.Found.Late && look.Found.Restore.Phase.Terminal()
}

// drillMovers names the movers that failed.
func drillMovers(o backup.Object) string {
	var failed []string
	for _, w := range o.Works {
		if w.Phase == backup.PhaseFailed {
			failed = append(failed, orElse(w.Volume, w.Ref.Name)+": "+orElse(shorten(w.Message), w.NativePhase))
		}
	}
	if len(failed) == 0 {
		return ""
	}
	return ": " + strings.Join(failed, "; ")
}

// drillMessages are the first errors of the restore.
func drillMessages(found *backup.DrillFound, severity backup.Severity) []backup.Proof {
	var out []backup.Proof
	for _, m := range found.Messages {
		if m.Severity == severity && len(out) < drillErrors {
			out = append(out, backup.Proof{Text: shorten(m.Text), Source: "results of the restore, " + m.Scope})
		}
	}
	if len(out) == 0 && found.MessagesRead.Lookup != backup.Found {
		out = append(out, backup.Proof{Text: unread("the results of the restore", found.MessagesRead.Lookup, found.MessagesRead.Error), Source: "the bucket"})
	}
	return out
}

func judgeDrillObjects(look *backup.DrillLook, subject backup.Ref) []backup.Finding {
	switch {
	case !restoreEnded(look):
		return one(skipped("BK-D102", subject, "the restore did not end, so that nothing is missing yet"))
	case look.Found.Kinds == nil:
		return one(unknown("BK-D102", subject, "the objects were not compared"))
	}
	var out []backup.Finding
	for _, kind := range look.Found.Kinds {
		switch {
		case kind.LeftOut != "":
		case kind.Lookup == backup.Absent && kind.Missing == 0: // nothing of it had to come back
		case kind.Lookup != backup.Found && kind.Lookup != backup.Absent:
			f := unknown("BK-D102", subject, unread(kind.Resource+" of the drill", kind.Lookup, kind.Error))
			if kind.Rule != "" {
				f.Proof = []backup.Proof{{Text: "missing right: " + kind.Rule, Source: "the API server"}}
			}
			out = append(out, f)
		case kind.Missing > 0:
			out = append(out, missingObjects(kind, subject))
		}
	}
	if len(out) == 0 {
		return one(fine("BK-D102", subject, "every object that has to be there is there"))
	}
	return out
}

func missingObjects(kind backup.DrillKind, subject backup.Ref) backup.Finding {
	names := strings.Join(kind.Names, ", ")
	if more := kind.Missing - int64(len(kind.Names)); more > 0 {
		names += fmt.Sprintf(" and %d more", more)
	}
	title := fmt.Sprintf("%d of %d %s not restored: %s", kind.Missing, kind.InBackup, kind.Resource, names)
	if kind.Lookup == backup.Absent {
		title += "; " + kind.Error
	}
	return problem("BK-D102", backup.SeverityCause, subject, title)
}

func judgeDrillClaims(look *backup.DrillLook, subject backup.Ref) []backup.Finding {
	if len(look.Contents.Claims) == 0 || !restoreEnded(look) {
		return nil
	}
	var out []backup.Finding
	for _, c := range look.Found.Claims {
		name, was := c.Namespace+"/"+c.Name, claimBefore(look, c)
		switch {
		case was == nil || was.Phase != "Bound":
		case c.Phase != "Bound" && c.Waits && !c.Used:
			out = append(out, unknown("BK-D103", subject, "claim "+name+" is bound only when a pod uses it, and none does: its volume was not seen"))
		case c.Phase != "Bound":
			out = append(out, problem("BK-D103", backup.SeverityCause, subject, fmt.Sprintf("claim %s is %s after %s", name, orElse(c.Phase, "of no phase"), spanOf(look.Found.Waited))))
		case c.Bytes < was.Bytes:
			out = append(out, problem("BK-D103", backup.SeverityCause, subject, fmt.Sprintf("the volume of claim %s has %s, and had %s", name, bytesText(c.Bytes), bytesText(was.Bytes))))
		}
	}
	out = append(out, drillUnread(look, "BK-D103", subject, "persistentvolumeclaims")...)
	if len(out) == 0 {
		return one(fine("BK-D103", subject, "every claim has its volume, as large as it was"))
	}
	return out
}

// drillUnread are the readings of resources that failed.
func drillUnread(look *backup.DrillLook, code string, subject backup.Ref, resources ...string) []backup.Finding {
	var out []backup.Finding
	for _, gap := range look.Found.Unread {
		resource, _, _ := strings.Cut(gap.What, " ")
		if slices.Contains(resources, resource) {
			out = append(out, unknown(code, subject, unread(gap.What, gap.Lookup, gap.Why)))
		}
	}
	return out
}

func judgeDrillData(look *backup.DrillLook, subject backup.Ref) []backup.Finding {
	if len(look.Contents.Claims) == 0 {
		return nil
	}
	var out []backup.Finding
	for _, v := range look.Found.Volumes {
		switch {
		case v.State == backup.VolumeNotCopied && v.Meant && v.Claim == "": // such as the folder of a node
		case v.State == backup.VolumeNotCopied && v.Meant:
			out = append(out, skipped("BK-D104", subject, "volume "+v.Name()+" was left out of the backup on purpose and is empty"))
		case v.State == backup.VolumeNotCopied || v.State == backup.VolumeFailed:
			out = append(out, problem("BK-D104", backup.SeverityCause, subject, strings.TrimSuffix("the data of volume "+v.Name()+" is not in the backup: "+v.Why, ": ")))
		case v.State != backup.VolumeCopied:
			out = append(out, unknown("BK-D104", subject, "whether the data of volume "+v.Name()+" is in the backup is not known"))
		}
	}
	if look.Found.VolumesRead != backup.Yes {
		out = append(out, unknown("BK-D104", subject, "not all that the backup says of its volumes could be read"))
	}
	if len(out) == 0 {
		return one(fine("BK-D104", subject, "the data of every volume is in the backup"))
	}
	return out
}

func judgeDrillWorkloads(look *backup.DrillLook, subject backup.Ref) []backup.Finding {
	if !restoreEnded(look) {
		return nil
	}
	var out []backup.Finding
	for _, w := range look.Found.Workloads {
		title := fmt.Sprintf("%s %s/%s: %d of %d ready after %s", w.Resource, w.Namespace, w.Name, w.Ready, w.Wanted, spanOf(look.Found.Waited))
		if w.Why != "" {
			title += ": " + gist(w.Why)
		}
		switch {
		case w.Ready >= w.Wanted:
		case unreadyBefore(look, w):
			out = append(out, skipped("BK-D105", subject, title+"; it was not ready in the backup either"))
		default:
			out = append(out, problem("BK-D105", backup.SeverityCause, subject, title))
		}
	}
	out = append(out, drillUnread(look, "BK-D105", subject, "pods", "deployments.apps", "statefulsets.apps", "daemonsets.apps")...)
	switch {
	case len(out) > 0:
		return out
	case len(look.Found.Workloads) == 0:
		return nil
	}
	return one(fine("BK-D105", subject, counted(int64(len(look.Found.Workloads)), "workload")+" ready"))
}
