package render

import (
	"fmt"
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Verifications writes the judgement about many backups: the verdict, a table
// of all, and the reason for each that cannot be restored in full for sure.
func Verifications(w io.Writer, all backup.Verifications, namespaces bool, s Style) error {
	p := newPage(s)
	p.item(0, mark(all.Status, ""), span{all.Verdict, strong}, faint("   ("+joinComma(contextWord(all.Cluster))+")"))
	headers := []string{"NAME", "SYSTEM", "RESTORABLE", "AGE", "FOUND"}
	if namespaces {
		headers = append([]string{"NAMESPACE"}, headers...)
	}
	table := NewTable(headers...)
	for _, v := range all.Items {
		ref := verifiedObject(v).Ref
		row := []span{say(ref.Name), say(v.Archive.System), restorableWord(v), say(s.Age(v.Object.Created)), say(foundCodes(v.Findings))}
		if namespaces {
			row = append([]span{say(ref.Namespace)}, row...)
		}
		table.add(row...)
	}
	if table.Len() > 0 {
		p.buf.WriteString("\n")
		p.table(0, table)
	}
	p.reasons(all.Items, namespaces)
	p.gaps("Not seen", all.Gaps)
	return p.writeTo(w)
}

// reasons says of each backup with trouble which, and how to see the rest.
func (p *page) reasons(items []backup.Verification, namespaces bool) {
	next, soFar := "", false
	for _, v := range items {
		soFar = soFar || v.Restorable == backup.Yes && tarballUnread(v.Archive)
		if v.Status == backup.StatusOK {
			continue
		}
		ref := verifiedObject(v).Ref
		name := ref.Name
		if namespaces {
			name = ref.Namespace + "/" + name
		}
		if next == "" {
			p.buf.WriteString("\n")
			next = verifyCommand(ref)
		}
		p.item(0, verificationMark(v), span{name, strong}, say("  "+v.Verdict))
	}
	if soFar {
		p.buf.WriteString("\n")
		p.text(0, faint("so far: the tarball was not read; --deep reads it"))
	}
	if next != "" {
		p.buf.WriteString("\n")
		p.next(0, next)
	}
}

// restorableWord is the answer in a word, with its mark.
func restorableWord(v backup.Verification) span {
	m := verificationMark(v)
	word := v.Restorable.String()
	if v.Restorable == backup.Yes && tarballUnread(v.Archive) {
		word = "so far"
	}
	return span{m.text + " " + word, m.tone}
}

// foundCodes are the codes of what is wrong or not known: the first, and how
// many more there are.
func foundCodes(findings []backup.Finding) string {
	first, more := "", 0
	for _, f := range findings {
		trouble := f.Status == backup.StatusUnknown || f.Status == backup.StatusProblem && f.Severity != backup.SeverityInfo
		switch {
		case !trouble:
		case first == "":
			first = f.Code
		default:
			more++
		}
	}
	if more > 0 {
		return fmt.Sprintf("%s +%d", first, more)
	}
	return first
}
