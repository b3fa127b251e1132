package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// server is a store with one bucket that a test fills.
type server struct {
	// put writes objects of one byte, or of none if the key ends in a slash.
	put func(keys ...string)
	// credentials and options lead to the server.
	location    backup.Location
	credentials storage.Credentials
	options     storage.Options
	// nothing is what an empty place is called at this server at best, and
	// leftovers one with nothing but locks.
	nothing, leftovers backup.VerdictClass
}

func (s server) open(t *testing.T, prefix string, change func(*backup.Location, *storage.Options)) *storage.Place {
	t.Helper()
	loc, opts := s.location, s.options
	loc.Prefix = prefix
	loc.Markers = backup.Markers{
		Complete: []string{"backupmeta"}, Residue: []string{"backup.lock", "checkpoints/**"},
		Locks: []string{"backup.lock"}, LockTTL: backup.Duration(5 * time.Minute), Known: true,
	}
	if change != nil {
		change(&loc, &opts)
	}
	place, err := storage.Open(loc, s.credentials, opts)
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

func later(_ *backup.Location, o *storage.Options) {
	o.Now = func() time.Time { return time.Now().Add(time.Minute * 10) }
}

func single(l *backup.Location, _ *storage.Options) { l.Object = true }

// contract is what holds for every provider.
func contract(t *testing.T, start func(*testing.T) server) {
	t.Run("verdicts", func(t *testing.T) { verdicts(t, start) })
	t.Run("keys", func(t *testing.T) { keys(t, start(t)) })
	t.Run("folders", func(t *testing.T) { folders(t, start(t)) })
	t.Run("many objects", func(t *testing.T) { many(t, start(t)) })
	t.Run("reading", func(t *testing.T) { reading(t, start(t)) })
	t.Run("no such bucket", func(t *testing.T) { noBucket(t, start(t)) })
}

func verdicts(t *testing.T, start func(*testing.T) server) {
	const nothing, leftovers = "nothing", "leftovers" // named by the server
	cases := []struct {
		name   string
		put    []string
		prefix string
		change func(*backup.Location, *storage.Options)
		want   backup.VerdictClass
		lock   string
		bucket backup.Answer
	}{
		{"nothing in the bucket", nil, "demo", nil, nothing, "", backup.Yes},
		{"only siblings whose names start alike", []string{"demo2/1.sst", "demo-1/x", "demo.x"}, "demo", nil, nothing, "", backup.No},
		{"the exact key", []string{"demo", "demo2/x"}, "demo", nil, backup.VerdictPartial, "", backup.No},
		{"slashes around the prefix", []string{"demo/1/a.sst"}, "/demo/", nil, backup.VerdictPartial, "", backup.No},
		{"complete", []string{"demo/1/a.sst", "demo/backup.lock", "demo/backupmeta"}, "demo", later, backup.VerdictComplete, "", backup.No},
		{"an old lock", []string{"demo/backup.lock"}, "demo", later, leftovers, "", backup.No},
		{"a fresh lock", []string{"demo/backup.lock"}, "demo", nil, leftovers, "backup.lock", backup.No},
		{"a single object", []string{"d/backup.tgz", "d/backup.tgz.tmp"}, "d/backup.tgz", single, backup.VerdictPartial, "", backup.No},
		{"a single object is not there", []string{"d/backup.tgz.tmp", "d/backup.tgz/x"}, "d/backup.tgz", single, nothing, "", backup.No},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := start(t)
			s.put(c.put...)
			switch c.want {
			case nothing:
				c.want = s.nothing
			case leftovers:
				c.want = s.leftovers
			}
			v := s.open(t, c.prefix, c.change).Probe(t.Context())
			if v.Class != c.want || v.FreshLock != c.lock || v.BucketEmpty != c.bucket {
				t.Errorf("got %s/%s, lock %q, bucket empty %v (%s); want %s, %q, %v", v.Class, v.Reason, v.FreshLock, v.BucketEmpty, v.Detail, c.want, c.lock, c.bucket)
			}
			if v.Requests > 5 {
				t.Errorf("%d requests", v.Requests)
			}
		})
	}
	v := start(t).open(t, "", nil).Probe(t.Context())
	if v.Class != backup.VerdictUnknown || v.Reason != backup.ReasonEmptyPrefix {
		t.Errorf("an empty prefix: %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

// keys are listed, found and read as they are, whatever they hold.
func keys(t *testing.T, s server) {
	names := []string{"1/a.sst", "a b+c", "a//b", "ä/日本", "per%2Fcent", "q?x=1&y#z", "semi;colon:2026-11-21T10:00:00Z.tgz"}
	var put []string
	for _, name := range names {
		put = append(put, "demo/"+name)
	}
	s.put(put...)
	place := s.open(t, "demo", nil)
	var got []string
	if err := place.List(t.Context(), func(o backup.StoredObject) error {
		got = append(got, o.Key)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	if slices.Sort(names); !slices.Equal(got, names) {
		t.Errorf("listed %q, want %q", got, names)
	}
	for _, name := range names {
		if object, err := place.Stat(t.Context(), name); err != nil || object.Bytes != 1 {
			t.Errorf("Stat(%q): %+v, %v", name, object, err)
		}
		if data, err := place.Read(t.Context(), name, 10); err != nil || string(data) != "x" {
			t.Errorf("Read(%q): %q, %v", name, data, err)
		}
	}
}

// folders come alone, however much lies in them.
func folders(t *testing.T, s server) {
	s.put("demo/backups/a/1", "demo/backups/b/1", "demo/a b+c/1", "demo/ä/日本", "demo/readme", "demo2/x")
	top, err := s.open(t, "demo", nil).Top(t.Context(), 10)
	if err != nil || !top.Complete || len(top.Objects) != 1 || top.Objects[0].Key != "readme" {
		t.Errorf("%+v, %v", top, err)
	}
	slices.Sort(top.Folders)
	if want := []string{"a b+c/", "backups/", "ä/"}; !slices.Equal(top.Folders, want) {
		t.Errorf("folders %q, want %q", top.Folders, want)
	}
	if top, err := s.open(t, "none", nil).Top(t.Context(), 10); err != nil || len(top.Folders)+len(top.Objects) > 0 {
		t.Errorf("%+v, %v", top, err)
	}
}

// many objects cost a probe as many requests as one does.
func many(t *testing.T, s server) {
	s.put("one/1.sst")
	var put []string
	for i := range 2100 {
		put = append(put, fmt.Sprintf("many/%04d.sst", i))
	}
	s.put(put...)
	one := s.open(t, "one", nil).Probe(t.Context())
	place := s.open(t, "many", nil)
	v := place.Probe(t.Context())
	if v.Class != backup.VerdictPartial || !v.Current.AtLeast || v.Requests != 5 || one.Requests != 5 {
		t.Errorf("%s with %d requests, %s with %d", v.Class, v.Requests, one.Class, one.Requests)
	}
	if got := place.Summarize(t.Context(), 5); !got.Complete || got.Total != (backup.Count{Objects: 2100, Bytes: 2100}) {
		t.Errorf("counted %+v", got)
	}
}

func reading(t *testing.T, s server) {
	s.put("demo/backupmeta", "demo2")
	place := s.open(t, "demo", nil)
	object, err := place.Stat(t.Context(), "backupmeta")
	if err != nil || object.Key != "backupmeta" || time.Since(object.Modified) > time.Minute {
		t.Errorf("Stat: %+v, %v", object, err)
	}
	var large *storage.TooLargeError
	if _, err := place.Read(t.Context(), "backupmeta", 0); !errors.As(err, &large) {
		t.Errorf("Read of too much: %v", err)
	}
	for _, key := range []string{storage.SelfKey, "backup", "none"} {
		if _, err := place.Stat(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Stat(%q): %v", key, err)
		}
		if _, err := place.Read(t.Context(), key, 1); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Read(%q): %v", key, err)
		}
	}
	for _, key := range []string{"../demo2", "a/../../demo2", ""} {
		if _, err := place.Read(t.Context(), key, 1); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Read(%q): %v", key, err)
		}
	}
}

func noBucket(t *testing.T, s server) {
	v := s.open(t, "demo", func(l *backup.Location, _ *storage.Options) { l.Bucket = "gone" }).Probe(t.Context())
	if v.Class != backup.VerdictBucketMissing || v.Requests != 1 {
		t.Errorf("got %s/%s after %d requests (%s)", v.Class, v.Reason, v.Requests, v.Detail)
	}
}
