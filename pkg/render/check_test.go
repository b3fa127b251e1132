package render

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// exampleCheck is a location that this machine lists and the server gave up.
func exampleCheck() backup.LocationCheck {
	bsl := backup.Ref{Group: "velero.io", Version: "v1", Resource: "backupstoragelocations", Kind: "BackupStorageLocation", Namespace: "velero", Name: "default", UID: "29afe44c-1"}
	return backup.LocationCheck{
		At: now, Cluster: backup.ClusterInfo{Context: "prod"},
		Object: backup.Object{
			System: "velero", Role: backup.RoleLocation, Ref: bsl, Phase: backup.PhaseUnavailable, NativePhase: "Unavailable", Mode: "ReadWrite",
			Locations: []backup.Location{{Provider: backup.ProviderS3, Bucket: "velero", Prefix: "prod", Endpoint: "http://minio.s3.svc:9000", Region: "us-east-1"}},
		},
		Verdict: "foreign folders lie at its top: holiday-pictures; the server says Unavailable: invalid top-level directories", Status: backup.StatusProblem,
		Vantage: "port-forward to Service s3/minio", Identity: "Secret velero/cloud-credentials",
		Here: []backup.Finding{
			{Code: "BK-L817", Status: backup.StatusProblem, Severity: backup.SeverityCause, Subject: bsl, Title: "foreign folders lie at its top: holiday-pictures\x1b[2J", Explain: "Velero calls a location with other folders than its own Unavailable."},
			{Code: "BK-L810", Status: backup.StatusOK, Subject: bsl, Title: "listed from this machine: backups/ holiday-pictures/"},
		},
		Server: []backup.Finding{
			{Code: "BK-L820", Status: backup.StatusProblem, Severity: backup.SeverityCause, Subject: bsl, Title: "the server says Unavailable: invalid top-level directories", Proof: []backup.Proof{{Text: "Unavailable", Source: "status.phase", At: ptr(ago(20 * time.Second))}}},
			{Code: "BK-L823", Status: backup.StatusProblem, Severity: backup.SeverityWarning, Subject: bsl, Title: "the default location is read-only", Fixes: []backup.Fix{{Does: "Lets the server write there.", Danger: "it deletes what expired", Commands: []string{"kubectl patch x"}}}},
		},
		Gaps: []backup.Gap{{What: "Deployments in namespace velero", Why: "forbidden", Lookup: backup.Denied, Rule: "list deployments.apps in velero"}},
	}
}

func TestCheck(t *testing.T) {
	for name, short := range map[string]bool{"check": false, "check-short": true} {
		got := output(t, func(w *bytes.Buffer) error { return Check(w, exampleCheck(), terminal, short) })
		golden(t, name, got)
		if strings.Contains(got, "\x1b") {
			t.Errorf("%s: text of the bucket comes through unescaped", name)
		}
	}
}

func TestRecovery(t *testing.T) {
	steps := []backup.Fix{
		{Does: "Name the bucket.", DoesNot: "Without ReadOnly the new cluster deletes backups that have expired, and nobody notices for a month.", Commands: []string{"velero backup-location create " + strings.Repeat("x", 90)}},
		{Does: "Restore it.", Commands: []string{"velero restore create"}},
	}
	golden(t, "recovery", output(t, func(w *bytes.Buffer) error { return Recovery(w, steps, terminal) }))
	if got := output(t, func(w *bytes.Buffer) error { return Recovery(w, nil, terminal) }); got != "" {
		t.Errorf("without steps: %q", got)
	}
}
