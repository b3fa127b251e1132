//go:build e2e

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// dist: `dist FOLDER VERSION [MANIFEST]` builds the release of this machine's
// platform into a folder of the script, and puts the archive's path into
// $ARCHIVE and that of krew into $KREW.
func dist(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: dist FOLDER VERSION [MANIFEST]")
	}
	folder := ts.MkAbs(args[0])
	// The environment of the test itself has the caches that make this quick.
	env := append(os.Environ(), "DIST="+folder, "PLATFORMS="+runtime.GOOS+"/"+runtime.GOARCH)
	if len(args) == 3 {
		env = append(env, "MANIFEST="+ts.MkAbs(args[2]))
	}
	run := func(program string, args ...string) string {
		cmd := exec.Command(program, args...)
		cmd.Env, cmd.Dir = env, filepath.Join("..", "..")
		var problems strings.Builder
		cmd.Stderr = &problems
		out, err := cmd.Output()
		if err != nil {
			ts.Fatalf("%s: %v: %s", program, err, problems.String())
		}
		return strings.TrimSpace(string(out))
	}
	run("hack/dist.sh", args[1])
	archives, err := filepath.Glob(filepath.Join(folder, "kubectl-*.tar.gz"))
	ts.Check(err)
	if len(archives) != 1 {
		ts.Fatalf("%d archives in %s", len(archives), args[0])
	}
	ts.Setenv("ARCHIVE", archives[0])
	ts.Setenv("KREW", filepath.Join(run("hack/tool.sh", "krew"), "krew"))
}
