package cluster

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"
)

func TestLogs(t *testing.T) {
	t.Parallel()
	var path, query string
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, query = r.URL.Path, r.URL.RawQuery
		_, _ = w.Write([]byte("line\n"))
	}), Options{})
	since := time.Date(2026, 11, 21, 9, 0, 0, 0, time.FixedZone("", 3600))
	for want, opts := range map[string]LogOptions{
		"container=backup": {},
		"container=backup&follow=true&limitBytes=9&previous=true&sinceTime=2026-11-21T08%3A00%3A00Z&tailLines=5&timestamps=true": {
			Tail: 5, Previous: true, Since: since, Follow: true, LimitBytes: 9, Timestamps: true,
		},
	} {
		log, err := live.Logs(t.Context(), "a", "p", "backup", opts)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(log)
		if err != nil || string(text) != "line\n" || path != "/api/v1/namespaces/a/pods/p/log" || query != want {
			t.Errorf("%q, %v from %s?%s", text, err, path, query)
		}
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Without a line nothing comes, not even the answer's header.
func TestLogsFollowWithoutADeadline(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("sinceTime") == "" {
			w.(http.Flusher).Flush()
		}
		time.Sleep(3 * short.Timeout)
		_, _ = w.Write([]byte("late\n"))
	}), short)
	for _, since := range []time.Time{{}, time.Now()} {
		log, err := live.Logs(t.Context(), "a", "p", "", LogOptions{Follow: true, Since: since})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(log); err != nil || string(text) != "late\n" {
			t.Errorf("%q, %v", text, err)
		}
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestLogsDenied(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "Forbidden", "no") }), Options{})
	_, err := live.Logs(t.Context(), "a", "p", "", LogOptions{})
	var typed *Error
	if !errors.As(err, &typed) || typed.Rule != `get pods/log in namespace a: {apiGroups: [""], resources: [pods/log], verbs: [get]}` {
		t.Errorf("got %v", err)
	}
}
