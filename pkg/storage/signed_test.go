package storage

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const canarySignature = "5ec2e7c4a4a27"

// signedBy is a URL of a test server, with a signature that no error may tell.
func signedBy(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL + "/bucket/backups/b/b.tar.gz?X-Amz-Signature=" + canarySignature
}

func openLocal(t *testing.T, signed string) (*Signed, error) {
	t.Helper()
	return OpenSigned(t.Context(), signed, backup.Location{}, Options{TypedEndpoint: true})
}

func TestASignedFileIsRead(t *testing.T) {
	t.Parallel()
	signed := signedBy(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.Query().Get("X-Amz-Signature") != canarySignature || len(r.Header.Get("Authorization")) > 0 {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = io.WriteString(w, "contents")
	})
	file, err := openLocal(t, signed)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(file)
	if string(text) != "contents" || file.Bytes != 8 || file.Vantage != "direct" || err != nil || file.Close() != nil {
		t.Errorf("%q of %d bytes, %s: %v", text, file.Bytes, file.Vantage, err)
	}
}

func TestASignedURLThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer  func(w http.ResponseWriter)
		says    string
		reason  backup.UnknownReason
		missing bool
		bucket  bool
	}{
		"no such object": {code(404, "NoSuchKey"), "file does not exist", "", true, false},
		"no such blob":   {code(404, "BlobNotFound"), "file does not exist", "", true, false},
		"no such bucket": {code(404, "NoSuchBucket"), "answered with 404: NoSuchBucket", backup.ReasonOther, false, true},
		"another page":   {code(404, ""), "answered with 404", backup.ReasonOther, false, false},
		"expired":        {code(403, "AccessDenied"), "answered with 403: AccessDenied", backup.ReasonDenied, false, false},
		"redirect": {func(w http.ResponseWriter) {
			w.Header().Set("Location", "https://other.example.com/?X-Amz-Signature="+canarySignature)
			w.WriteHeader(http.StatusFound)
		}, "redirects to https://other.example.com: not followed", backup.ReasonRedirect, false, false},
		"no length": {func(w http.ResponseWriter) { w.(http.Flusher).Flush() }, "how long the file is", backup.ReasonOther, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signed := signedBy(t, func(w http.ResponseWriter, _ *http.Request) { test.answer(w) })
			_, err := openLocal(t, signed)
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), canarySignature) || errors.Is(err, fs.ErrNotExist) != test.missing {
				t.Fatalf("error %v", err)
			}
			var fault *Fault
			if errors.As(err, &fault) == test.missing || fault != nil && (fault.Reason != test.reason || fault.BucketMissing != test.bucket) {
				t.Errorf("fault %+v", fault)
			}
		})
	}
}

// code answers with an error that repeats what was signed, as S3 does.
func code(status int, code string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code><Message>"+canarySignature+"</Message></Error>")
	}
}

// An address in an object of the cluster must not lead to this machine.
func TestASignedURLIsJudgedByItsAddress(t *testing.T) {
	t.Parallel()
	for _, signed := range []string{"http://127.0.0.1:1/b?sig=" + canarySignature, "http://169.254.169.254/b?sig=" + canarySignature} {
		_, err := OpenSigned(t.Context(), signed, backup.Location{}, Options{})
		var fault *Fault
		if !errors.As(err, &fault) || fault.Reason != backup.ReasonForbidden || strings.Contains(err.Error(), canarySignature) {
			t.Errorf("error %v", err)
		}
	}
	for _, signed := range []string{"", "ftp://host/?sig=" + canarySignature, "http://user:" + canarySignature + "@host/", "http://host:%31/" + canarySignature, "/" + canarySignature} {
		_, err := OpenSigned(t.Context(), signed, backup.Location{}, Options{})
		if err == nil || strings.Contains(err.Error(), canarySignature) || SignedServer(signed) != "" {
			t.Errorf("%q: error %v", signed, err)
		}
	}
}

// A connection that breaks is no end of the file.
func TestASignedFileThatBreaksOff(t *testing.T) {
	t.Parallel()
	signed := signedBy(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	file, err := openLocal(t, signed)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	var fault *Fault
	if _, err = io.ReadAll(file); !errors.As(err, &fault) || strings.Contains(err.Error(), canarySignature) {
		t.Errorf("error %v", err)
	}
}
