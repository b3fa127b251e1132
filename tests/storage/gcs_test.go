package storage

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/fsouza/fake-gcs-server/fakestorage"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

const bucket = "backups"

// TestGoogle runs against fake-gcs-server. It checks no tokens, so a handler in
// front of it does. It lists neither soft-deleted objects, for which it answers
// with the current ones, nor multipart uploads: an empty place is Residue at
// best, and one with leftovers Hidden.
func TestGoogle(t *testing.T) {
	contract(t, func(t *testing.T) server { s, _ := startGCS(t); return s })
}

func TestGoogleNoncurrentGenerations(t *testing.T) {
	s, fake := startGCS(t)
	fake.CreateBucketWithOpts(fakestorage.CreateBucketOpts{Name: "versioned", VersioningEnabled: true})
	create(t, fake, "versioned", "demo/1.sst")
	request, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, s.location.Endpoint+"/storage/v1/b/versioned/o/demo%2F1.sst", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("delete: %v, %v", response, err)
	}
	_ = response.Body.Close()
	v := s.open(t, "demo", func(l *backup.Location, _ *storage.Options) { l.Bucket = "versioned" }).Probe(t.Context())
	if v.Class != backup.VerdictHidden || v.OldVersions.Objects != 1 || v.OldVersions.Bytes != 1 {
		t.Errorf("got %s/%s, %+v (%s)", v.Class, v.Reason, v.OldVersions, v.Detail)
	}
}

// TestGoogleRefusesTheAssertion: a key that Google does not know.
func TestGoogleRefusesTheAssertion(t *testing.T) {
	s, _ := startGCS(t)
	s.credentials = serviceAccount(t, newKey(t))
	v := s.open(t, "demo", nil).Probe(t.Context())
	if v.Reason != backup.ReasonCredentials || v.Requests != 0 && v.Requests != 1 || !strings.Contains(v.Detail, "invalid_grant") {
		t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, v.Requests, v.Detail)
	}
}

const token = "ya29.good-for-tests"

// startGCS starts the server, and before it what Google has there: a token
// endpoint that verifies assertions and a check of the token.
func startGCS(t *testing.T) (server, *fakestorage.Server) {
	t.Helper()
	fake, err := fakestorage.NewServerWithOptions(fakestorage.Options{NoListener: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(fake.Stop)
	fake.CreateBucketWithOpts(fakestorage.CreateBucketOpts{Name: bucket})
	key, err := goodKey()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) { exchange(w, r, &key.PublicKey) })
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			http.Error(w, `{"error":{"code":401,"message":"Invalid Credentials"}}`, http.StatusUnauthorized)
			return
		}
		fake.HTTPHandler().ServeHTTP(w, r)
	})
	front := httptest.NewServer(mux)
	t.Cleanup(front.Close)
	return server{
		put:         func(keys ...string) { create(t, fake, bucket, keys...) },
		location:    backup.Location{Provider: backup.ProviderGCS, Bucket: bucket, Endpoint: front.URL},
		credentials: serviceAccount(t, key),
		options:     storage.Options{TypedEndpoint: true, TokenURL: front.URL + "/token"},
		nothing:     backup.VerdictResidue,
		leftovers:   backup.VerdictHidden,
	}, fake
}

func create(t *testing.T, fake *fakestorage.Server, bucket string, keys ...string) {
	t.Helper()
	for _, key := range keys {
		content := []byte("x")
		if strings.HasSuffix(key, "/") {
			content = nil
		}
		fake.CreateObject(fakestorage.Object{ObjectAttrs: fakestorage.ObjectAttrs{BucketName: bucket, Name: key}, Content: content})
	}
}

// goodKey is the one that the token endpoint knows.
var goodKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// serviceAccount is a key file whose addresses lead to nobody.
func serviceAccount(t *testing.T, key *rsa.PrivateKey) storage.Credentials {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": "backup@project.iam.gserviceaccount.com", "private_key_id": "1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"token_uri":   "http://127.0.0.1:1/token", "auth_uri": "http://127.0.0.1:1/auth",
	})
	if err != nil {
		t.Fatal(err)
	}
	ref := backup.CredentialsRef{Namespace: "velero", Secret: "cloud-credentials", Format: "velero-gcp"}
	creds, err := storage.ParseCredentials(ref, map[string][]byte{"cloud": file})
	if err != nil {
		t.Fatal(err)
	}
	return creds
}

// exchange gives out the token for an assertion that the key signed.
func exchange(w http.ResponseWriter, r *http.Request, key *rsa.PublicKey) {
	signed, signature, _ := cutLast(r.PostFormValue("assertion"), ".")
	_, claims, _ := strings.Cut(signed, ".")
	text, err := base64.RawURLEncoding.DecodeString(claims)
	var said struct{ Iss, Aud, Scope string }
	bad := err != nil || json.Unmarshal(text, &said) != nil || said.Aud != "https://oauth2.googleapis.com/token" ||
		!strings.HasSuffix(said.Scope, ".read_only") || said.Iss == ""
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	digest := sha256.Sum256([]byte(signed))
	if bad || err != nil || rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], raw) != nil {
		http.Error(w, `{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`, http.StatusBadRequest)
		return
	}
	_, _ = fmt.Fprintf(w, `{"access_token":%q,"expires_in":3599,"token_type":"Bearer"}`, token)
}

func cutLast(text, separator string) (before, after string, found bool) {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+1:], true
}
