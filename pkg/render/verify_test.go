package render

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// nightly is a backup of Velero in the cluster.
func nightly(name string) backup.Object {
	return backup.Object{
		System: "velero", Role: backup.RoleBackup, Phase: backup.PhaseCompleted, NativePhase: "Completed", Data: backup.DataInline,
		Ref:     backup.Ref{Group: "velero.io", Version: "v1", Resource: "backups", Kind: "Backup", Namespace: "velero", Name: name, UID: "3f1c-1"},
		Created: ago(26 * time.Hour), PhaseSince: ptr(ago(25 * time.Hour)),
	}
}

func storedAs(name string) backup.Archive {
	return backup.Archive{
		System: "velero", Role: backup.RoleBackup, Name: name, Place: "s3://velero/backups/" + name + "/", At: ago(2 * time.Second), Listing: backup.Found,
		Endpoint: "http://minio.s3.svc:9000", Vantage: "port-forward to Service s3/minio", Identity: "Secret velero/cloud-credentials",
		Items: &backup.ArchiveItems{Format: "1.1.0", Total: 41},
	}
}

func soundVerification() backup.Verification {
	return backup.Verification{
		At: now, Cluster: prod(), Object: nightly("nightly"), Archive: storedAs("nightly"), Status: backup.StatusOK, Restorable: backup.Yes,
		Verdict: "restorable: the bucket holds what the backup says: 41 objects, 2 volumes of 6.0 KiB",
		Findings: []backup.Finding{
			{Code: "BK-R110", Status: backup.StatusOK, Title: "the tarball is whole and holds 41 objects", Proof: []backup.Proof{{Text: "41 objects", Source: "backups/nightly/nightly.tar.gz"}}},
			{Code: "BK-R100", Status: backup.StatusOK, Title: "the bucket holds what the backup says"},
		},
	}
}

func lostVerification() backup.Verification {
	v := soundVerification()
	v.Object, v.Archive = nightly("db"), storedAs("db")
	v.Status, v.Restorable = backup.StatusProblem, backup.No
	v.Verdict = "not restorable in full: volume shop/db was NOT COPIED: its pod did not run (and 1 more)"
	v.Findings = []backup.Finding{
		{
			Code: "BK-R124", Status: backup.StatusProblem, Severity: backup.SeverityCause, Title: "volume shop/db was NOT COPIED: its pod did not run",
			Proof: []backup.Proof{{Text: "NotCopied, method none", Source: "backups/db/db-volumeinfo.json.gz"}},
		},
		{Code: "BK-R108", Status: backup.StatusUnknown, Title: "the file of the log could not be read"},
	}
	v.Gaps = []backup.Gap{{What: "datauploads.velero.io in namespace velero", Why: "not allowed", Lookup: backup.Denied, Rule: "list datauploads.velero.io"}}
	return v
}

func unknownVerification() backup.Verification {
	v := soundVerification()
	v.Object = nightly("far")
	v.Archive = backup.Archive{System: "velero", Role: backup.RoleBackup, Name: "far", Place: "s3://velero/backups/far/", Listing: backup.Failed, At: now}
	v.Status, v.Restorable = backup.StatusUnknown, backup.Unknown
	v.Verdict = "unknown whether it can be restored: the place of the backup could not be listed: connection refused"
	v.Findings = []backup.Finding{{Code: "BK-R109", Status: backup.StatusUnknown, Title: "the place of the backup could not be listed: connection refused"}}
	return v
}

func warnedVerification() backup.Verification {
	v := soundVerification()
	v.Object, v.Archive = nightly("old"), storedAs("old")
	v.Status, v.Verdict = backup.StatusProblem, "restorable, but the backup has expired 2h ago"
	v.Findings = []backup.Finding{{Code: "BK-R133", Status: backup.StatusProblem, Severity: backup.SeverityWarning, Title: "the backup has expired 2h ago"}}
	return v
}

