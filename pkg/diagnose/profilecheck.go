package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// checkedBy raises a code for what the checks of profiles with that code found:
// one finding for each rule. What could not be asked is unknown.
func checkedBy(code Code) entry {
	return entry{code, func(ev *backup.Evidence) []backup.Finding {
		var all []backup.Finding
		for _, c := range ev.Checked {
			switch {
			case c.Code != code.Code:
				continue
			case len(c.Hits) > 0:
				all = append(all, checked(ev, c))
			case c.Lookup != backup.Found:
				all = append(all, notChecked(ev, c, code.Title))
			}
		}
		return slices.CompactFunc(all, func(a, b backup.Finding) bool { return a.Status == b.Status && a.Title == b.Title })
	}}
}

// checked is the finding of one rule about everything at which it holds.
func checked(ev *backup.Evidence, c backup.Checked) backup.Finding {
	severity := c.Severity
	if severity == "" {
		severity = severityNow(ev)
	}
	groups := groupBlockers(c.Hits)
	first := groups[0]
	subject := first.blockers[0].Ref
	title := strings.TrimSuffix(shorten(first.because), ".")
	if rest := len(c.Hits) - len(first.blockers); rest > 0 {
		title += fmt.Sprintf("; and %d more like this", rest)
	}
	found := problem(c.Code, severity, subject, title)
	found.Explain = c.Explain
	if !first.self {
		found.Cause = first.cause()
	}
	for i, hit := range c.Hits {
		if i == provedBlockers {
			found.Proof = append(found.Proof, backup.Proof{Text: fmt.Sprintf("and %d more like these", len(c.Hits)-i), Source: hit.Ref.GroupResource()})
			break
		}
		found.Proof = append(found.Proof, backup.Proof{Text: shorten(orElse(hit.Proof, hit.Because)), Source: hit.Ref.Human()})
	}
	for _, template := range c.Fixes {
		found.Fixes = append(found.Fixes, first.fix(template, ev.Object.Ref))
	}
	return found
}

// notChecked says that a question of a profile has no answer, and why.
func notChecked(ev *backup.Evidence, c backup.Checked, title string) backup.Finding {
	found := unknown(c.Code, ev.Object.Ref, "whether "+title+" could not be told")
	for _, why := range c.Unreadable {
		found.Proof = append(found.Proof, backup.Proof{Text: shorten(why), Source: "not seen"})
	}
	return found
}
