//go:build e2e

package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// secretless: `secretless FOLDER` wants that the folder holds files, and no
// secret of the lab in any of them.
func (l *lab) secretless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: secretless FOLDER")
	}
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		for _, canary := range newCanaries(l) {
			if strings.Contains(string(text), canary) {
				ts.Fatalf("%s holds a secret value", entry.Name())
			}
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("%s holds no file", args[0])
	}
}
