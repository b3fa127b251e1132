package storage

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// everyProvider opens a place of each provider at one fake.
func everyProvider(t *testing.T, handler http.HandlerFunc, check func(t *testing.T, provider string, place *Place)) {
	t.Helper()
	cases := map[string]func(t *testing.T) *Place{
		backup.ProviderS3: func(t *testing.T) *Place {
			return openTest(t, testLocation(newFake(t, handler).URL, "demo"), Options{})
		},
		backup.ProviderGCS: func(t *testing.T) *Place {
			return gcsFake(t, false, func(w http.ResponseWriter, r *http.Request, _ string) { handler(w, r) })
		},
		backup.ProviderAzure: func(t *testing.T) *Place {
			server := newFake(t, handler)
			loc := backup.Location{Provider: backup.ProviderAzure, Bucket: testBucket, Prefix: "demo", Endpoint: server.URL, Markers: tidbMarkers()}
			place, err := Open(loc, azureTestCredentials(t), Options{TypedEndpoint: true, Now: testNow})
			if err != nil {
				t.Fatal(err)
			}
			return place
		},
	}
	for provider, open := range cases {
		t.Run(provider, func(t *testing.T) { check(t, provider, open(t)) })
	}
}

// TestHangingUpIsNoEnd: a server that closes the connection did not say that
// the listing is over, although both are an EOF.
func TestHangingUpIsNoEnd(t *testing.T) {
	everyProvider(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, func(t *testing.T, _ string, place *Place) {
		if v := place.Probe(t.Context()); v.Class != backup.VerdictUnknown || v.Requests != 1 {
			t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, v.Requests, v.Detail)
		}
		if err := place.List(t.Context(), func(backup.StoredObject) error { return nil }); err == nil {
			t.Error("the listing ended well")
		}
	})
}

// TestListingInACircle: a server that answers with the page before is left.
func TestListingInACircle(t *testing.T) {
	page := map[string]string{
		backup.ProviderS3:    listing("demo/x", "<IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken>"),
		backup.ProviderGCS:   gcsList(`,"nextPageToken":"again"`, "", "demo/x"),
		backup.ProviderAzure: azureList("again", azureEntry("demo/x", "", 1, "")),
	}
	asked := 0
	var answer string
	everyProvider(t, func(w http.ResponseWriter, _ *http.Request) { asked++; _, _ = fmt.Fprint(w, answer) }, func(t *testing.T, provider string, place *Place) {
		asked, answer = 0, page[provider]
		err := place.walk(t.Context(), "demo/", pageSize, func(string, backup.StoredObject) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "breaks off") || asked != 2 {
			t.Errorf("%v after %d requests", err, asked)
		}
	})
}

// TestBusyServer: it is asked once more, but not in a probe, which counts.
func TestBusyServer(t *testing.T) {
	page := map[string]string{
		backup.ProviderS3: listing("demo/x", ""), backup.ProviderGCS: gcsList("", "", "demo/x"), backup.ProviderAzure: azureList("", azureEntry("demo/x", "", 1, "")),
	}
	asked := 0
	var answer string
	everyProvider(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprint(w, answer)
	}, func(t *testing.T, provider string, place *Place) {
		asked, answer = 0, page[provider]
		err := place.walk(t.Context(), "demo/", pageSize, func(string, backup.StoredObject) error { return nil })
		if err != nil || asked != 2 {
			t.Errorf("%v after %d requests", err, asked)
		}
		asked = 0
		if v := place.Probe(t.Context()); v.Class != backup.VerdictUnknown || v.Requests != 1 || asked != 1 {
			t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, asked, v.Detail)
		}
	})
}

// TestReadsOddKeys: keys are those of other programs, and are asked for as they are.
func TestReadsOddKeys(t *testing.T) {
	var path string
	handler := func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		w.Header().Set("Last-Modified", "Sat, 21 Nov 2026 11:59:00 GMT")
		_, _ = fmt.Fprint(w, "x")
	}
	everyProvider(t, handler, func(t *testing.T, _ string, place *Place) {
		for _, key := range []string{"plain.sst", "a b+c", "a?b", "a%2Fb", "a#b", `a"b\c`, "a__0x2f__b", "a../b", "folder/"} {
			data, err := place.Read(t.Context(), key, 1)
			if err != nil || string(data) != "x" || !strings.HasSuffix(path, "/demo/"+key) {
				t.Errorf("%q: %q, %v at path %q", key, data, err, path)
			}
		}
	})
}

// TestOtherEnvironmentIsIgnored: nor do the clients of Google and Azure use
// what lies around for them.
func TestOtherEnvironmentIsIgnored(t *testing.T) {
	for name, value := range map[string]string{
		"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere/key.json", "GOOGLE_API_USE_MTLS_ENDPOINT": "always", "STORAGE_EMULATOR_HOST": "127.0.0.1:1",
		"GOOGLE_CLOUD_UNIVERSE_DOMAIN": "evil.example", "EXPERIMENTAL_GOOGLE_API_USE_S2A": "true", "GOOGLE_SDK_GO_LOGGING_LEVEL": "debug",
		"AZURE_STORAGE_ACCOUNT": "ambient", "AZURE_STORAGE_KEY": "eA==", "AZURE_STORAGE_SAS_TOKEN": "sig=ambient", "AZURE_STORAGE_DOMAIN": "evil.example",
		"HTTPS_PROXY": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1",
	} {
		t.Setenv(name, value)
	}
	asked := 0
	everyProvider(t, func(w http.ResponseWriter, _ *http.Request) { asked++; w.WriteHeader(http.StatusForbidden) }, func(t *testing.T, _ string, place *Place) {
		asked = 0
		if v := place.Probe(t.Context()); v.Reason != backup.ReasonDenied || asked != 1 {
			t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, asked, v.Detail)
		}
	})
}

// TestAnswersWithoutParts: the driver for Azure takes these to be there.
func TestAnswersWithoutParts(t *testing.T) {
	for name, answer := range map[string]string{
		"blobs":      strings.NewReplacer("<Blobs>", "", "</Blobs>", "").Replace(azureList("")),
		"properties": azureList("", "<Blob><Name>demo/x</Name></Blob>"),
		"a name":     azureList("", azureEntry("", "", 1, "")),
		"a number":   strings.ReplaceAll(azureList("", azureEntry("demo/x", "", 1, "")), ">1<", ">one<"),
	} {
		v := azureFake(t, "demo", func(w http.ResponseWriter, _ string) { _, _ = fmt.Fprint(w, answer) }).Probe(t.Context())
		if v.Class != backup.VerdictUnknown || v.Reason != backup.ReasonOther || v.Requests != 1 {
			t.Errorf("a listing without %s: got %s/%s after %d requests (%s)", name, v.Class, v.Reason, v.Requests, v.Detail)
		}
	}
	place := azureFake(t, "demo", func(w http.ResponseWriter, _ string) { _, _ = fmt.Fprint(w, "x") })
	if _, err := place.Read(t.Context(), "x", 1); err == nil || !strings.Contains(err.Error(), "no time") {
		t.Errorf("an object without time: %v", err)
	}
}
