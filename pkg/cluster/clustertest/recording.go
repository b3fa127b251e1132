// Package clustertest replays what real API servers of old Kubernetes versions
// answered, for tests. How it was recorded is in testdata/README.md.
package clustertest

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

//go:embed testdata/*.json
var recordings embed.FS

// Versions are those of which there is a recording, such as "1.16".
func Versions() []string {
	files, _ := fs.Glob(recordings, "testdata/*.json")
	var out []string
	for _, file := range files {
		version := strings.TrimPrefix(strings.TrimSuffix(file, ".json"), "testdata/kubernetes-")
		out = append(out, version)
	}
	slices.Sort(out)
	return out
}

// recording is what one server answered: to discovery by path, and to lists of
// all objects of a resource by path. A resource without objects has no list.
type recording struct {
	Discovery map[string]answer `json:"discovery"`
	Lists     map[string]answer `json:"lists"`
}

// answer is one body as it came. One that is no success has a code.
type answer struct {
	code int
	body json.RawMessage
}

// UnmarshalJSON reads a body, or a code with its body.
func (a *answer) UnmarshalJSON(data []byte) error {
	refused := struct {
		Code *int            `json:"code"`
		Body json.RawMessage `json:"body"`
	}{}
	if err := json.Unmarshal(data, &refused); err != nil {
		return err
	}
	a.code, a.body = http.StatusOK, slices.Clone(data)
	if refused.Code != nil && refused.Body != nil {
		a.code, a.body = *refused.Code, refused.Body
	}
	return nil
}

// write answers with the body; a text came as it is.
func (a answer) write(w http.ResponseWriter) {
	var text string
	if json.Unmarshal(a.body, &text) == nil {
		http.Error(w, strings.TrimSpace(text), a.code)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(a.code)
	_, _ = w.Write(a.body)
}

// Server is a fake API server that answers as the one of a version did, and a
// cluster that reads it.
func Server(tb testing.TB, version string, options cluster.Options) *cluster.Live {
	tb.Helper()
	data, err := recordings.ReadFile("testdata/kubernetes-" + version + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	var r recording
	if err := json.Unmarshal(data, &r); err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewServer(&r)
	tb.Cleanup(server.Close)
	live, err := cluster.NewLive(kubeconfig(tb, server.URL), options)
	if err != nil {
		tb.Fatal(err)
	}
	return live
}

// kubeconfig writes a kubeconfig file for a server, and reads it as kubectl does.
func kubeconfig(tb testing.TB, server string) *genericclioptions.ConfigFlags {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "config")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"old","users":[{"name":"admin","user":{}}],
		"contexts":[{"name":"old","context":{"cluster":"c","user":"admin"}}],"clusters":[{"name":"c","cluster":{"server":%q}}]}`, server)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	flags := genericclioptions.NewConfigFlags(false)
	flags.KubeConfig = &path
	return flags
}
