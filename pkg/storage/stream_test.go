package storage

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestListPrefix(t *testing.T) {
	t.Parallel()
	server := newS3(t, 0)
	server.put(t, "demo/backups/a/x", "demo/backups/a/y", "demo/backups/ab/x", "demo/other", "backups/a/z")
	place := openTest(t, testLocation(server.URL, "demo"), Options{})
	for prefix, want := range map[string][]string{
		"backups/a/": {"backups/a/x", "backups/a/y"},
		"backups/a":  {"backups/a/x", "backups/a/y", "backups/ab/x"},
		"none/":      nil,
	} {
		var got []string
		if err := place.ListPrefix(t.Context(), prefix, func(object backup.StoredObject) error {
			got = append(got, object.Key)
			return nil
		}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, %v", prefix, got, err)
		}
	}
	if err := place.ListPrefix(t.Context(), "../backups/", nil); err == nil {
		t.Error("a prefix led out of the place")
	}
	single := testLocation(server.URL, "demo/other")
	single.Object = true
	if err := openTest(t, single, Options{}).ListPrefix(t.Context(), "backups/", nil); err == nil {
		t.Error("a single object has folders")
	}
}

func TestOpenObject(t *testing.T) {
	t.Parallel()
	server := newS3(t, 0)
	server.put(t, "demo/a")
	place := openTest(t, testLocation(server.URL, "demo"), Options{})
	object, err := place.Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(object)
	if err != nil || string(data) != "x" {
		t.Errorf("%q, %v", data, err)
	}
	if err := object.Close(); err != nil {
		t.Error(err)
	}
	if _, err := place.Open(t.Context(), "b"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing object: %v", err)
	}
	if _, err := place.Open(t.Context(), "../a"); err == nil {
		t.Error("a key led out of the place")
	}
}

// A connection that breaks in the middle is a fault, and not the end of the object.
func TestOpenObjectThatBreaksOff(t *testing.T) {
	t.Parallel()
	server := newFake(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "only this")
	})
	object, err := openTest(t, testLocation(server.URL, "demo"), Options{}).Open(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = object.Close() }()
	data, err := io.ReadAll(object)
	var fault *Fault
	if !errors.As(err, &fault) {
		t.Errorf("%q, %v", data, err)
	}
}
