package diagnose

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestShellQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                 "''",
		"backup-test":      "backup-test",
		"job/clean":        "job/clean",
		"a b":              "'a b'",
		"it's":             `'it'\''s'`,
		"$(rm -rf x)":      "'$(rm -rf x)'",
		"a;b":              "'a;b'",
		"<right endpoint>": "'<right endpoint>'",
		"名前":               "'名前'",
		"-n":               "-n",
	} {
		if got := shellQuote(in); got != want {
			t.Errorf("shellQuote(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestCommands(t *testing.T) {
	cluster := backup.Ref{Group: "x.io", Resource: "backups", Name: "b"}
	for _, tc := range []struct{ got, want string }{
		{unstick(stuckObject().Ref, "retry-clean"), "kubectl backup unstick backups.pingcap.com/backup-test -n tidb-test --via=retry-clean"},
		{unstick(cluster, "wait", "--finalizer=x.io/f"), "kubectl backup unstick backups.x.io/b --via=wait --finalizer=x.io/f"},
		{patchField(stuckObject().Ref, "spec.s3.endpoint", "<right endpoint>"), `kubectl patch backups.pingcap.com backup-test -n tidb-test --type=merge -p '{"spec":{"s3":{"endpoint":"<right endpoint>"}}}'`},
		{patchField(cluster, "spec.a", `it's "b"`), `kubectl patch backups.x.io b --type=merge -p '{"spec":{"a":"it'\''s \"b\""}}'`},
		{patchSecret("ns", "s"), "kubectl patch secret s -n ns --patch-file '<file with stringData>'"},
	} {
		if tc.got != tc.want {
			t.Errorf("got  %s\nwant %s", tc.got, tc.want)
		}
	}
}

func TestSmallTexts(t *testing.T) {
	for _, tc := range []struct{ got, want string }{
		{span(-time.Second), "0s"}, {span(6 * time.Second), "6s"}, {span(12*time.Minute + 3*time.Second), "12m"},
		{span(4*time.Hour + 2*time.Minute), "4h2m"}, {span(98 * time.Hour), "4d2h"},
		{bytesText(812), "812 B"}, {bytesText(1536), "1.5 KiB"}, {bytesText(41 << 30), "41.0 GiB"},
		{keyList([]string{"a"}), "key a"}, {keyList([]string{"a", "b", "c"}), "keys a, b and c"},
		{listed([]string{"a", "b", "c"}), "a, b and c"}, {listed([]string{"a"}), "a"},
		{counted(1, "pod"), "1 pod"}, {counted(0, "pod"), "0 pods"},
		{gist("InvalidAccessKeyId: no such key. status code: 403, request id: JN0Y, host id: OQaV="), "InvalidAccessKeyId: no such key"},
		{gist(`errMsg [2026/11/21] [ERROR] [backup.go:54] ["failed to backup"] [error="no space left on device"]`), "no space left on device"},
		{messages("start\nInvalidAccessKeyId: no\n\tstatus code: 403")[1], "InvalidAccessKeyId: no status code: 403"},
		{filtered("0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available."), "0/2 nodes are available: 2 Insufficient cpu."},
		{gist("a\n b"), "a b"}, {shorten("a\t b"), "a b"},
		{unread("x", backup.Failed, ""), "x could not be read"}, {unread("x", backup.NotAsked, ""), "x was not looked at"},
		{ownerName(backup.Owner{Selector: backup.OwnerSelector{Deployments: "app=x"}}), "the operator app=x"},
		{accountName("no quotes"), "<service account>"},
		{conditionText(&backup.Condition{Message: "m"}), "m"}, {conditionText(&backup.Condition{Reason: "R"}), "R"},
		{reasonHelp("InvalidS3Endpoint"), "spec.s3.endpoint is not a URL with http:// or https://."}, {reasonHelp("SomethingNew"), ""},
		{faultWord("dial tcp: lookup x: no such host", ""), "no such host"}, {faultWord("unexpected EOF", "no connection"), "no connection"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
	long := strings.Repeat("ab ", 300)
	if got := []rune(gist(long)); len(got) != gistLimit || got[0] != '…' {
		t.Errorf("gist has %d runes", len(got))
	}
	if got := []rune(shorten(long)); len(got) != quoteLimit || got[len(got)-1] != '…' {
		t.Errorf("shorten has %d runes", len(got))
	}
}

func TestSameHost(t *testing.T) {
	for _, tc := range []struct {
		said, spec string
		want       bool
	}{
		{"minio:9000", "minio:9000", true},
		{"minio", "minio:9000", true},
		{"backup.minio:9000", "minio:9000", true},
		{"10.0.0.5:9000", "minio:9000", true},
		{"10.0.0.5:9000", "10.0.0.6:9000", false},
		{"minio:9999", "minio:9000", false},
		{"other:9000", "minio:9000", false},
	} {
		if got := sameHost(tc.said, tc.spec); got != tc.want {
			t.Errorf("sameHost(%q, %q) = %t", tc.said, tc.spec, got)
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDiagnoseIsPureAndTotal(t *testing.T) {
	for _, tc := range codeCases() {
		ev := tc.base()
		if tc.raise != nil {
			tc.raise(ev)
		}
		before := asJSON(t, ev)
		first, second := asJSON(t, Diagnose(*ev, stuckWays())), asJSON(t, Diagnose(*ev, stuckWays()))
		if asJSON(t, ev) != before {
			t.Errorf("%s: the evidence was changed", tc.code)
		}
		if first != second {
			t.Errorf("%s: two diagnoses of the same evidence differ", tc.code)
		}
	}
	// Evidence in which nothing was read at all is judged without a fault, and not as fine.
	if d := Diagnose(backup.Evidence{Object: backup.Object{Ref: backup.Ref{Namespace: "x", Name: "y"}}}, nil); d.Status == backup.StatusOK {
		t.Errorf("empty evidence was judged ok: %s", codes(d.Findings))
	}
}
