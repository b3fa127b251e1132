package storage

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// refuse is a fake in front of the S3 handler: it denies requests with one of
// the named query parameters, and lists whose prefix is named as "prefix=…".
func refuse(t *testing.T, server *s3Server, code string, what ...string) *httptest.Server {
	t.Helper()
	return newFake(t, func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		for _, name := range what {
			prefix, isPrefix := strings.CutPrefix(name, "prefix=")
			if query.Has(name) || isPrefix && query.Has("list-type") && query.Get("prefix") == prefix {
				w.WriteHeader(map[string]int{"AccessDenied": 403, "NotImplemented": 501}[code])
				_, _ = fmt.Fprint(w, errorBody(code, "refused"))
				return
			}
		}
		server.Config.Handler.ServeHTTP(w, r)
	})
}

// TestProbeNeedsEveryAnswer: what cannot be asked never makes a place Empty.
func TestProbeNeedsEveryAnswer(t *testing.T) {
	cases := []struct {
		name     string
		code     string
		refused  []string
		want     backup.VerdictClass
		reason   backup.UnknownReason
		versions backup.Lookup
		uploads  backup.Lookup
		detail   string
	}{
		{"everything answered", "AccessDenied", nil, backup.VerdictEmpty, "", backup.Found, backup.Found, ""},
		{"versions denied, never versioned", "AccessDenied", []string{"versions"},
			backup.VerdictEmpty, "", backup.Absent, backup.Found, "no versioning"},
		{"versions not implemented", "NotImplemented", []string{"versions", "versioning"},
			backup.VerdictHidden, "", backup.Failed, backup.Found, "NotImplemented"},
		{"versions denied", "AccessDenied", []string{"versions", "versioning"},
			backup.VerdictHidden, "", backup.Denied, backup.Found, "old versions cannot be listed"},
		{"uploads denied", "AccessDenied", []string{"uploads"},
			backup.VerdictResidue, "", backup.Found, backup.Denied, "open uploads cannot be listed"},
		{"control denied", "AccessDenied", []string{"prefix="},
			backup.VerdictUnknown, backup.ReasonDenied, backup.NotAsked, backup.NotAsked, "AccessDenied"},
		{"place denied", "AccessDenied", []string{"prefix=demo/"},
			backup.VerdictUnknown, backup.ReasonDenied, backup.NotAsked, backup.NotAsked, "AccessDenied"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			v := probeTest(t, testLocation(refuse(t, newS3(t, time.Hour), c.code, c.refused...).URL, "demo"))
			if v.Class != c.want || v.Reason != c.reason || !strings.Contains(v.Detail, c.detail) {
				t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
			}
			if v.Versions != c.versions || v.Uploads != c.uploads {
				t.Errorf("versions %q, uploads %q", v.Versions, v.Uploads)
			}
		})
	}
}

func TestProbeExactKeyDenied(t *testing.T) {
	server := newS3(t, time.Hour)
	server.put(t, "other/x")
	v := probeTest(t, testLocation(refuse(t, server, "AccessDenied", "prefix=demo").URL, "demo"))
	if v.Class != backup.VerdictUnknown || v.Reason != backup.ReasonDenied || v.BucketEmpty != backup.No {
		t.Errorf("got %s/%s, bucket empty %v", v.Class, v.Reason, v.BucketEmpty)
	}
}

func TestProbeVersionedBucketWithDeniedVersions(t *testing.T) {
	server := newS3(t, time.Hour)
	server.versioned(t)
	v := probeTest(t, testLocation(refuse(t, server, "AccessDenied", "versions").URL, "demo"))
	if v.Class != backup.VerdictHidden || !strings.Contains(v.Detail, "versioning is Enabled") {
		t.Errorf("got %s (%s)", v.Class, v.Detail)
	}
}

