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

// TestTokensStayAtHome: what anybody could use who sees it goes to the
// provider's own hosts, or where the person says.
func TestTokensStayAtHome(t *testing.T) {
	google, err := readGoogleKey("Secret a/b", googleFile(t))
	if err != nil {
		t.Fatal(err)
	}
	signature, err := azureParts{signature: "sig=x"}.credentials("Secret a/b")
	if err != nil {
		t.Fatal(err)
	}
	nameless, err := azureParts{key: "c2VjcmV0S2V5"}.credentials("Secret a/b")
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		provider string
		creds    Credentials
		endpoint string
		typed    bool
		opens    bool
	}{
		{backup.ProviderGCS, google, "", false, true},
		{backup.ProviderGCS, google, "https://storage-x.p.googleapis.com/storage/v1/", false, true},
		{backup.ProviderGCS, google, "https://evil.example", false, false},
		{backup.ProviderGCS, google, "https://evilgoogleapis.com", false, false},
		{backup.ProviderGCS, google, "http://storage.googleapis.com", false, false},
		{backup.ProviderGCS, google, "http://gcs.s3.svc:4443", true, true},
		{backup.ProviderAzure, signature, "https://account.blob.core.windows.net", false, true},
		{backup.ProviderAzure, signature, "https://evil.example", false, false},
		{backup.ProviderAzure, signature, "http://account.blob.core.windows.net", false, false},
		{backup.ProviderAzure, signature, "http://azurite.s3.svc:10000/account", true, true},
		// A signed request is of no use to whoever sees it.
		{backup.ProviderAzure, azureTestCredentials(t), "http://azurite.s3.svc:10000/account", false, true},
		// Who signs is asked of the credentials, else of the address.
		{backup.ProviderAzure, nameless, "https://account.blob.core.windows.net", false, true},
		{backup.ProviderAzure, nameless, "http://azurite.s3.svc:10000/account", false, false},
	}
	for _, c := range cases {
		loc := backup.Location{Provider: c.provider, Bucket: testBucket, Prefix: "demo", Endpoint: c.endpoint}
		_, err := Open(loc, c.creds, Options{TypedEndpoint: c.typed})
		if (err == nil) != c.opens || err != nil && newFault(err, c.creds).Reason != backup.ReasonCredentials {
			t.Errorf("%s at %q, typed %v: %v", c.provider, c.endpoint, c.typed, err)
		}
	}
}

func TestAddress(t *testing.T) {
	google, err := readGoogleKey("Secret a/b", googleFile(t))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		loc   backup.Location
		creds Credentials
		want  string
	}{
		{backup.Location{Provider: backup.ProviderS3, Region: "eu-west-1"}, testCredentials(), "https://s3.eu-west-1.amazonaws.com"},
		{backup.Location{Provider: backup.ProviderS3, Endpoint: "minio:9000"}, testCredentials(), "https://minio:9000"},
		{backup.Location{Provider: backup.ProviderGCS}, google, "https://storage.googleapis.com"},
		{backup.Location{Provider: backup.ProviderAzure}, azureTestCredentials(t), "https://account.blob.core.windows.net"},
		{backup.Location{Provider: backup.ProviderAzure}, Credentials{provider: backup.ProviderAzure, token: "sig=x"}, ""},
		{backup.Location{Provider: backup.ProviderPodPath}, Credentials{}, ""},
	}
	for _, c := range cases {
		c.loc.Bucket = testBucket
		if got := Address(c.loc, c.creds); got != c.want {
			t.Errorf("%+v: %q, want %q", c.loc, got, c.want)
		}
	}
}

// TestAzureRedirect: a signed request reaches nobody but the host that was named.
func TestAzureRedirect(t *testing.T) {
	place := azureFake(t, "demo", func(w http.ResponseWriter, _ string) {
		w.Header().Set("Location", "https://evil.example/x?sig=1")
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	if v := place.Probe(t.Context()); v.Reason != backup.ReasonRedirect || !strings.Contains(v.Detail, "https://evil.example") || v.Requests != 1 {
		t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, v.Requests, v.Detail)
	}
}

func TestAzureEndlessAnswer(t *testing.T) {
	v := azureFake(t, "demo", func(w http.ResponseWriter, _ string) { _, _ = fmt.Fprint(w, strings.Repeat(" ", maxAnswerBytes+1)) }).Probe(t.Context())
	if v.Class != backup.VerdictUnknown || !strings.Contains(v.Detail, "longer than") {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

func TestAzureSilence(t *testing.T) {
	release := make(chan struct{})
	place := azureFakeWith(t, "demo", Options{ProbeTimeout: 50 * time.Millisecond}, func(http.ResponseWriter, string) { <-release })
	defer close(release)
	if v := place.Probe(t.Context()); v.Reason != backup.ReasonTimeout {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

func TestAzureLoopbackIsRefused(t *testing.T) {
	loc := backup.Location{Provider: backup.ProviderAzure, Bucket: testBucket, Prefix: "demo", Endpoint: "http://127.0.0.1:10000/account"}
	place, err := Open(loc, azureTestCredentials(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if v := place.Probe(t.Context()); v.Reason != backup.ReasonForbidden {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

// TestTokenTakesItsOwnWay: a port-forward leads to the store, not to Google.
func TestTokenTakesItsOwnWay(t *testing.T) {
	tokens := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"access_token":"ya29.x","expires_in":3599}`)
	})
	store := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "gcs.s3.svc:4443" || r.Header.Get("Authorization") != "Bearer ya29.x" {
			t.Errorf("host %q, authorization %q", r.Host, r.Header.Get("Authorization"))
		}
		_, _ = fmt.Fprint(w, gcsList("", "", r.URL.Query().Get("prefix")+"x"))
	})
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, store.Listener.Addr().String())
	}
	creds, err := readGoogleKey("Secret a/b", googleFile(t))
	if err != nil {
		t.Fatal(err)
	}
	loc := backup.Location{Provider: backup.ProviderGCS, Bucket: testBucket, Prefix: "demo", Endpoint: "http://gcs.s3.svc:4443"}
	place, err := Open(loc, creds, Options{Dial: dial, TypedEndpoint: true, TokenURL: tokens.URL, Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	if v := place.Probe(t.Context()); v.Class != backup.VerdictData {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

func TestTokenRefused(t *testing.T) {
	cases := []struct {
		status int
		body   string
		reason backup.UnknownReason
	}{
		{400, `{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`, backup.ReasonCredentials},
		{404, "", backup.ReasonOther},
		{200, "<html></html>", backup.ReasonOther},
		{200, `{"expires_in":1}`, backup.ReasonOther},
	}
	for _, c := range cases {
		server := newFake(t, failing(c.status, nil, c.body))
		creds, err := readGoogleKey("Secret a/b", googleFile(t))
		if err != nil {
			t.Fatal(err)
		}
		place, err := Open(backup.Location{Provider: backup.ProviderGCS, Bucket: testBucket, Prefix: "demo"}, creds, Options{TypedEndpoint: true, TokenURL: server.URL})
		if err != nil {
			t.Fatal(err)
		}
		if v := place.Probe(t.Context()); v.Reason != c.reason || v.Requests != 0 {
			t.Errorf("%d %s: got %s/%s after %d requests (%s)", c.status, c.body, v.Class, v.Reason, v.Requests, v.Detail)
		}
		if _, err := place.Read(t.Context(), "x", 1); strings.Contains(fmt.Sprint(err), "does not exist") {
			t.Errorf("a token that is not given is no missing object: %v", err)
		}
	}
}
