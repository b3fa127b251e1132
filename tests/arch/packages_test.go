package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"sync"
	"testing"
)

// listed is what `go list` says about one package.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

var list = sync.OnceValues(func() (map[string]listed, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports", "../../cmd/...", "../../pkg/...")
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.New("go list: " + problems.String())
	}
	packages := map[string]listed{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return packages, nil
		case err != nil:
			return nil, err
		}
		packages[p.ImportPath] = p
	}
})

// load returns every package that ships and every package that they need. Test
// files do not count: a test may use what it likes.
func load(t *testing.T) map[string]listed {
	t.Helper()
	packages, err := list()
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// closure returns the package and everything that it reaches. What the
// standard library needs is its own affair.
func closure(t *testing.T, packages map[string]listed, root string) map[string]bool {
	t.Helper()
	if _, ok := packages[root]; !ok {
		t.Fatalf("%s does not exist: its rule is out of date", root)
	}
	reached, queue := map[string]bool{}, []string{root}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if !reached[path] {
			reached[path] = true
			if p := packages[path]; !p.Standard {
				queue = append(queue, p.Imports...)
			}
		}
	}
	return reached
}
