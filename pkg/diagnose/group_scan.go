package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Scan judges a look over many objects. The counts and gaps of the listing are
// in it; single are the causes of the objects that were examined.
func Scan(s backup.Scan, single []backup.Cause) backup.Scan {
	s.APIVersion, s.Kind = backup.APIVersion, "Scan"
	s.Causes = Group(single)
	s.Gaps = distinct(s.Gaps)
	s.Status = scanStatus(s)
	s.Verdict = scanVerdict(s)
	return s
}

// scanStatus is a problem where one is known; what was not looked at is unknown.
func scanStatus(s backup.Scan) backup.Status {
	has := func(status backup.Status) bool {
		return slices.ContainsFunc(s.Causes, func(c backup.Cause) bool { return c.Status == status })
	}
	switch {
	case has(backup.StatusProblem):
		return backup.StatusProblem
	case has(backup.StatusUnknown), len(s.Gaps) > 0, len(s.Rest) > 0, s.Unclear > 0:
		return backup.StatusUnknown
	}
	return backup.StatusOK
}

// scanVerdict is "212 objects hang in deletion, 3 failed; 4 causes".
func scanVerdict(s backup.Scan) string {
	var parts []string
	for _, trouble := range backup.Troubles() {
		n := s.Troubled[trouble]
		if n == 0 {
			continue
		}
		subject := fmt.Sprint(n)
		if len(parts) == 0 {
			subject = counted(int64(n), "object")
		}
		parts = append(parts, subject+" "+trouble.Words(n))
	}
	if len(parts) == 0 {
		text := "nothing hangs in deletion, and nothing is known to have failed"
		if len(s.Gaps) > 0 {
			text += ", but not everything could be listed"
		}
		return text
	}
	text := strings.Join(parts, ", ")
	if len(s.Causes) > 0 {
		text += "; " + counted(int64(len(s.Causes)), "cause")
	}
	switch {
	case len(s.Rest) > 0 && s.Examined == 0:
		text += "; none was examined"
	case len(s.Rest) > 0:
		text += fmt.Sprintf(" among the %d that were examined", s.Examined)
	}
	return text
}

// distinct keeps one gap of each missing right, and of everything else one of
// each thing that was not seen.
func distinct(gaps []backup.Gap) []backup.Gap {
	seen := map[string]bool{}
	var out []backup.Gap
	for _, gap := range gaps {
		key := orElse(gap.Rule, gap.What)
		if !seen[key] {
			seen[key] = true
			out = append(out, gap)
		}
	}
	return out
}
