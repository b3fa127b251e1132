package storage

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

var testKey = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
})

// googleFile is a key file with some settings changed.
func googleFile(t *testing.T, changed ...string) []byte {
	t.Helper()
	settings := map[string]string{
		"type": "service_account", "client_email": "backup@project.iam.gserviceaccount.com", "private_key_id": "1",
		"private_key": testKey(), "token_uri": "https://evil.example/token",
	}
	for i := 0; i < len(changed); i += 2 {
		settings[changed[i]] = changed[i+1]
	}
	file, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// gcsFake opens a place at a fake of Google Cloud Storage. The handler gets
// what is behind the list of objects' path, "versions", "softDeleted",
// "uploads", "media" or "", as the documentation names the parameters.
func gcsFake(t *testing.T, object bool, handler func(w http.ResponseWriter, r *http.Request, what string)) *Place {
	t.Helper()
	server := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			_, _ = fmt.Fprint(w, `{"access_token":"ya29.secretToken","expires_in":3599}`)
			return
		}
		if r.Method != http.MethodGet || r.Header.Get("Authorization") != "Bearer ya29.secretToken" {
			t.Errorf("%s %s, authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
		}
		for name := range r.Header {
			if strings.HasPrefix(strings.ToLower(name), "x-amz") {
				t.Errorf("Google gets the header %s", name)
			}
		}
		what := ""
		for _, name := range []string{"versions", "softDeleted", "uploads"} {
			if r.URL.Query().Has(name) {
				what = name
			}
		}
		if r.URL.Query().Get("alt") == "media" {
			what = "media"
		}
		handler(w, r, what)
	})
	creds, err := readGoogleKey("Secret tidb/gcs", googleFile(t))
	if err != nil {
		t.Fatal(err)
	}
	loc := backup.Location{Provider: backup.ProviderGCS, Bucket: testBucket, Prefix: "demo", Object: object, Endpoint: server.URL, Markers: tidbMarkers()}
	place, err := Open(loc, creds, Options{TypedEndpoint: true, TokenURL: server.URL + "/token", Now: testNow})
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// gcsList is a page of the JSON API with items of one byte.
func gcsList(more string, extra string, names ...string) string {
	var items []string
	for _, name := range names {
		items = append(items, fmt.Sprintf(`{"bucket":%q,"name":%q,"size":"1","timeCreated":"2026-11-21T11:59:00Z"%s}`, testBucket, name, extra))
	}
	return `{"kind":"storage#objects"` + more + `,"items":[` + strings.Join(items, ",") + `]}`
}

const noUploads = `<?xml version="1.0"?><ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>backups</Bucket></ListMultipartUploadsResult>`

// TestGCSHidden plays what fake-gcs-server does not know: soft-deleted objects
// and multipart uploads.
func TestGCSHidden(t *testing.T) {
	noncurrent, soft := `,"timeDeleted":"2026-11-21T11:00:00Z"`, `,"softDeleteTime":"2026-11-21T11:00:00Z"`
	upload := strings.Replace(noUploads, "</Bucket>", "</Bucket><Upload><Key>demo/1.sst</Key><Initiated>2026-11-21T11:59:00Z</Initiated></Upload>", 1)
	cut := `,"nextPageToken":"x"`
	cases := []struct {
		name    string
		object  bool
		answers map[string]string
		want    backup.VerdictClass
		reason  backup.UnknownReason
		lock    string
		old     int64
	}{
		{name: "nothing", want: backup.VerdictEmpty},
		{name: "soft-deleted data", answers: map[string]string{"softDeleted": gcsList("", soft, "demo/1.sst", "demo2/x")}, want: backup.VerdictHidden, old: 1},
		{name: "a soft-deleted lock", answers: map[string]string{"softDeleted": gcsList("", soft, "demo/backup.lock")}, want: backup.VerdictResidue, old: 1},
		{name: "noncurrent data", answers: map[string]string{"versions": gcsList("", noncurrent, "demo/1.sst")}, want: backup.VerdictHidden, old: 1},
		{name: "written since the listing", answers: map[string]string{"versions": gcsList("", "", "demo/1.sst")}, want: backup.VerdictPartial},
		{name: "generations go on", answers: map[string]string{"versions": gcsList(cut, noncurrent, "demo/backup.lock")}, want: backup.VerdictHidden, old: 1},
		{name: "generations go on behind a single object", object: true,
			answers: map[string]string{"versions": gcsList(cut, noncurrent, "demo.tgz")}, want: backup.VerdictEmpty},
		{name: "a server that does not know soft deletion", answers: map[string]string{"softDeleted": gcsList("", "", "demo/x")}, want: backup.VerdictHidden},
		{name: "an open upload", answers: map[string]string{"uploads": upload}, want: backup.VerdictResidue, lock: "1.sst"},
		{name: "uploads in another form", answers: map[string]string{"uploads": "<html></html>"}, want: backup.VerdictResidue},
		{name: "an empty page that goes on", answers: map[string]string{"": gcsList(cut, "")}, want: backup.VerdictUnknown, reason: backup.ReasonCutShort},
		{name: "the same for a single object", object: true, answers: map[string]string{"": gcsList(cut, "")}, want: backup.VerdictUnknown, reason: backup.ReasonCutShort},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			place := gcsFake(t, c.object, func(w http.ResponseWriter, _ *http.Request, what string) {
				answer, there := c.answers[what]
				switch {
				case there:
				case what == "uploads":
					answer = noUploads
				default:
					answer = gcsList("", "")
				}
				_, _ = fmt.Fprint(w, answer)
			})
			v := place.Probe(t.Context())
			if v.Class != c.want || v.Reason != c.reason || v.FreshLock != c.lock || v.OldVersions.Objects != c.old {
				t.Errorf("got %s/%s, lock %q, %+v (%s)", v.Class, v.Reason, v.FreshLock, v.OldVersions, v.Detail)
			}
			if v.Requests > maxProbeRequests {
				t.Errorf("%d requests", v.Requests)
			}
		})
	}
}

