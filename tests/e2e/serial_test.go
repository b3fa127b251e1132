//go:build e2e

package e2e

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestSerialScripts runs, one by one, the scripts that change what all scripts
// share, such as whether the operator runs, or which definitions there are: a
// Velero that lists a kind whose definition has just gone ends PartiallyFailed.
// What they change they put back.
func TestSerialScripts(t *testing.T) {
	lab, err := findLab()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/serial/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts in testdata/serial: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			params := lab.params()
			params.Files = []string{file}
			testscript.Run(t, params)
		})
	}
}

// restores: `restores` has the operator run again when the script ends, however
// it ends.
func (l *lab) restores(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: restores")
	}
	ts.Defer(func() {
		for _, args := range [][]string{
			{"label", "deployment", "tidb-controller-manager", "-n", "tidb-admin", "--overwrite", "app.kubernetes.io/component=controller-manager"},
			{"set", "env", "deployment/tidb-controller-manager", "-n", "tidb-admin", "WATCH_NAMESPACE-"},
			{"patch", "clusterrolebinding", "tidb-controller-manager", "--type=merge", "-p", `{"subjects":[{"kind":"ServiceAccount","name":"tidb-controller-manager","namespace":"tidb-admin"}]}`},
			{"scale", "deployment", "tidb-controller-manager", "-n", "tidb-admin", "--replicas=0"},
			{"wait", "pods", "--all", "-n", "tidb-admin", "--for=delete", "--timeout=60s"},
			{"scale", "deployment", "tidb-controller-manager", "-n", "tidb-admin", "--replicas=1"},
			{"rollout", "status", "deployment", "tidb-controller-manager", "-n", "tidb-admin", "--timeout=60s"},
		} {
			if out, err := l.command(args...).CombinedOutput(); err != nil {
				ts.Logf("kubectl %s: %v: %s", strings.Join(args, " "), err, out)
			}
		}
	})
}
