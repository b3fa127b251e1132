package storage

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/fsouza/fake-gcs-server/fakestorage"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/plugin"
)

// stored is a backup whose tarball is missing, and what verify says of it.
const stored = `{"kind":"Backup","metadata":{"name":"shop","namespace":"velero"},"spec":{"storageLocation":"default"},"status":{"phase":"Completed","startTimestamp":"2026-11-20T12:00:00Z"}}`

const storedKey = "prod/backups/shop/velero-backup.json"

// run is what a person types and sees. The machine has no cluster.
func run(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	got := plugin.Run(t.Context(), args, genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &errOut})
	if got != code {
		t.Fatalf("%q exits %d, want %d: %s%s", args, got, code, out.String(), errOut.String())
	}
	return out.String() + errOut.String()
}

// reads tries the verbs that take a bucket.
func reads(t *testing.T, secret string, flags ...string) {
	t.Helper()
	t.Setenv("KUBECONFIG", filepath.Join(t.TempDir(), "none"))
	t.Setenv("HTTPS_PROXY", "")
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{0, `shop +velero +Completed`, []string{"get"}},
		{0, `velero-backup.json`, []string{"describe", "shop", "--details"}},
		{2, `× not restorable: the tarball is missing in the bucket`, []string{"verify", "shop"}},
		{2, `shop +velero +× no`, []string{"verify", "--all"}},
		{0, `wrote 1 file, `, []string{"download", "shop", "-o", t.TempDir()}},
	} {
		said := run(t, c.code, append(c.args, flags...)...)
		if !regexp.MustCompile(c.want).MatchString(said) || strings.Contains(said, secret) {
			t.Errorf("%q: %s", c.args, said)
		}
	}
}

// TestBucketOfAzure reads azblob://CONTAINER/PREFIX on Azurite.
func TestBucketOfAzure(t *testing.T) {
	s, client := newContainer(t)
	if _, err := client.NewBlockBlobClient(storedKey).Upload(t.Context(), streaming.NopCloser(strings.NewReader(stored)), nil); err != nil {
		t.Fatal(err)
	}
	key := startAzurite(t).key
	t.Setenv("AZURE_STORAGE_CONNECTION_STRING", "")
	t.Setenv("AZURE_STORAGE_ACCOUNT", account)
	t.Setenv("AZURE_STORAGE_KEY", key)
	reads(t, key, "--bucket=azblob://"+s.location.Bucket+"/prod", "--storage-credentials=env", "--storage-endpoint="+s.location.Endpoint)
}

// TestBucketOfGoogle reads gs://BUCKET/PREFIX on fake-gcs-server. Tokens come from
// the one host that gives out Google's, which a proxy with an authority of its own plays.
func TestBucketOfGoogle(t *testing.T) {
	s, fake := startGCS(t)
	fake.CreateObject(fakestorage.Object{ObjectAttrs: fakestorage.ObjectAttrs{BucketName: bucket, Name: storedKey}, Content: []byte(stored)})
	key, err := goodKey()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(file, keyFile(t, key), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
	proxy, authority := tokenProxy(t, s.location.Endpoint)
	reads(t, token, "--bucket=gs://"+bucket+"/prod", "--storage-credentials=env", "--storage-endpoint="+s.location.Endpoint,
		"--storage-proxy="+proxy, "--storage-ca="+authority)
	said := run(t, 1, "get", "--bucket=gs://"+bucket+"/prod", "--storage-credentials=env", "--storage-endpoint="+s.location.Endpoint, "--storage-proxy="+proxy)
	if !strings.Contains(said, "certificate") {
		t.Errorf("without --storage-ca: %s", said)
	}
}

// keyFile is a service account's, as Google hands it out.
func keyFile(t *testing.T, key *rsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "client_email": "backup@project.iam.gserviceaccount.com", "private_key_id": "1",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": "https://oauth2.googleapis.com/token",
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

const tokenHost = "oauth2.googleapis.com"

// tokenProxy is an HTTP proxy that stands for the host of the tokens, which the
// front answers, and passes all else on. The file holds its certificate.
func tokenProxy(t *testing.T, front string) (proxy, authority string) {
	t.Helper()
	tokens := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { pass(w, r, front+r.URL.Path) }))
	certificate := certificateFor(t, tokenHost)
	tokens.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	tokens.StartTLS()
	t.Cleanup(tokens.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect && r.Host == tokenHost+":443" {
			connect(w, tokens.Listener.Addr().String())
			return
		}
		pass(w, r, r.URL.String())
	}))
	t.Cleanup(server.Close)
	authority = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), 0o600); err != nil {
		t.Fatal(err)
	}
	return server.URL, authority
}

// pass repeats a request at another URL.
func pass(w http.ResponseWriter, r *http.Request, to string) {
	request, err := http.NewRequestWithContext(r.Context(), r.Method, to, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	request.Header = r.Header.Clone()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = response.Body.Close() }()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}

// connect joins a client with a server.
func connect(w http.ResponseWriter, address string) {
	server, err := net.Dial("tcp", address)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		_ = server.Close()
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() {
		_, _ = io.Copy(server, buffered)
		_ = server.Close()
	}()
	_, _ = io.Copy(client, server)
	_ = client.Close()
}

// certificateFor is a certificate of one host that signs itself.
func certificateFor(t *testing.T, host string) tls.Certificate {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