func gcsError(code int, reason, message string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":%q,"errors":[{"reason":%q}]}}`, code, message, reason)
}

func TestGCSFaults(t *testing.T) {
	cases := []struct {
		name   string
		status int
		body   string
		want   backup.VerdictClass
		reason backup.UnknownReason
		detail string
	}{
		{"no such bucket", 404, gcsError(404, "notFound", "The specified bucket does not exist."), backup.VerdictBucketMissing, "", "notFound"},
		{"not found is no missing bucket", 404, "<html>The specified bucket does not exist.</html>", backup.VerdictUnknown, backup.ReasonOther, "404"},
		{"denied", 403, gcsError(403, "forbidden", "no storage.objects.list access"), backup.VerdictUnknown, backup.ReasonDenied, "objects.list"},
		{"token refused", 401, gcsError(401, "authError", "Invalid ya29.x"), backup.VerdictUnknown, backup.ReasonCredentials, "authError"},
		{"server error", 503, gcsError(503, "backendError", "x"), backup.VerdictUnknown, backup.ReasonOther, "backendError"},
		{"a page for people", 200, "<html>log in</html>", backup.VerdictUnknown, backup.ReasonOther, "no answer of object storage"},
		{"another document", 200, `{"kind":"storage#buckets","items":[]}`, backup.VerdictUnknown, backup.ReasonOther, "list of objects"},
		{"half a document", 200, `{"kind":"storage#objects","items":[`, backup.VerdictUnknown, backup.ReasonOther, "list of objects"},
		{"a key outside the prefix", 200, gcsList("", "", "demo2/x"), backup.VerdictUnknown, backup.ReasonOther, "outside the prefix"},
		{"an object of another bucket", 200, strings.ReplaceAll(gcsList("", "", "demo/x"), testBucket, "other"), backup.VerdictUnknown, backup.ReasonOther, "another bucket"},
		{"an object without time", 200, strings.ReplaceAll(gcsList("", "", "demo/x"), "timeCreated", "x"), backup.VerdictUnknown, backup.ReasonOther, "without key or time"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			place := gcsFake(t, false, func(w http.ResponseWriter, _ *http.Request, _ string) {
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.body)
			})
			v := place.Probe(t.Context())
			if v.Class != c.want || v.Reason != c.reason || v.Requests != 1 || !strings.Contains(v.Detail, c.detail) {
				t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, v.Requests, v.Detail)
			}
		})
	}
}

// TestGCSReadsOddKeys: the name of an object cannot be taken for another path.
func TestGCSReadsOddKeys(t *testing.T) {
	var path string
	place := gcsFake(t, false, func(w http.ResponseWriter, r *http.Request, _ string) {
		path = r.URL.EscapedPath()
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, gcsError(404, "notFound", "No such object"))
	})
	_, err := place.Read(t.Context(), "b/backups/o", 1)
	if err == nil || !strings.HasSuffix(err.Error(), "file does not exist") || path != "/storage/v1/b/backups/o/demo%2Fb%2Fbackups%2Fo" {
		t.Errorf("%v for %q", err, path)
	}
}

// TestGCSCustomerKeys: an object that is encrypted with a key of the writer's
// own can be listed, and nothing is known about what is in it.
func TestGCSCustomerKeys(t *testing.T) {
	place := gcsFake(t, false, func(w http.ResponseWriter, _ *http.Request, _ string) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprint(w, gcsError(400, "resourceIsEncryptedWithCustomerEncryptionKey", "x"))
	})
	if _, err := place.Read(t.Context(), "x", 1); newFault(err, Credentials{}).Reason != backup.ReasonCredentials {
		t.Errorf("got %v", err)
	}
}