// TestProbeIgnorantServer is a fake that answers every question with a plain
// list, as servers do that ignore parameters they do not know.
func TestProbeIgnorantServer(t *testing.T) {
	v := probeTest(t, testLocation(newFake(t, failing(200, nil, "<ListBucketResult><Name>backups</Name></ListBucketResult>")).URL, "demo"))
	if v.Class != backup.VerdictHidden || v.Versions != backup.Failed {
		t.Errorf("got %s, versions %q: a list of objects is no list of versions", v.Class, v.Versions)
	}
}

// TestClassify covers what no single server shows.
func TestClassify(t *testing.T) {
	cases := []struct {
		name  string
		shape func(*sighting)
		want  backup.VerdictClass
	}{
		{"nothing", func(*sighting) {}, backup.VerdictEmpty},
		{"versions go on behind delete markers", func(s *sighting) { s.addDeleteMarker("demo/x"); s.versionsCut = true }, backup.VerdictHidden},
		{"delete markers", func(s *sighting) { s.addDeleteMarker("demo/x") }, backup.VerdictResidue},
		{"delete markers elsewhere", func(s *sighting) { s.addDeleteMarker("demo2/x") }, backup.VerdictEmpty},
		{"residue with old data", func(s *sighting) {
			s.addObject(backup.StoredObject{Key: "demo/backup.lock", Bytes: 1, Modified: testNow()})
			s.addOldVersion("demo/1.sst", 1)
		}, backup.VerdictHidden},
		{"old versions elsewhere", func(s *sighting) { s.addOldVersion("demo2/1.sst", 1) }, backup.VerdictEmpty},
		{"uploads go on", func(s *sighting) { s.uploadsCut = true }, backup.VerdictResidue},
		{"uploads elsewhere", func(s *sighting) { s.addUpload("demo2/1.sst", testNow()) }, backup.VerdictEmpty},
		{"an old marker of completion", func(s *sighting) { s.addOldVersion("demo/backupmeta", 1) }, backup.VerdictHidden},
		{"a folder key with bytes", func(s *sighting) { s.addObject(backup.StoredObject{Key: "demo/x/", Bytes: 1, Modified: testNow()}) }, backup.VerdictPartial},
		{"keys that look alike", func(s *sighting) {
			s.addObject(backup.StoredObject{Key: "demo//", Bytes: 3, Modified: testNow()})
			s.addObject(backup.StoredObject{Key: "demo/", Bytes: 0, Modified: testNow()})
		}, backup.VerdictPartial},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSighting(area{prefix: "demo"}, tidbMarkers(), testNow(), testCredentials())
			s.versions, s.uploads = backup.Found, backup.Found
			c.shape(s)
			if got, reason := classify(s); got != c.want || reason != "" {
				t.Errorf("got %s/%s, want %s", got, reason, c.want)
			}
		})
	}
}

// TestTruncatedHistory: a list that goes on behind a single object says nothing
// more about it; one that may go on inside the place leaves it open.
func TestTruncatedHistory(t *testing.T) {
	cases := []struct {
		object bool
		next   string
		want   bool
	}{
		{false, "demo/x", true}, {true, "demo", true}, {true, "", true}, {true, "elsewhere", true}, {true, "demo2", false},
	}
	for _, c := range cases {
		if got := (area{prefix: "demo", object: c.object}).goesOn(c.next); got != c.want {
			t.Errorf("next key %q, object %v: goes on %v", c.next, c.object, got)
		}
	}
}

func TestLockWithoutTime(t *testing.T) {
	s := newSighting(area{prefix: "demo"}, backup.Markers{Locks: []string{"lock"}}, testNow(), Credentials{})
	s.addObject(backup.StoredObject{Key: "demo/lock", Bytes: 1, Modified: testNow().Add(-4 * time.Minute)})
	if s.freshLock != "lock" {
		t.Error("a lock of four minutes is fresh where the profile names no time")
	}
}

func TestRemarksOnCutLists(t *testing.T) {
	s := newSighting(area{prefix: "demo"}, tidbMarkers(), testNow(), testCredentials())
	s.versionsCut, s.uploadsCut = true, true
	if got, want := s.remarks(), "the list of old versions goes on; the list of open uploads goes on"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
