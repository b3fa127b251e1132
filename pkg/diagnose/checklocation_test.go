package diagnose

import (
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestCheckLocation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		change  func(*backup.Evidence)
		status  backup.Status
		verdict string
	}{
		{"sound", func(*backup.Evidence) {}, backup.StatusOK, "this machine and the server both reach it"},
		{"not reached from here", refusedFor(backup.ReasonUnreachable), backup.StatusUnknown, "nothing wrong was found, but not all is known: this machine does not reach it (unreachable)"},
		{"read-only", func(ev *backup.Evidence) { ev.Location.Server.ReadOnly, ev.Location.Server.Default = true, false }, backup.StatusOK, "this machine and the server both reach it"},
		{"both fail", func(ev *backup.Evidence) {
			refusedFor(backup.ReasonDenied)(ev)
			ev.Object.Phase, ev.Object.NativePhase, ev.Location.Server.Message = backup.PhaseUnavailable, "Unavailable", "AccessDenied"
		}, backup.StatusProblem, "the storage refuses the credentials of Secret velero/cloud-credentials; the server says Unavailable: AccessDenied"},
		{"a place without a store", func(ev *backup.Evidence) { ev.Location = nil }, backup.StatusUnknown, "nothing is known: it names no place in an object store"},
	} {
		ev := reached()
		c.change(ev)
		got := CheckLocation(*ev)
		if got.Status != c.status || got.Verdict != c.verdict {
			t.Errorf("%s: %s, %q", c.name, got.Status, got.Verdict)
		}
	}
}

// What the server says it reaches is no cause, even if this machine does not.
func TestTheServerMayKnowBetter(t *testing.T) {
	t.Parallel()
	for phase, want := range map[backup.Phase]backup.Severity{backup.PhaseAvailable: backup.SeverityWarning, backup.PhaseUnavailable: backup.SeverityCause} {
		ev := reached()
		refusedFor(backup.ReasonTLS)(ev)
		ev.Object.Phase = phase
		if got := CheckLocation(*ev).Here[0]; got.Code != "BK-L811" || got.Severity != want {
			t.Errorf("%s: %s is a %s", phase, got.Code, got.Severity)
		}
	}
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	from := backup.BucketLocation{Provider: "aws", Bucket: "b", Prefix: "p/q", Config: map[string]string{"region": "r", "s3Url": "http://x:1"}}
	var lines []string
	for _, step := range Recovery(from, "velero", "it's") {
		lines = append(lines, step.Commands...)
	}
	want := []string{
		"kubectl create secret generic recovered -n velero '--from-file=cloud=<credentials file>'",
		"velero backup-location create recovered -n velero --provider aws --bucket b --prefix p/q --config region=r,s3Url=http://x:1 --credential recovered=cloud --access-mode ReadOnly",
		`kubectl wait --for=create 'backups.velero.io/it'\''s' -n velero --timeout=5m`,
		`velero restore create --from-backup 'it'\''s' -n velero --wait`,
	}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("%s", got)
	}
	if steps := Recovery(backup.BucketLocation{Provider: "gcp", Bucket: "b"}, "velero", ""); len(steps) != 2 || strings.Contains(steps[1].Commands[0], "--prefix") || strings.Contains(steps[1].Commands[0], "--config") {
		t.Errorf("%+v", steps)
	}
}
