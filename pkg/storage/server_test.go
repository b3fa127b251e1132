package storage

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const testBucket = "backups"

// testNow is the clock of the place under test.
func testNow() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

func testCredentials() Credentials {
	return Credentials{provider: backup.ProviderS3, id: "AKIATESTTESTTEST", secret: "verySecretValue", identity: "Secret tidb-test/s3-secret"}
}

// clock is the time source of the in-process S3 server.
type clock time.Time

func (c clock) Now() time.Time                  { return time.Time(c) }
func (c clock) Since(t time.Time) time.Duration { return time.Time(c).Sub(t) }

// s3Server is gofakes3 in this process: a complete S3 handler in memory that
// checks no signatures.
type s3Server struct {
	*httptest.Server
	backend *s3mem.Backend
}

// newS3 starts a server whose objects are all written the given time ago.
func newS3(t *testing.T, age time.Duration, options ...gofakes3.Option) *s3Server {
	t.Helper()
	written := clock(testNow().Add(-age))
	backend := s3mem.New(s3mem.WithTimeSource(written))
	options = append(options, gofakes3.WithTimeSource(written), gofakes3.WithTimeSkewLimit(0))
	server := httptest.NewServer(gofakes3.New(backend, options...).Server())
	t.Cleanup(server.Close)
	if err := backend.CreateBucket(testBucket); err != nil {
		t.Fatal(err)
	}
	s := &s3Server{server, backend}
	// gofakes3 answers NoSuchUpload for a bucket that never had one.
	s.startUpload(t, "elsewhere/x")
	return s
}

// put writes an object of one byte, or of none if the key ends in a slash.
func (s *s3Server) put(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		data := []byte("x")
		if key[len(key)-1] == '/' {
			data = nil
		}
		if _, err := s.backend.PutObject(testBucket, key, map[string]string{}, bytes.NewReader(data), int64(len(data)), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *s3Server) remove(t *testing.T, key string) {
	t.Helper()
	if _, err := s.backend.DeleteObject(testBucket, key); err != nil {
		t.Fatal(err)
	}
}

func (s *s3Server) versioned(t *testing.T) {
	t.Helper()
	err := s.backend.SetVersioningConfiguration(testBucket, gofakes3.VersioningConfiguration{Status: gofakes3.VersioningEnabled})
	if err != nil {
		t.Fatal(err)
	}
}

// startUpload leaves a multipart upload open.
func (s *s3Server) startUpload(t *testing.T, key string) {
	t.Helper()
	resp, err := http.Post(s.URL+"/"+testBucket+"/"+key+"?uploads", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("start of the upload: %s", resp.Status)
	}
}

// tidbMarkers are those of a TiDB snapshot backup.
func tidbMarkers() backup.Markers {
	return backup.Markers{
		Complete: []string{"backupmeta"},
		Residue:  []string{"backup.lock", "checkpoint.meta", "checkpoints/**"},
		Locks:    []string{"backup.lock", "checkpoints/**/checkpoint.lock"},
		LockTTL:  backup.Duration(5 * time.Minute),
		Known:    true,
	}
}

func testLocation(endpoint, prefix string) backup.Location {
	return backup.Location{
		Provider: backup.ProviderS3, Bucket: testBucket, Prefix: prefix, Endpoint: endpoint, PathStyle: true, Markers: tidbMarkers(),
	}
}

func openTest(t *testing.T, loc backup.Location, opts Options) *Place {
	t.Helper()
	if opts.Now == nil {
		opts.Now = testNow
	}
	opts.TypedEndpoint = true
	place, err := Open(loc, testCredentials(), opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := place.Close(); err != nil {
			t.Error(err)
		}
	})
	return place
}

func probeTest(t *testing.T, loc backup.Location) backup.StorageVerdict {
	t.Helper()
	v := openTest(t, loc, Options{}).Probe(context.Background())
	if v.Requests > maxProbeRequests {
		t.Errorf("%d requests, at most %d are allowed", v.Requests, maxProbeRequests)
	}
	return v
}

// newFake serves a handler that plays one behaviour of a server. It is a fake.
func newFake(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// recordedMethods serves the S3 handler and remembers the method of each request.
func recordedMethods(t *testing.T) (methods func() []string, url string) {
	t.Helper()
	inner := newS3(t, 0)
	var seen []string
	server := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Method)
		inner.Config.Handler.ServeHTTP(w, r)
	})
	return func() []string { return seen }, server.URL
}
