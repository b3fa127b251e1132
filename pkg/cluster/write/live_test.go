package write

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

var demo = backup.Ref{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup", Namespace: "a", Name: "demo"}

const demoPath = "/apis/pingcap.com/v1alpha1/namespaces/a/backups/demo"

// request is what the fake API server was asked.
type request struct {
	method, path, query, contentType string
	body                             any
}

// fakeWriter is a fake API server that answers everything alike, and keeps what it was asked.
func fakeWriter(t *testing.T, code int, answer string) (*Live, *[]request) {
	t.Helper()
	var seen []request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := request{method: r.Method, path: r.URL.Path, query: r.URL.RawQuery, contentType: r.Header.Get("Content-Type")}
		data, _ := io.ReadAll(r.Body)
		_ = json.Unmarshal(data, &got.body)
		seen = append(seen, got)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	path := filepath.Join(t.TempDir(), "config")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c"}}],"clusters":[{"name":"c","cluster":{"server":%q}}]}`, server.URL)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := genericclioptions.NewConfigFlags(false)
	flags.KubeConfig = &path
	live, err := NewLive(flags, cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return live, &seen
}

var strip = []backup.PatchOp{testUID, testFirst, dropFirst}

func TestPatch(t *testing.T) {
	t.Parallel()
	for _, dryRun := range []bool{false, true} {
		live, seen := fakeWriter(t, 200, `{"kind":"Backup","n":1}`)
		got, err := live.Patch(t.Context(), demo, strip, dryRun)
		if err != nil || !reflect.DeepEqual(got, map[string]any{"kind": "Backup", "n": int64(1)}) {
			t.Errorf("got %v, %v", got, err)
		}
		query := map[bool]string{false: "fieldManager=kubectl-backup", true: "dryRun=All&fieldManager=kubectl-backup"}[dryRun]
		want := []request{{"PATCH", demoPath, query, "application/json-patch+json", []any{
			map[string]any{"op": "test", "path": "/metadata/uid", "value": "u"},
			map[string]any{"op": "test", "path": "/metadata/finalizers/0", "value": "f"},
			map[string]any{"op": "remove", "path": "/metadata/finalizers/0"},
		}}}
		if !reflect.DeepEqual(*seen, want) {
			t.Errorf("sent %+v", *seen)
		}
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	for _, dryRun := range []bool{false, true} {
		live, seen := fakeWriter(t, 200, `{"kind":"Status","status":"Success"}`)
		if err := live.Delete(t.Context(), demo, "u", "7", dryRun); err != nil {
			t.Error(err)
		}
		body := map[string]any{
			"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
			"preconditions": map[string]any{"uid": "u", "resourceVersion": "7"},
		}
		query := ""
		if dryRun {
			body["dryRun"], query = []any{"All"}, "dryRun=All"
		}
		if want := []request{{"DELETE", demoPath, query, "application/json", body}}; !reflect.DeepEqual(*seen, want) {
			t.Errorf("sent  %+v\nwant %+v", *seen, want)
		}
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	live, seen := fakeWriter(t, 201, `{"metadata":{"uid":"n"}}`)
	object := map[string]any{"kind": "Backup", "metadata": map[string]any{"name": "demo"}}
	got, err := live.Create(t.Context(), demo, object, true)
	want := []request{{"POST", strings.TrimSuffix(demoPath, "/demo"), "dryRun=All&fieldManager=kubectl-backup", "application/json", object}}
	if err != nil || got["metadata"] == nil || !reflect.DeepEqual(*seen, want) {
		t.Errorf("got %v, %v after %+v", got, err, *seen)
	}
}

func TestNothingIsSentThatIsRefused(t *testing.T) {
	t.Parallel()
	live, seen := fakeWriter(t, 200, `{}`)
	_, unguarded := live.Patch(t.Context(), demo, []backup.PatchOp{dropFirst}, false)
	finalize := backup.Ref{Version: "v1", Resource: "namespaces", Name: "a/finalize"}
	_, subresource := live.Patch(t.Context(), finalize, strip, false)
	finalize.Resource, finalize.Name = "namespaces/finalize", "a"
	_, inResource := live.Create(t.Context(), finalize, nil, false)
	for name, err := range map[string]error{
		"unguarded": unguarded, "subresource": subresource, "in the resource": inResource,
		"a delete without a UID":  live.Delete(t.Context(), demo, "", "7", false),
		"a delete without a name": live.Delete(t.Context(), backup.Ref{Version: "v1", Resource: "pods", Namespace: "a"}, "u", "", false),
	} {
		if !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(*seen) > 0 {
		t.Errorf("sent %+v", *seen)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	status := func(code int, reason, message string) string {
		return fmt.Sprintf(`{"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":%q,"message":%q}`, code, reason, message)
	}
	for name, c := range map[string]struct {
		code   int
		answer string
		want   error // nil: none of those to branch on
	}{
		"a test that did not hold": {422, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"the server rejected our request due to an error in our request","reason":"Invalid","details":{},"code":422}`, ErrChanged},
		"conflict":                 {409, status(409, "Conflict", "the object has been modified"), ErrChanged},
		"gone":                     {404, status(404, "NotFound", `backups "demo" not found`), ErrGone},
		"a proxy's 404":            {404, "no such site", nil},
		"refused by a schema": {422, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"Backup.pingcap.com \"demo\" is invalid: spec.x","reason":"Invalid",
			"details":{"name":"demo","group":"pingcap.com","kind":"Backup","causes":[{"reason":"FieldValueInvalid","message":"Invalid value","field":"spec.x"}]},"code":422}`, nil},
		"a 422 of a proxy":     {422, "no", nil},
		"denied by a webhook":  {403, status(403, "Forbidden", `admission webhook "x" denied the request: not on a Friday`), nil},
		"there is one already": {409, status(409, "AlreadyExists", "backups already exists"), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live, seen := fakeWriter(t, c.code, c.answer)
			_, err := live.Patch(t.Context(), demo, strip, false)
			if err == nil || errors.Is(err, ErrChanged) != (c.want == ErrChanged) || errors.Is(err, ErrGone) != (c.want == ErrGone) { //nolint:errorlint // the table names the sentinels
				t.Errorf("got %v", err)
			}
			if strings.Contains(c.answer, "Friday") && !strings.Contains(err.Error(), "not on a Friday") {
				t.Errorf("the words of the webhook are lost: %v", err)
			}
			if len(*seen) != 1 {
				t.Errorf("%d requests; a write is tried once", len(*seen))
			}
		})
	}
}
