package cluster

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
)

func TestWatchGoesOnWhereItEnded(t *testing.T) {
	t.Parallel()
	var asked []string
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Query().Get("resourceVersion"))
		switch len(asked) {
		case 1:
			answer(w, 200, `{"type":"ADDED","object":{"metadata":{"name":"x","resourceVersion":"5"}}}
				{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"8"}}}`)
		case 2:
			answer(w, 200, `{"type":"DELETED","object":{"metadata":{"name":"x","resourceVersion":"9"}}}
				{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}`)
		default:
			t.Error("a watch that expired was opened again")
		}
	}), Options{})
	var events []string
	err := live.Watch(t.Context(), backups, "a", ListOptions{}, func(event string, item map[string]any) error {
		events = append(events, event+" "+text(item, "kind")+" "+text(item, "metadata", "name"))
		return nil
	})
	if !IsExpired(err) || !slices.Equal(events, []string{"ADDED Backup x", "DELETED Backup x"}) || !slices.Equal(asked, []string{"", "8"}) {
		t.Errorf("events %q, asked %q, %v", events, asked, err)
	}
}

func TestWatchEndsWithEachAndContext(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, `{"type":"ADDED","object":{"metadata":{"name":"x"}}}`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}), Options{})
	enough := errors.New("enough")
	err := live.Watch(t.Context(), backups, "a", ListOptions{}, func(string, map[string]any) error { return enough })
	if err != enough { //nolint:errorlint // it has to be the very error
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = live.Watch(ctx, backups, "a", ListOptions{}, func(string, map[string]any) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWatchDenied(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { refuse(w, 403, "Forbidden", "no") }), Options{})
	err := live.Watch(t.Context(), backups, "", ListOptions{}, nil)
	var typed *Error
	if !IsDenied(err) || !errors.As(err, &typed) || typed.Rule != "watch backups.pingcap.com in all namespaces: {apiGroups: [pingcap.com], resources: [backups], verbs: [watch]}" {
		t.Errorf("got %v", err)
	}
}
