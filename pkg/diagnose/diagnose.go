package diagnose

import (
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Diagnose runs all checks over the evidence and says what they amount to. The
// ways out come judged by the gate; here they are put in order of what they
// cost and get their commands.
func Diagnose(ev backup.Evidence, ways []backup.WayOut) backup.Diagnosis {
	d := backup.Diagnosis{
		APIVersion: backup.APIVersion, Kind: "Diagnosis",
		At: ev.At, Cluster: ev.Cluster, Object: ev.Object, Gaps: ev.Gaps,
	}
	for _, check := range Checks() {
		d.Findings = append(d.Findings, check.Judge(&ev)...)
	}
	for i := range d.Findings {
		sortFixes(d.Findings[i].Fixes)
	}
	slices.SortStableFunc(d.Findings, func(a, b backup.Finding) int { return rank(a) - rank(b) })
	if ev.Object.System != "" && !deletedBySystem(ev.Object) && (ev.Object.Role == backup.RoleBackup || ev.Object.Role == backup.RoleRestore || ev.Object.Role == "") {
		d.FailurePoint, d.FailureProof = FailurePoint(ev)
	}
	d.Status = status(d.Findings)
	d.Verdict = verdict(&ev, d.Findings, d.FailurePoint)
	d.WaysOut = waysOut(&ev, ways)
	d.Futile = futile(&ev)
	return d
}

// rank is the place of a finding among others: what blocks, what will hurt,
// what is not known, what explains, what is known to be fine, what was skipped.
func rank(f backup.Finding) int {
	switch {
	case f.Status == backup.StatusProblem && f.Severity == backup.SeverityCause:
		return 0
	case f.Status == backup.StatusProblem && f.Severity == backup.SeverityWarning:
		return 1
	case f.Status == backup.StatusUnknown:
		return 2
	case f.Status == backup.StatusProblem:
		return 3
	case f.Status == backup.StatusOK:
		return 4
	}
	return 5
}

// status folds the findings: unknown never counts as ok.
func status(findings []backup.Finding) backup.Status {
	folded := backup.StatusOK
	for _, f := range findings {
		switch rank(f) {
		case 0, 1:
			return backup.StatusProblem
		case 2:
			folded = backup.StatusUnknown
		}
	}
	return folded
}

// sortFixes puts the one that endangers least first.
func sortFixes(fixes []backup.Fix) {
	cost := []backup.Effect{"", backup.EffectWaits, backup.EffectReleases, backup.EffectStrips, backup.EffectErases}
	slices.SortStableFunc(fixes, func(a, b backup.Fix) int { return slices.Index(cost, a.Effect) - slices.Index(cost, b.Effect) })
}

// deletedBySystem tells whether the system deletes the object on its own, which
// says nothing of how its run ended.
func deletedBySystem(o backup.Object) bool { return o.Phase == backup.PhaseDeleting && !o.Deleting() }
