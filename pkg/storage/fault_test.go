package storage

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// failing is a fake server that answers every request alike.
func failing(status int, header http.Header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}

func errorBody(code, message string) string {
	return "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>"
}

// TestProbeFaults uses fakes for the answers that a server in memory never gives.
func TestProbeFaults(t *testing.T) {
	region := http.Header{regionHeader: {"eu-west-1"}}
	cases := []struct {
		name    string
		handler http.HandlerFunc
		class   backup.VerdictClass
		reason  backup.UnknownReason
		region  string
		detail  string
	}{
		{"denied", failing(403, nil, errorBody("AccessDenied", "Access Denied")), "", backup.ReasonDenied, "", "AccessDenied"},
		{"denied without body", failing(403, nil, ""), "", backup.ReasonDenied, "", ""},
		{"unauthorized", failing(401, nil, "no"), "", backup.ReasonDenied, "", ""},
		{"no such key id", failing(403, nil, errorBody("InvalidAccessKeyId", "no key AKIATESTTESTTEST")), "", backup.ReasonCredentials, "", "no key ***"},
		{"no such user at versitygw", failing(404, nil, errorBody("XAdminUserNotFound", "x")), "", backup.ReasonCredentials, "", ""},
		{"denied in the right region", failing(403, http.Header{regionHeader: {defaultRegion}}, errorBody("AccessDenied", "x")), "", backup.ReasonDenied, "", ""},
		{"wrong secret", failing(403, nil, errorBody("SignatureDoesNotMatch", "x")), "", backup.ReasonCredentials, "", ""},
		{"malformed key id", failing(400, nil, errorBody("AuthorizationHeaderMalformed", "a non-empty Access Key must be provided")), "", backup.ReasonCredentials, "", ""},
		{"wrong region in the message", failing(400, nil, errorBody("AuthorizationHeaderMalformed", "the region 'us-east-1' is wrong; expecting 'eu-west-1'")), "", backup.ReasonWrongRegion, "eu-west-1", ""},
		{"wrong region by redirect", failing(301, region, errorBody("PermanentRedirect", "use the right endpoint")), "", backup.ReasonWrongRegion, "eu-west-1", ""},
		{"wrong region in the header", failing(400, region, ""), "", backup.ReasonWrongRegion, "eu-west-1", ""},
		{"redirect to another host", failing(307, http.Header{"Location": {"https://evil.example/b?x=1"}}, ""), "", backup.ReasonRedirect, "", "https://evil.example"},
		{"redirect to nowhere", failing(302, http.Header{"Location": {"http://[::1"}}, ""), "", backup.ReasonRedirect, "", "cannot be read"},
		{"redirect with region and address", failing(307, http.Header{regionHeader: {"eu-west-1"}, "Location": {"https://s3.eu-west-1.amazonaws.com/"}}, ""), "", backup.ReasonWrongRegion, "eu-west-1", ""},
		{"redirect without address", failing(307, nil, ""), "", backup.ReasonRedirect, "", ""},
		{"bucket missing", failing(404, nil, errorBody("NoSuchBucket", "gone")), backup.VerdictBucketMissing, "", "", "NoSuchBucket"},
		{"not found is no missing bucket", failing(404, nil, "<html>NoSuchBucket</html>"), "", backup.ReasonOther, "", ""},
		{"server error", failing(500, nil, errorBody("InternalError", "x")), "", backup.ReasonOther, "", "InternalError"},
		{"slow request", failing(400, nil, errorBody("RequestTimeout", "x")), "", backup.ReasonTimeout, "", ""},
		{"a page for people", failing(200, nil, "<!DOCTYPE html><html><body>log in</body></html>"), "", backup.ReasonOther, "", "no answer of object storage"},
		{"an empty answer", failing(200, nil, ""), "", backup.ReasonOther, "", "no answer of object storage"},
		{"no document", failing(200, nil, `{"objects":[]}`), "", backup.ReasonOther, "", "no answer of object storage"},
		{"an error with status 200", failing(200, nil, errorBody("InternalError", "x")), "", backup.ReasonOther, "", "no answer of object storage"},
		{"listing without bucket", failing(200, nil, "<ListBucketResult></ListBucketResult>"), "", backup.ReasonOther, "", "names no bucket"},
		{"half a listing", failing(200, nil, "<ListBucketResult><Name>backups</Name>"), "", backup.ReasonOther, "", ""},
		{"key outside the prefix", failing(200, nil, listing("demo2/x", "")), "", backup.ReasonOther, "", "outside the prefix"},
		{"object without time", failing(200, nil, "<ListBucketResult><Name>b</Name><Contents><Key>demo/x</Key></Contents></ListBucketResult>"), "", backup.ReasonOther, "", "without key or time"},
		{"breaks off", failing(200, nil, listing("demo/x", "<IsTruncated>true</IsTruncated>")), "", backup.ReasonOther, "", "breaks off"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := probeTest(t, testLocation(newFake(t, c.handler).URL, "demo"))
			if c.class == "" {
				c.class = backup.VerdictUnknown
			}
			if v.Class != c.class || v.Reason != c.reason || v.RightRegion != c.region || !strings.Contains(v.Detail, c.detail) {
				t.Errorf("got %s/%s, region %q, %q", v.Class, v.Reason, v.RightRegion, v.Detail)
			}
			if v.Requests != 1 || strings.ContainsAny(v.Detail, "?\n") {
				t.Errorf("%d requests, detail %q", v.Requests, v.Detail)
			}
		})
	}
}

// TestProbeEndlessAnswer uses a fake that ignores the page size. The time is for
// slow machines: the answer is to end by its length.
func TestProbeEndlessAnswer(t *testing.T) {
	endless := "<ListBucketResult><Name>b</Name>" + strings.Repeat(" ", maxAnswerBytes)
	place := openTest(t, testLocation(newFake(t, failing(200, nil, endless)).URL, "demo"), Options{ProbeTimeout: time.Minute})
	v := place.Probe(t.Context())
	if v.Class != backup.VerdictUnknown || !strings.Contains(v.Detail, "longer than") {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

func listing(key, more string) string {
	return "<ListBucketResult><Name>backups</Name>" + more + "<Contents><Key>" + key +
		"</Key><Size>1</Size><LastModified>2026-11-21T10:00:00Z</LastModified></Contents></ListBucketResult>"
}

// TestProbeSilence uses a fake that takes its time.
func TestProbeSilence(t *testing.T) {
	release := make(chan struct{})
	server := newFake(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	place := openTest(t, testLocation(server.URL, "demo"), Options{ProbeTimeout: 50 * time.Millisecond})
	if v := place.Probe(t.Context()); v.Reason != backup.ReasonTimeout || v.Requests != 1 {
		t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, v.Requests, v.Detail)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if v := place.Probe(ctx); v.Class != backup.VerdictUnknown || v.Reason != backup.ReasonOther {
		t.Errorf("interrupted: got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

func TestProbeUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	v := probeTest(t, testLocation("http://"+address, "demo"))
	if v.Reason != backup.ReasonUnreachable || !strings.Contains(v.Detail, "connection refused") {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

func TestOneLine(t *testing.T) {
	cases := []struct{ in, want string }{
		{"get https://user:pw@host/b?X-Amz-Signature=abc failed", "get https://host/b failed"},
		{"a\n\tb\x1b[31mc", "a b [31mc"},
		{strings.Repeat("ä", maxDetail+1), strings.Repeat("ä", maxDetail) + "…"},
	}
	for _, c := range cases {
		if got := oneLine(c.in); got != c.want {
			t.Errorf("oneLine(%q) is %q, want %q", c.in, got, c.want)
		}
	}
}
