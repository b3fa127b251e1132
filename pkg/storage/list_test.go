package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func keysOf(t *testing.T, place *Place) []string {
	t.Helper()
	var keys []string
	if err := place.List(t.Context(), func(o backup.StoredObject) error {
		keys = append(keys, o.Key)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestList(t *testing.T) {
	server := newS3(t, time.Hour)
	// The third key is one that gocloud.dev's own driver would show as "a/../b".
	server.put(t, "demo", "demo/1/a.sst", "demo/a__0x2f__..__0x2f__b", "demo/backupmeta", "demo2/x", "a//b/x", "a/b/x")
	cases := []struct {
		prefix string
		object bool
		want   []string
	}{
		{"demo", false, []string{SelfKey, "1/a.sst", "a__0x2f__..__0x2f__b", "backupmeta"}},
		{"demo", true, []string{SelfKey}},
		{"demo2", true, nil},
		{"a//b", false, []string{"x"}},
		{"", false, []string{"a//b/x", "a/b/x", "demo", "demo/1/a.sst", "demo/a__0x2f__..__0x2f__b", "demo/backupmeta", "demo2/x"}},
	}
	for _, c := range cases {
		loc := testLocation(server.URL, c.prefix)
		loc.Object = c.object
		if got := keysOf(t, openTest(t, loc, Options{})); !slices.Equal(got, c.want) {
			t.Errorf("%q (object %v): got %q, want %q", c.prefix, c.object, got, c.want)
		}
	}
}

func TestListStops(t *testing.T) {
	server := newS3(t, 0)
	server.put(t, "demo", "demo/1", "demo/2")
	place := openTest(t, testLocation(server.URL, "demo"), Options{})
	stop := errors.New("stop")
	for _, last := range []string{SelfKey, "1"} {
		var seen []string
		err := place.List(t.Context(), func(o backup.StoredObject) error {
			seen = append(seen, o.Key)
			if o.Key == last {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || seen[len(seen)-1] != last {
			t.Errorf("got %v after %q", err, seen)
		}
	}
}

func TestStatAndRead(t *testing.T) {
	server := newS3(t, time.Hour)
	server.put(t, "demo/backupmeta", "demo/x", "demo2", "demo/.hidden")
	place := openTest(t, testLocation(server.URL, "demo"), Options{})
	got, err := place.Stat(t.Context(), "backupmeta")
	if err != nil || got.Key != "backupmeta" || got.Bytes != 1 || !got.Modified.Equal(testNow().Add(-time.Hour)) {
		t.Errorf("Stat: %+v, %v", got, err)
	}
	data, err := place.Read(t.Context(), "backupmeta", 1)
	if err != nil || string(data) != "x" {
		t.Errorf("Read: %q, %v", data, err)
	}
	var large *TooLargeError
	if _, err := place.Read(t.Context(), "backupmeta", 0); !errors.As(err, &large) || !strings.Contains(err.Error(), "larger than 0 bytes") {
		t.Errorf("Read of too much: %v", err)
	}
	for _, key := range []string{SelfKey, "backup", "none"} {
		if _, err := place.Stat(t.Context(), key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Stat(%q): %v", key, err)
		}
		if _, err := place.Read(t.Context(), key, 1); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Read(%q): %v", key, err)
		}
	}
	for _, key := range []string{"", "../demo2", "/demo2", "a/../../demo2"} {
		if _, err := place.Stat(t.Context(), key); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Stat(%q): %v", key, err)
		}
		if _, err := place.Read(t.Context(), key, 1); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Read(%q): %v", key, err)
		}
	}
}

func TestReadingIsDenied(t *testing.T) {
	place := openTest(t, testLocation(newFake(t, failing(403, nil, errorBody("AccessDenied", "x"))).URL, "demo"), Options{})
	var fault *Fault
	if _, err := place.Stat(t.Context(), "x"); !errors.As(err, &fault) || fault.Reason != backup.ReasonDenied {
		t.Errorf("Stat: %v", err)
	}
	if _, err := place.Read(t.Context(), "x", 1); !errors.As(err, &fault) || fault.Reason != backup.ReasonDenied {
		t.Errorf("Read: %v", err)
	}
	err := place.List(t.Context(), func(backup.StoredObject) error { return nil })
	if !errors.As(err, &fault) || fault.Reason != backup.ReasonDenied {
		t.Errorf("List: %v", err)
	}
}

// TestCustomerKeys: an object that is encrypted with a key of the writer's own
// is known by its name and size alone.
func TestCustomerKeys(t *testing.T) {
	answer := errorBody("InvalidRequest", "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.")
	place := openTest(t, testLocation(newFake(t, failing(400, nil, answer)).URL, "demo"), Options{})
	var fault *Fault
	if _, err := place.Read(t.Context(), "x", 1); !errors.As(err, &fault) || fault.Reason != backup.ReasonCredentials {
		t.Errorf("Read: %v", err)
	}
}

// TestReadBreaksOff uses a fake that promises more than it sends.
func TestReadBreaksOff(t *testing.T) {
	server := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = fmt.Fprint(w, "half")
	})
	var fault *Fault
	data, err := openTest(t, testLocation(server.URL, "demo"), Options{}).Read(t.Context(), "x", 1000)
	if !errors.As(err, &fault) || err.Error() != "unexpected EOF" {
		t.Errorf("got %q, %v", data, err)
	}
}

func TestSummarize(t *testing.T) {
	server := newS3(t, 0)
	server.put(t, "demo/1/a.sst", "demo/1/b.sst", "demo/1/c.sst", "demo/2/a.sst", "demo/2/b.sst", "demo/x.sst", "demo/backupmeta", "demo/.lock")
	place := openTest(t, testLocation(server.URL, "demo"), Options{})
	got := place.Summarize(t.Context(), 2)
	want := []backup.ContentGroup{
		{Name: "1/", Count: backup.Count{Objects: 3, Bytes: 3}},
		{Name: "2/", Count: backup.Count{Objects: 2, Bytes: 2}},
		{Name: OtherGroup, Count: backup.Count{Objects: 3, Bytes: 3}},
	}
	if !got.Complete || got.Total != (backup.Count{Objects: 8, Bytes: 8}) || !slices.Equal(got.Groups, want) {
		t.Errorf("got %+v", got)
	}
	var names []string
	for _, group := range place.Summarize(t.Context(), 9).Groups {
		names = append(names, group.Name)
	}
	if !slices.Equal(names, []string{"1/", "2/", "*.sst", ".lock", "backupmeta"}) {
		t.Errorf("groups %q", names)
	}
}

func TestSummarizeStopsHonestly(t *testing.T) {
	bucket := &hugeBucket{files: 5000, fileName: "%07d.sst", modified: testNow()}
	ctx, cancel := context.WithCancel(t.Context())
	server := newFake(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("continuation-token") {
			cancel()
		}
		bucket.ServeHTTP(w, r)
	})
	got := openTest(t, testLocation(server.URL, "demo"), Options{}).Summarize(ctx, 3)
	if got.Complete || got.Error == "" || !got.Total.AtLeast || got.Total.Objects != 1000 {
		t.Errorf("got %+v", got)
	}
}

func TestSummarizeKeepsFewNames(t *testing.T) {
	groups := map[string]*backup.Count{}
	for i := range 3 * maxTracked {
		add(groupOf(groups, fmt.Sprintf("%d/x", i)), 1)
	}
	if len(groups) != maxTracked+1 || groups[OtherGroup].Objects != 2*maxTracked {
		t.Errorf("%d groups, other %+v", len(groups), groups[OtherGroup])
	}
	folded := largest(groups, 1)
	if len(folded) != 2 || folded[1].Count.Objects != 3*maxTracked-1 {
		t.Errorf("folded to %+v", folded)
	}
}
