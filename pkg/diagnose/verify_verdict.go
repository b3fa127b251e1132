package diagnose

import (
	"fmt"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// restorable folds the findings: what is not known never counts as fine.
func restorable(a *backup.Archive, findings []backup.Finding) backup.Answer {
	answer := backup.Yes
	for _, f := range findings {
		switch rank(f) {
		case 0:
			answer = backup.No
		case 2:
			if answer == backup.Yes {
				answer = backup.Unknown
			}
		}
	}
	if a.Role == backup.RoleRestore {
		return backup.Unknown
	}
	return answer
}

// archiveVerdict is the shortest true answer: whether it can be restored, and
// why not.
func archiveVerdict(a *backup.Archive, answer backup.Answer, findings []backup.Finding) string {
	var byRank [3][]backup.Finding // causes, warnings, what is not known
	for _, f := range findings {
		if r := rank(f); r < len(byRank) {
			byRank[r] = append(byRank[r], f)
		}
	}
	causes, warnings, unknowns := byRank[0], byRank[1], byRank[2]
	switch {
	case len(causes) > 0:
		head, first := notRestorable(a, causes)
		return verdictOf(a, head, first, len(causes)+len(warnings))
	case answer == backup.Unknown && len(unknowns) > 0:
		return verdictOf(a, "unknown whether it can be restored: ", unknowns[0], len(unknowns)+len(warnings))
	case len(warnings) > 0:
		return verdictOf(a, "restorable, but ", warnings[0], len(warnings))
	}
	sound := "the bucket holds what the " + roleWord(a) + " says" + archiveSummary(a)
	switch {
	case a.Role == backup.RoleRestore:
		return sound
	case a.Run == nil && !a.Holds(backup.FileContents):
		return "restorable as far as was looked: the tarball was not read"
	}
	return "restorable: " + sound
}

// verdictOf is a finding that has the word for all of them. Of a restore only
// matters what was found.
func verdictOf(a *backup.Archive, head string, first backup.Finding, all int) string {
	if a.Role == backup.RoleRestore {
		head = ""
	}
	if all > 1 {
		return fmt.Sprintf("%s%s (and %d more)", head, first.Title, all-1)
	}
	return head + first.Title
}

// notRestorable says how much cannot be restored, and which finding says so:
// nothing, nothing yet, or the data of volumes.
func notRestorable(a *backup.Archive, causes []backup.Finding) (head string, first backup.Finding) {
	damaged := func(f backup.Finding) bool { return !partial(a, f) }
	moves := func(f backup.Finding) bool { return f.Code == codeMoves }
	for _, c := range []struct {
		head string
		is   func(backup.Finding) bool
	}{{"not restorable: ", damaged}, {"not restorable yet: ", moves}} {
		if i := slices.IndexFunc(causes, c.is); i >= 0 {
			return c.head, causes[i]
		}
	}
	return "not restorable in full: ", causes[0]
}

// codeMoves is the finding that data is still on its way.
const codeMoves = "BK-R130"

// partial tells whether the rest can be restored in spite of a problem.
func partial(a *backup.Archive, f backup.Finding) bool {
	switch f.Code {
	case "BK-R110", "BK-R120", "BK-R121", "BK-R122", "BK-R124", "BK-R126", "BK-R127", codeMoves, "BK-R131", "BK-R136", "BK-R138":
		return true
	case "BK-R104", "BK-R105", "BK-R106", "BK-R107": // a file; the tarball and the object are what matters
		object, contents := a.File(backup.FileObject), a.File(backup.FileContents)
		return object != nil && contents != nil && usable(object.State) && usable(contents.State)
	}
	return false
}

// usable tells whether nothing speaks against a file.
func usable(state backup.FileState) bool {
	return state != backup.FileMissing && !state.Damaged()
}