// bucketVerification is of a backup that only its bucket knows, whose tarball was not read.
func bucketVerification() backup.Verification {
	v := soundVerification()
	v.Object, v.Cluster = backup.Object{}, backup.ClusterInfo{}
	v.Archive.Items, v.Archive.Record = nil, &backup.ArchiveRecord{Ref: nightly("nightly").Ref, Phase: backup.PhaseCompleted, NativePhase: "Completed", Finished: ptr(ago(time.Hour))}
	v.Findings = v.Findings[:0]
	v.Verdict = "restorable as far as was looked: the tarball was not read"
	return v
}

func verifications() backup.Verifications {
	return backup.Verifications{
		At: now, Cluster: prod(), Status: backup.StatusProblem, Verdict: "1 of 5 backups cannot be restored in full, 1 cannot be judged",
		Items: []backup.Verification{soundVerification(), lostVerification(), unknownVerification(), warnedVerification(), bucketVerification()},
		Gaps:  []backup.Gap{{What: "backups.pingcap.com in all namespaces", Why: "not allowed", Lookup: backup.Denied}},
	}
}

func TestVerificationGolden(t *testing.T) {
	for name, v := range map[string]backup.Verification{
		"verify-sound": soundVerification(), "verify-lost": lostVerification(), "verify-unknown": unknownVerification(),
		"verify-warned": warnedVerification(), "verify-bucket": bucketVerification(),
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, output(t, func(w *bytes.Buffer) error { return Verification(w, v, pipe) }))
			bare := stripColor(output(t, func(w *bytes.Buffer) error { return Verification(w, v, colored) }))
			golden(t, name, bare)
		})
	}
	golden(t, "verify-all", output(t, func(w *bytes.Buffer) error { return Verifications(w, verifications(), true, pipe) }))
	golden(t, "verify-all-80", output(t, func(w *bytes.Buffer) error {
		return Verifications(w, verifications(), true, Style{Now: now, Width: 80})
	}))
	one := verifications()
	one.Items, one.Gaps, one.Status, one.Verdict = one.Items[:1], nil, backup.StatusOK, "nothing speaks against restoring 1 backup"
	golden(t, "verify-all-one", output(t, func(w *bytes.Buffer) error { return Verifications(w, one, false, pipe) }))
	one.Items, one.Status, one.Verdict = nil, backup.StatusSkipped, "there is no backup"
	golden(t, "verify-all-none", output(t, func(w *bytes.Buffer) error { return Verifications(w, one, false, pipe) }))
}

// The mark of a restore says whether its files are sound: nothing is restored from it.
func TestMarkOfAVerifiedRestore(t *testing.T) {
	v := soundVerification()
	v.Archive.Role, v.Restorable = backup.RoleRestore, backup.Unknown
	if got := verificationMark(v).text; got != "√" {
		t.Errorf("got %s", got)
	}
	v.Status = backup.StatusProblem
	if got := verificationMark(v).text; got != "×" {
		t.Errorf("got %s", got)
	}
}

func TestVerificationOfHostileNames(t *testing.T) {
	v := lostVerification()
	v.Archive.Place, v.Findings[0].Title, v.Verdict = "s3://b/\x1b[31m", "\x1b]0;x\a", "\u202eevil"
	for _, text := range []string{
		output(t, func(w *bytes.Buffer) error { return Verification(w, v, pipe) }),
		output(t, func(w *bytes.Buffer) error {
			return Verifications(w, backup.Verifications{Items: []backup.Verification{v}}, true, pipe)
		}),
	} {
		if bytes.ContainsAny([]byte(text), "\x1b\a") || bytes.ContainsRune([]byte(text), '\u202e') {
			t.Errorf("a control character came through: %q", text)
		}
	}
}

func TestVerificationWriteErrors(t *testing.T) {
	if err := Verification(broken{}, soundVerification(), pipe); err == nil {
		t.Error("no error from a writer that fails")
	}
	if err := Verifications(broken{}, verifications(), true, pipe); err == nil || errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("error %v from a writer that fails", err)
	}
}
