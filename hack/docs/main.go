// Command docs writes the pages of docs/ that are generated from the code:
// the findings, the systems, the commands, where Velero's flags
// are, and those for TiDB Operator.
//
//	go run ./hack/docs          write them
//	go run ./hack/docs -check   fail if one is not up to date
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/diagnose"
)

func main() {
	check := flag.Bool("check", false, "fail if a page is not up to date")
	flag.Parse()
	if err := run("docs", *check); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(dir string, check bool) error {
	pages, err := generate()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		file := filepath.Join(dir, name)
		present, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if string(present) == pages[name] {
			continue
		}
		if check {
			return fmt.Errorf("%s is not up to date (run: make docs)", file)
		}
		if err := write(file, pages[name]); err != nil {
			return err
		}
	}
	return removeStale(filepath.Join(dir, commandDir), pages, check)
}

// generate returns the text of every generated page by its path below docs/.
func generate() (map[string]string, error) {
	systems, err := systemsPage()
	if err != nil {
		return nil, err
	}
	flags, err := veleroPage()
	if err != nil {
		return nil, err
	}
	pages := commandPages()
	pages["findings.md"] = diagnose.Markdown()
	pages["systems.md"] = systems
	pages["velero-flags.md"] = flags
	pages["tidb-flags.md"] = tidbPage()
	return pages, nil
}

func write(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// removeStale removes the pages of commands that no longer exist.
func removeStale(dir string, pages map[string]string, check bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		file := filepath.Join(dir, entry.Name())
		if _, ok := pages[filepath.Join(commandDir, entry.Name())]; ok {
			continue
		}
		if check {
			return fmt.Errorf("%s belongs to no command (run: make docs)", file)
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}
