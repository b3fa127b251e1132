package cluster

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// names lists the names of the items, and the error.
func names(t *testing.T, live *Live, opts ListOptions) ([]string, error) {
	t.Helper()
	var out []string
	err := live.List(t.Context(), backups, "a", opts, func(item map[string]any) error {
		out = append(out, text(item, "metadata", "name"))
		return nil
	})
	return out, err
}

func TestList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want []string
		fail bool
	}{
		"metadata first":    {`{"kind":"BackupList","metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"x"}},{"metadata":{"name":"y"}}]}`, []string{"x", "y"}, false},
		"items first":       {`{"apiVersion":"v1","items":[{"metadata":{"name":"x"}}],"kind":"BackupList","metadata":{"resourceVersion":"7"}}`, []string{"x"}, false},
		"no items":          {`{"kind":"BackupList","metadata":{"resourceVersion":"7"},"items":[]}`, nil, false},
		"null items":        {`{"kind":"BackupList","metadata":{"resourceVersion":"7"},"items":null}`, nil, false},
		"cut in an item":    {`{"kind":"BackupList","items":[{"metadata":{"name":"x"}},{"metad`, []string{"x"}, true},
		"cut after an item": {`{"kind":"BackupList","items":[{"metadata":{"name":"x"}}`, []string{"x"}, true},
		"cut at the end":    {`{"kind":"BackupList","items":[{"metadata":{"name":"x"}}]`, []string{"x"}, true},
		"empty answer":      {``, nil, true},
		"not a list":        {`{"kind":"Status","items":[]}`, nil, true},
		"no items field":    {`{"kind":"BackupList","metadata":{}}`, nil, true},
		"a page":            {`<html>login</html>`, nil, true},
		"an array":          {`[]`, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live := fakeCluster(t, answers{"/apis/pingcap.com/v1alpha1/namespaces/a/backups": c.body}, Options{})
			var version string
			got, err := names(t, live, ListOptions{Version: &version})
			if !slices.Equal(got, c.want) || (err != nil) != c.fail {
				t.Errorf("got %q, %v", got, err)
			}
			if wantVersion := map[bool]string{false: "7"}[c.fail]; version != wantVersion {
				t.Errorf("version %q of the list, want %q", version, wantVersion)
			}
			if strings.HasPrefix(name, "cut") && !IsUnreachable(err) {
				t.Errorf("a cut answer is %v", err)
			}
		})
	}
}

func TestListConnectionCut(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, `{"kind":"BackupList","items":[{"metadata":{"name":"x"}},`)
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}), Options{})
	got, err := names(t, live, ListOptions{})
	if !IsUnreachable(err) || len(got) != 1 {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestListPagesAndSelectors(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("limit") != "1" || q.Get("labelSelector") != "a=b" || q.Get("fieldSelector") != "metadata.name=x" {
			t.Errorf("asked %s", r.URL.RawQuery)
		}
		if !strings.Contains(r.Header.Get("Accept"), "as=PartialObjectMetadataList") {
			t.Errorf("accepts %s", r.Header.Get("Accept"))
		}
		next := map[string]string{"": "2", "2": "3"}[q.Get("continue")]
		if q.Get("continue") == "3" {
			refuse(w, 410, "Expired", "too old")
			return
		}
		answer(w, 200, fmt.Sprintf(`{"kind":"PartialObjectMetadataList","metadata":{"continue":%q},"items":[{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"after-%s"}}]}`, next, q.Get("continue")))
	}), Options{})
	var kinds []string
	opts := ListOptions{LabelSelector: "a=b", FieldSelector: "metadata.name=x", Limit: 1, Metadata: true}
	err := live.List(t.Context(), backups, "a", opts, func(item map[string]any) error {
		kinds = append(kinds, text(item, "apiVersion")+" "+text(item, "kind")+" "+text(item, "metadata", "name"))
		return nil
	})
	want := []string{"pingcap.com/v1alpha1 Backup after-", "pingcap.com/v1alpha1 Backup after-2"}
	if !slices.Equal(kinds, want) || !IsExpired(err) {
		t.Errorf("got %q, %v", kinds, err)
	}
}

func TestListStopsWithTheErrorOfEach(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, answers{"/apis/pingcap.com/v1alpha1/namespaces/a/backups": `{"kind":"BackupList","items":[{},{}]}`}, Options{})
	for _, stop := range []error{errors.New("enough"), io.EOF} {
		calls := 0
		err := live.List(t.Context(), backups, "a", ListOptions{}, func(map[string]any) error { calls++; return stop })
		if err != stop || calls != 1 { //nolint:errorlint // it has to be the very error
			t.Errorf("%v after %d calls", err, calls)
		}
	}
}

func TestListStandsStill(t *testing.T) {
	t.Parallel()
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer(w, 200, `{"kind":"BackupList","items":[{}`)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}), short)
	if _, err := names(t, live, ListOptions{}); !IsUnreachable(err) || !strings.Contains(err.Error(), "no answer within 200ms") {
		t.Errorf("got %v", err)
	}
}
