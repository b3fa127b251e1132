package cluster

import (
	"bytes"
	"flag"
	"net/http"
	"strings"
	"sync"
	"testing"

	"k8s.io/klog/v2"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// lockedBuffer takes the lines that klog writes from several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// TestSecretsAreNeverLogged reads a Secret in every way at the highest verbosity.
// It changes klog for the whole process and so does not run in parallel.
func TestSecretsAreNeverLogged(t *testing.T) {
	const plain, encoded = "hunter2-hunter2", "aHVudGVyMi1odW50ZXIy"
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	for name, value := range map[string]string{"v": "10", "logtostderr": "false", "stderrthreshold": "FATAL", "one_output": "true"} {
		if err := flags.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	var logged lockedBuffer
	klog.SetOutput(&logged)
	defer func() {
		klog.Flush()
		_ = flags.Set("v", "0")
		klog.SetOutput(new(bytes.Buffer))
	}()
	values := `"data":{"secret_key":"` + encoded + `"}`
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		metadata := strings.Contains(r.Header.Get("Accept"), "as=PartialObjectMetadata")
		switch {
		case r.URL.Path == "/api/v1/secrets" && metadata:
			answer(w, 200, `{"kind":"PartialObjectMetadataList","items":[{"metadata":{"name":"s"}}]}`)
		case r.URL.Path == "/api/v1/namespaces/a/secrets/s" && metadata:
			answer(w, 200, `{"kind":"PartialObjectMetadata","metadata":{"name":"s"}}`)
		case r.URL.Path == "/api/v1/namespaces/a/secrets/s":
			answer(w, 200, `{"kind":"Secret",`+values+`}`)
		case r.URL.Path == "/api/v1/namespaces/a/secrets/broken":
			answer(w, 200, `{"kind":"Secret","data":{"k":"`+plain+`!"}}`)
		default:
			t.Errorf("%s was read with %s", r.URL.Path, r.Header.Get("Accept"))
		}
	}), Options{})

	data, err := live.Secret(t.Context(), "a", "s")
	if err != nil || string(data["secret_key"]) != plain {
		t.Errorf("got %q, %v", data, err)
	}
	if _, err := live.Secret(t.Context(), "a", "broken"); err == nil || strings.Contains(err.Error(), plain) {
		t.Errorf("a value that is not base64: %v", err)
	}
	secrets := backup.Served{Version: "v1", Resource: "secrets", Kind: "Secret", Namespaced: true}
	object, err := live.Get(t.Context(), secrets, "a", "s")
	if err != nil || object["data"] != nil || object["kind"] != "Secret" {
		t.Errorf("got %v, %v", object, err)
	}
	if err := live.List(t.Context(), secrets, "", ListOptions{}, func(map[string]any) error { return nil }); err != nil {
		t.Error(err)
	}

	klog.Flush()
	logged.mu.Lock()
	defer logged.mu.Unlock()
	text := logged.String()
	if !strings.Contains(text, "/api/v1/namespaces/a/secrets/s") {
		t.Fatalf("the log does not hold the request, so the test sees nothing:\n%s", text)
	}
	for _, secret := range []string{plain, encoded, "t0ken"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q:\n%s", secret, text)
		}
	}
}
