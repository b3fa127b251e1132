package cluster

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// backups is a resource for the tests.
var backups = backup.Served{Group: "pingcap.com", Version: "v1alpha1", Resource: "backups", Kind: "Backup", Namespaced: true}

// fakeCluster is a fake API server of the given handler, and a Live that reads it.
func fakeCluster(tb testing.TB, handler http.Handler, options Options) *Live {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	live, err := NewLive(kubeconfig(tb, server.URL), options)
	if err != nil {
		tb.Fatal(err)
	}
	return live
}

// kubeconfig writes a kubeconfig file for a server, and reads it as kubectl does.
func kubeconfig(tb testing.TB, server string) *genericclioptions.ConfigFlags {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "config")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"lab",
		"contexts":[{"name":"lab","context":{"cluster":"c","user":"admin"}},{"name":"other","context":{"cluster":"c","user":"reader"}}],
		"clusters":[{"name":"c","cluster":{"server":%q}}],
		"users":[{"name":"admin","user":{"token":"t0ken"}},{"name":"reader","user":{"token":"t0ken"}}]}`, server)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	flags := genericclioptions.NewConfigFlags(false)
	flags.KubeConfig = &path
	return flags
}

// answers is a handler that answers each path with one JSON text, and every
// other path as an API server does that does not serve it.
type answers map[string]string

func (a answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, ok := a[r.URL.Path]
	if !ok {
		http.Error(w, "404 page not found", http.StatusNotFound)
		return
	}
	answer(w, http.StatusOK, text)
}

func answer(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(text))
}

// refuse answers with a Status, as the API server does.
func refuse(w http.ResponseWriter, code int, reason, message string) {
	answer(w, code, fmt.Sprintf(`{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":%d,"reason":%q,"message":%q}`, code, reason, message))
}

// short are options for tests that wait for a deadline.
var short = Options{Timeout: 200 * time.Millisecond, ListTimeout: 200 * time.Millisecond}
