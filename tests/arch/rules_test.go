package arch

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		if s.lines > 400 {
			t.Errorf("%s has %d lines, at most 400: split it by idea", s.path, s.lines)
		}
		if s.path == "cmd/kubectl-backup/main.go" && s.lines > 40 {
			t.Errorf("%s has %d lines, at most 40", s.path, s.lines)
		}
	}
}

func TestNoInit(t *testing.T) {
	for _, s := range sources(t) {
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", s.path)
			}
		}
	}
}

// Judging works on evidence alone, so that it can be replayed: no files, no
// network, no clock.
func TestJudgingIsPure(t *testing.T) {
	forbidden := []string{"os", "os/exec", "net/http", "syscall", "io/ioutil"}
	clock := []string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"}
	addresses := []string{"SplitHostPort", "JoinHostPort", "ParseIP", "ParseCIDR", "IP", "IPNet"} // text alone
	judged := 0
	for _, s := range sources(t) {
		if !s.ships() || !judges(s) {
			continue
		}
		judged++
		for _, imported := range s.imports {
			if slices.Contains(forbidden, imported) || strings.HasPrefix(imported, "k8s.io/") {
				t.Errorf("%s imports %s", s.path, imported)
			}
		}
		s.uses(func(of, name string) {
			switch {
			case of == "time" && slices.Contains(clock, name):
				t.Errorf("%s asks the clock with time.%s: use the time of the evidence", s.path, name)
			case of == "net" && !slices.Contains(addresses, name):
				t.Errorf("%s reaches the network with net.%s", s.path, name)
			}
		})
	}
	if judged < 20 {
		t.Errorf("only %d files judge: the rule looks at the wrong folders", judged)
	}
}

// acting are the files of pkg/finalizer that write, to the journal and to the
// cluster; all others belong to the gate and the plan.
var acting = []string{"executor", "journal", "run", "verify"}

// judges tells whether the file belongs to the model, the checks, or the gate.
func judges(s source) bool {
	if s.in("pkg/finalizer") {
		name := path.Base(s.path)
		return !slices.ContainsFunc(acting, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
	}
	return s.in("pkg/backup") || s.in("pkg/diagnose")
}

// Only pkg/plugin prints, and only main ends the process.
func TestPrinting(t *testing.T) {
	for _, s := range sources(t) {
		if !s.ships() {
			continue
		}
		s.uses(func(of, name string) {
			switch use := of + "." + name; {
			case use == "os.Exit" && !s.in("cmd"), of == "log" && !s.in("cmd"):
				t.Errorf("%s uses %s: return an error", s.path, use)
			case of == "fmt" && strings.HasPrefix(name, "Print"):
				t.Errorf("%s uses %s: write to the stream that was given", s.path, use)
			case slices.Contains([]string{"os.Stdout", "os.Stderr", "os.Stdin"}, use) && !s.in("pkg/plugin") && !s.in("cmd"):
				t.Errorf("%s uses %s: only pkg/plugin prints", s.path, use)
			}
		})
	}
}
