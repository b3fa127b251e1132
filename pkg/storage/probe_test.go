package storage

import (
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// TestProbe looks at places of a real S3 handler.
func TestProbe(t *testing.T) {
	cases := []struct {
		name        string
		prefix      string
		object      bool
		age         time.Duration
		markers     *backup.Markers
		prepare     func(*testing.T, *s3Server)
		want        backup.VerdictClass
		reason      backup.UnknownReason
		bucketEmpty backup.Answer
		freshLock   string
		current     int64
	}{
		{name: "nothing in the whole bucket", prefix: "demo", want: backup.VerdictEmpty, bucketEmpty: backup.Yes},
		{name: "only a sibling whose name starts alike", prefix: "demo", want: backup.VerdictEmpty, bucketEmpty: backup.No,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "demo2/1/a.sst", "demo2/backupmeta", "demo-1/x") }},
		{name: "the exact key", prefix: "demo", want: backup.VerdictPartial, bucketEmpty: backup.No, current: 1,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "demo", "demo2/x") }},
		{name: "slashes around the prefix", prefix: "/demo/", want: backup.VerdictPartial, bucketEmpty: backup.No, current: 1,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "demo/1/a.sst") }},
		{name: "complete", prefix: "demo", want: backup.VerdictComplete, bucketEmpty: backup.No, current: 3, age: time.Hour,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "demo/1/a.sst", "demo/backup.lock", "demo/backupmeta") }},
		{name: "unknown layout", prefix: "demo", want: backup.VerdictData, bucketEmpty: backup.No, current: 1, markers: &backup.Markers{},
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "demo/file") }},
		{name: "old locks and checkpoints", prefix: "demo", want: backup.VerdictResidue, bucketEmpty: backup.No, current: 2, age: time.Hour,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "demo/backup.lock", "demo/checkpoints/backup/data/a.cpt") }},
		{name: "fresh lock", prefix: "demo", want: backup.VerdictResidue, bucketEmpty: backup.No, current: 1, age: time.Minute,
			freshLock: "checkpoints/backup/checkpoint.lock",
			prepare:   func(t *testing.T, s *s3Server) { s.put(t, "demo/checkpoints/backup/checkpoint.lock") }},
		{name: "the key of the folder", prefix: "demo", want: backup.VerdictResidue, bucketEmpty: backup.No, current: 1,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "demo/") }},
		{name: "open upload", prefix: "demo", want: backup.VerdictResidue, bucketEmpty: backup.Yes, age: time.Hour,
			prepare: func(t *testing.T, s *s3Server) { s.startUpload(t, "demo/1/a.sst") }},
		{name: "young upload is a writer", prefix: "demo", want: backup.VerdictResidue, bucketEmpty: backup.Yes, freshLock: "1/a.sst",
			prepare: func(t *testing.T, s *s3Server) { s.startUpload(t, "demo/1/a.sst") }},
		{name: "old versions", prefix: "demo", want: backup.VerdictHidden, bucketEmpty: backup.Yes,
			prepare: func(t *testing.T, s *s3Server) {
				s.versioned(t)
				s.put(t, "demo/1/a.sst")
				s.remove(t, "demo/1/a.sst")
			}},
		{name: "old version of a lock only", prefix: "demo", want: backup.VerdictResidue, bucketEmpty: backup.Yes, age: time.Hour,
			prepare: func(t *testing.T, s *s3Server) {
				s.versioned(t)
				s.put(t, "demo/backup.lock")
				s.remove(t, "demo/backup.lock")
			}},
		// Five requests are used up before the uploads, so it is not Empty.
		{name: "server without a list of versions, never versioned", prefix: "demo", want: backup.VerdictResidue, bucketEmpty: backup.No,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "other/x") }},
		{name: "single object", prefix: "d/backup.tgz", object: true, want: backup.VerdictPartial, bucketEmpty: backup.No, current: 1,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "d/backup.tgz", "d/backup.tgz.tmp", "d/backup.tgz/x") }},
		{name: "single object by its own marker", prefix: "d/backup.tgz", object: true, want: backup.VerdictComplete, bucketEmpty: backup.No,
			current: 1, markers: &backup.Markers{Complete: []string{"*.tgz"}},
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "d/backup.tgz") }},
		{name: "single object is not there", prefix: "d/backup.tgz", object: true, want: backup.VerdictEmpty, bucketEmpty: backup.No,
			prepare: func(t *testing.T, s *s3Server) { s.put(t, "d/backup.tgz.tmp") }},
		{name: "empty prefix", prefix: "", want: backup.VerdictUnknown, reason: backup.ReasonEmptyPrefix, bucketEmpty: backup.Yes},
		{name: "empty prefix, bucket in use", prefix: "/", want: backup.VerdictUnknown, reason: backup.ReasonEmptyPrefix,
			bucketEmpty: backup.No, current: 1, prepare: func(t *testing.T, s *s3Server) { s.put(t, "x") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var options []gofakes3.Option
			if strings.HasPrefix(c.name, "server without") {
				options = append(options, gofakes3.WithoutVersioning())
			}
			server := newS3(t, c.age, options...)
			if c.prepare != nil {
				c.prepare(t, server)
			}
			loc := testLocation(server.URL, c.prefix)
			loc.Object = c.object
			if c.markers != nil {
				loc.Markers = *c.markers
			}
			v := probeTest(t, loc)
			if v.Class != c.want || v.Reason != c.reason {
				t.Errorf("got %s/%s (%s), want %s/%s", v.Class, v.Reason, v.Detail, c.want, c.reason)
			}
			if v.BucketEmpty != c.bucketEmpty || v.FreshLock != c.freshLock || v.Current.Objects != c.current {
				t.Errorf("bucket empty %v, lock %q, %d objects; want %v, %q, %d",
					v.BucketEmpty, v.FreshLock, v.Current.Objects, c.bucketEmpty, c.freshLock, c.current)
			}
		})
	}
}

func TestProbeSaysWhatItSaw(t *testing.T) {
	server := newS3(t, time.Hour)
	server.put(t, "demo/backup.lock", "demo/1/a.sst")
	v := probeTest(t, testLocation(server.URL, "demo"))
	if v.Identity != "Secret tidb-test/s3-secret" || v.Vantage != "direct" || !v.At.Equal(testNow()) {
		t.Errorf("identity %q, vantage %q, at %s", v.Identity, v.Vantage, v.At)
	}
	if v.Newest == nil || !v.Newest.Equal(testNow().Add(-time.Hour)) {
		t.Errorf("newest %v", v.Newest)
	}
	if len(v.Sample) != 2 || v.Sample[0].Key != "1/a.sst" || v.Current.Bytes != 2 {
		t.Errorf("sample %v, %d bytes; data comes first", v.Sample, v.Current.Bytes)
	}
	if v.Versions != backup.Found || v.Uploads != backup.Found {
		t.Errorf("versions %q, uploads %q", v.Versions, v.Uploads)
	}
}

func TestProbeBucketMissing(t *testing.T) {
	server := newS3(t, 0)
	loc := testLocation(server.URL, "demo")
	loc.Bucket = "gone"
	v := probeTest(t, loc)
	if v.Class != backup.VerdictBucketMissing || v.Requests != 1 {
		t.Errorf("got %s after %d requests (%s)", v.Class, v.Requests, v.Detail)
	}
}
