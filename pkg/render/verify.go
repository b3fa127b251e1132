package render

import (
	"io"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Verification writes whether one backup can be restored: the verdict, where
// was looked, what was found, and what helps.
func Verification(w io.Writer, v backup.Verification, s Style) error {
	p := newPage(s)
	o := verifiedObject(v)
	p.header(o.Ref, stateWord(o, s), v.Cluster.Context)
	p.item(0, verificationMark(v), span{v.Verdict, strong})
	p.text(2, faint(archiveWords(v.Archive, s)))
	quoted := quotations{}
	p.findings(v.Findings, quoted)
	p.fixes(v.Findings)
	p.gaps("Not seen", v.Gaps)
	switch code := headCode(v.Findings); {
	case v.Status == backup.StatusOK && tarballUnread(v.Archive):
		p.buf.WriteString("\n")
		p.next(0, verifyCommand(o.Ref)+" --deep")
	case code != "":
		p.buf.WriteString("\n")
		p.put("", "  ", faint("explain: "), say("kubectl backup explain "+ShellQuote(code)))
	}
	p.recovery(v.Recovery)
	return p.writeTo(w)
}

// verifiedObject is the object in the cluster, or what the bucket tells of it.
func verifiedObject(v backup.Verification) backup.Object {
	r := v.Archive.Record
	switch {
	case v.Object.Ref.Name != "":
		return v.Object
	case r != nil:
		return backup.Object{Ref: r.Ref, Phase: r.Phase, NativePhase: r.NativePhase, PhaseSince: r.Finished}
	}
	return backup.Object{Ref: backup.Ref{Name: v.Archive.Name}}
}

// verifyCommand looks at one of many.
func verifyCommand(ref backup.Ref) string {
	command := "kubectl backup verify " + ShellQuote(ref.String())
	if ref.Namespace != "" {
		command += " -n " + ShellQuote(ref.Namespace)
	}
	return command
}

// tarballUnread tells whether the largest file was only seen in the listing.
func tarballUnread(a backup.Archive) bool {
	return a.Role == backup.RoleBackup && a.Run == nil && a.Items == nil
}

// verificationMark is × for what cannot be restored, ? for what is not known, √
// for what can, and ! where that is not all.
func verificationMark(v backup.Verification) span {
	switch {
	case v.Archive.Role == backup.RoleRestore:
		return mark(v.Status, "")
	case v.Restorable == backup.No:
		return mark(backup.StatusProblem, backup.SeverityCause)
	case v.Restorable == backup.Unknown:
		return mark(backup.StatusUnknown, "")
	case v.Status == backup.StatusProblem:
		return mark(backup.StatusProblem, backup.SeverityWarning)
	}
	return mark(v.Status, "")
}

// archiveWords is where was looked, as whom and when.
func archiveWords(a backup.Archive, s Style) string {
	at := ""
	if a.Endpoint != "" {
		at = "at " + a.Endpoint
	}
	as := ""
	if a.Identity != "" {
		as = "as " + a.Identity
	}
	read := ""
	if !a.At.IsZero() && a.Seen() {
		read = "read " + s.Ago(a.At)
	}
	return joinComma(a.Place, at, a.Vantage, as, read)
}
