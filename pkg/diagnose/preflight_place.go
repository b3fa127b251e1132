package diagnose

import (
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// usedPlace is what a check of a location says of the place that a new object
// will use, as far as it is wrong or not known; else that it was reached.
func usedPlace(ev *backup.Evidence) []backup.Finding {
	s := storageOf(ev)
	if s == nil || s.Seen == nil || s.Seen.Location == nil {
		return nil
	}
	var all, fine []backup.Finding
	for _, e := range placeEntriesOf(s) {
		for _, f := range e.judge(s.Seen) {
			f = asPreflight(f, s)
			switch {
			case f.Status == backup.StatusOK:
				fine = append(fine, f)
			case f.Status == backup.StatusSkipped && f.Code != "BK-L810" || f.Severity == backup.SeverityInfo:
			default:
				f.Title = placeWords(s) + f.Title
				all = append(all, f)
			}
		}
	}
	if trouble := slices.ContainsFunc(all, func(f backup.Finding) bool { return f.Status != backup.StatusSkipped }); trouble {
		return slices.DeleteFunc(all, func(f backup.Finding) bool { return coveredBy(f, s) })
	}
	return append(all, placeReached(s, fine)...)
}

func storageOf(ev *backup.Evidence) *backup.StoragePreflight {
	if ev.Preflight == nil {
		return nil
	}
	return ev.Preflight.Storage
}

// placeEntriesOf are the questions that concern the place: those about the server
// only where a server validates places, and those about what lies at the top only
// where a system wants that for itself.
func placeEntriesOf(s *backup.StoragePreflight) []entry {
	switch {
	case s.Location.Kind != "":
		return checkEntries()
	case s.Seen.Object.Role == backup.RoleLocation:
		return hereEntries()
	}
	return slices.Concat(reachEntries(), secretEntries())
}

// asPreflight weighs a finding for an object that is to be made.
func asPreflight(f backup.Finding, s *backup.StoragePreflight) backup.Finding {
	v := s.Seen.Location.Root.Verdict
	switch {
	case f.Status != backup.StatusProblem:
	case f.Code == "BK-L815" && s.Seen.Location.Secret.Named:
		f.Severity = backup.SeverityCause // whatever the server found when it looked last
	case f.Code == "BK-L813" && v.Reason == backup.ReasonDenied && s.Location.Kind == "" && s.Seen.Object.Role == backup.RoleBackup:
		f.Severity = backup.SeverityWarning // a key that may only write is enough for a backup
	case f.Code == "BK-L824" && s.Named, f.Code == "BK-L823":
		f.Severity = backup.SeverityInfo // not about this object; BK-B102 says it
	case strings.HasPrefix(f.Code, "BK-L81"):
		f = atOverridden(f, v)
	}
	return f
}

// coveredBy tells that another finding says the same and more.
func coveredBy(f backup.Finding, s *backup.StoragePreflight) bool {
	return f.Status == backup.StatusSkipped ||
		f.Code == "BK-L810" && serviceSilent(s.Seen.Location.Root.Verdict) && s.Seen.Object.Phase != backup.PhaseAvailable
}

// placeWords begin a sentence about the place.
func placeWords(s *backup.StoragePreflight) string {
	if s.Location.Kind == "" {
		return ""
	}
	return "location " + s.Location.Name + ": "
}

// placeReached says in one line that the place can be used.
func placeReached(s *backup.StoragePreflight, findings []backup.Finding) []backup.Finding {
	var words []string
	for _, f := range findings {
		if f.Code == "BK-L810" || f.Code == "BK-L820" {
			words = append(words, f.Title)
		}
	}
	if len(words) == 0 {
		return nil
	}
	name := s.Seen.Location.Root.Verdict.Location.URL()
	if s.Location.Kind != "" {
		name = "location " + s.Location.Name + ", " + name
	}
	return one(fine("BK-L810", s.Seen.Object.Ref, name+": "+strings.Join(words, "; ")))
}
