package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const root = "../.."

// source is one parsed Go file.
type source struct {
	path    string // below the root of the repository
	lines   int
	test    bool
	file    *ast.File
	imports map[string]string // local name → import path
}

// ships tells whether the file is part of the plugin.
func (s source) ships() bool {
	return !s.test && (strings.HasPrefix(s.path, "cmd/") || strings.HasPrefix(s.path, "pkg/"))
}

// in tells whether the file lies in the folder or below it.
func (s source) in(folder string) bool { return strings.HasPrefix(s.path, folder+"/") }

// uses calls visit for each use of an imported package: path "os", name "Exit".
func (s source) uses(visit func(path, name string)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := selector.X.(*ast.Ident); ok && s.imports[of.Name] != "" {
				visit(s.imports[of.Name], selector.Sel.Name)
			}
		}
		return true
	})
}

var parsed = sync.OnceValues(func() ([]source, error) {
	var sources []source
	err := walk(func(path string, content []byte) error {
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, content, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		s := source{
			path: path, file: file, imports: map[string]string{}, test: strings.HasSuffix(path, "_test.go"),
			lines: strings.Count(string(content), "\n"),
		}
		for _, spec := range file.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			name := imported[strings.LastIndex(imported, "/")+1:]
			if spec.Name != nil {
				name = spec.Name.Name
			}
			s.imports[name] = imported
		}
		sources = append(sources, s)
		return nil
	})
	return sources, err
})

// walk visits every file of the repository that a person wrote.
func walk(visit func(path string, content []byte) error) error {
	skipped := []string{".git", ".cache", "bin", "dist"}
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		isSkipped := slices.Contains(skipped, relative) || strings.HasPrefix(relative, ".lab")
		if entry.IsDir() && isSkipped {
			return filepath.SkipDir
		}
		// In a work tree of git .git is a file.
		if isSkipped || !entry.Type().IsRegular() {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(relative), content)
	})
}

// sources returns every Go file of the repository, the lab's modules included.
func sources(t *testing.T) []source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d Go files were found", len(all))
	}
	return all
}
