package cluster

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestGet(t *testing.T) {
	t.Parallel()
	var agent string
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent = r.UserAgent()
		answers{
			"/apis/pingcap.com/v1alpha1/namespaces/a/backups/demo": `{"kind":"Backup","apiVersion":"pingcap.com/v1alpha1","n":9007199254740993,"f":1.5}`,
			"/api/v1/persistentvolumes/pv":                         `{"metadata":{"name":"pv"}}`,
		}.ServeHTTP(w, r)
	}), Options{UserAgent: "kubectl-backup/v1"})
	got, err := live.Get(t.Context(), backups, "a", "demo")
	want := map[string]any{"kind": "Backup", "apiVersion": "pingcap.com/v1alpha1", "n": int64(9007199254740993), "f": 1.5}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	if agent != "kubectl-backup/v1" {
		t.Errorf("the user agent is %q", agent)
	}
	volumes := backup.Served{Version: "v1", Resource: "persistentvolumes", Kind: "PersistentVolume"}
	got, err = live.Get(t.Context(), volumes, "ignored", "pv")
	if err != nil || got["kind"] != "PersistentVolume" || got["apiVersion"] != "v1" {
		t.Errorf("a cluster-scoped object: %v, %v", got, err)
	}
}

func TestGetErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		is      func(error) bool
		lookup  backup.Lookup
		rule    string
	}{
		"absent": {
			func(w http.ResponseWriter, _ *http.Request) { refuse(w, 404, "NotFound", `backups "demo" not found`) },
			IsAbsent, backup.Absent, "",
		},
		"not served": {
			func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "404 page not found", http.StatusNotFound) },
			IsNotServed, backup.Failed, "",
		},
		"a proxy's 404": {
			func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, "<html>no such site</html>", http.StatusNotFound)
			},
			func(err error) bool { return !IsAbsent(err) }, backup.Failed, "",
		},
		"denied": {
			func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "Forbidden", "no") },
			IsDenied, backup.Denied, "get backups.pingcap.com in namespace a: {apiGroups: [pingcap.com], resources: [backups], verbs: [get]}",
		},
		"unauthorized": {
			func(w http.ResponseWriter, _ *http.Request) { refuse(w, 401, "Unauthorized", "who") },
			IsUnauthorized, backup.Failed, "",
		},
		"throttled": {
			func(w http.ResponseWriter, _ *http.Request) { refuse(w, 429, "TooManyRequests", "later") },
			IsThrottled, backup.Failed, "",
		},
		"silent": {
			func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			IsUnreachable, backup.Failed, "",
		},
		"silent in the middle": {
			func(w http.ResponseWriter, r *http.Request) {
				answer(w, 200, `{"kind":`)
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			},
			IsUnreachable, backup.Failed, "",
		},
		"cut": {
			func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, `{"kind":"Backup","spec":{`) },
			IsUnreachable, backup.Failed, "",
		},
		"not an object": {
			func(w http.ResponseWriter, _ *http.Request) { answer(w, 200, "null") },
			func(err error) bool { return err != nil }, backup.Failed, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := Options{}
			if strings.HasPrefix(name, "silent") {
				opts = short
			}
			live := fakeCluster(t, c.handler, opts)
			_, err := live.Get(t.Context(), backups, "a", "demo")
			if !c.is(err) || Lookup(err) != c.lookup {
				t.Fatalf("lookup %q of %v", Lookup(err), err)
			}
			var typed *Error
			if !errors.As(err, &typed) || typed.Rule != c.rule || typed.What != "get backups.pingcap.com/demo in namespace a" {
				t.Errorf("the error is %#v", typed)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Parallel()
	live, err := NewLive(kubeconfig(t, "http://127.0.0.1:1"), short)
	if err != nil {
		t.Fatal(err)
	}
	_, err = live.Get(t.Context(), backups, "a", "demo")
	if !IsUnreachable(err) || IsAbsent(err) || IsDenied(err) {
		t.Errorf("nothing listens, but the error is %v", err)
	}
	if _, _, err := live.Discover(t.Context()); !IsUnreachable(err) {
		t.Errorf("nothing listens, but discovery says %v", err)
	}
}

func TestNamesThatLeadElsewhereAreNotSent(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s was sent", r.URL.Path)
	}), Options{})
	for _, c := range [][2]string{{"a", "../secrets/x"}, {"..", "x"}, {"a/b", "x"}, {"a", "."}, {"", "x"}} {
		if _, err := live.Get(t.Context(), backups, c[0], c[1]); err == nil || Lookup(err) != backup.Failed {
			t.Errorf("namespace %q, name %q: %v", c[0], c[1], err)
		}
	}
}

func TestMayI(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]backup.Answer{
		`{"allowed":true,"reason":"r"}`:                                       backup.Yes,
		`{"allowed":false,"reason":"r"}`:                                      backup.No,
		`{"allowed":false,"evaluationError":"webhook down"}`:                  backup.Unknown,
		`{"allowed":false,"denied":true,"reason":"r","evaluationError":"or"}`: backup.No,
	} {
		var body string
		live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			read := make([]byte, r.ContentLength)
			_, _ = r.Body.Read(read)
			body = string(read)
			answer(w, 201, `{"status":`+status+`}`)
		}), Options{})
		got, reason, err := live.MayI(t.Context(), "patch", backups.Ref("a", "demo"), "")
		if err != nil || got != want || reason == "" {
			t.Errorf("%s: %v, %q, %v", status, got, reason, err)
		}
		if !strings.Contains(body, `"name":"demo"`) || !strings.Contains(body, `"verb":"patch"`) || strings.Contains(body, "subresource") {
			t.Errorf("asked %s", body)
		}
	}
}

func TestMayUser(t *testing.T) {
	t.Parallel()
	var path, body string
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		read := make([]byte, r.ContentLength)
		_, _ = r.Body.Read(read)
		path, body = r.URL.Path, string(read)
		answer(w, 201, `{"status":{"allowed":false,"reason":"no role"}}`)
	}), Options{})
	got, reason, err := live.MayUser(t.Context(), "system:serviceaccount:ops:keeper", "update", backups.Ref("a", "demo"))
	if err != nil || got != backup.No || reason != "no role" || !strings.HasSuffix(path, "/subjectaccessreviews") {
		t.Errorf("%v, %q, %v at %s", got, reason, err, path)
	}
	for _, want := range []string{`"user":"system:serviceaccount:ops:keeper"`, `"system:serviceaccounts:ops"`, `"kind":"SubjectAccessReview"`, `"verb":"update"`} {
		if !strings.Contains(body, want) {
			t.Errorf("asked %s, without %s", body, want)
		}
	}
}

func TestInfo(t *testing.T) {
	t.Parallel()
	calls := 0
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		answer(w, 200, `{"gitVersion":"v1.36.3","major":"1","minor":"36+"}`)
	}), Options{})
	first, got := live.Info(t.Context()), live.Info(t.Context())
	if got.Context != "lab" || got.User != "admin" || got.Version != "v1.36.3" || got.Release != "1.36" || !strings.HasPrefix(got.Server, "http://127.0.0.1:") || got != first || calls != 1 {
		t.Errorf("%+v after %d calls", got, calls)
	}
}

func TestInfoFollowsTheFlags(t *testing.T) {
	t.Parallel()
	flags := kubeconfig(t, "http://127.0.0.1:1")
	other, as := "other", "jane"
	flags.Context, flags.Impersonate = &other, &as
	live, err := NewLive(flags, Options{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if got := live.Info(t.Context()); got.Context != "other" || got.User != "jane, impersonated by reader" || got.Version != "" {
		t.Errorf("%+v", got)
	}
}
