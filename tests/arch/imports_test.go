package arch

import (
	"slices"
	"strings"
	"testing"
)

const module = "github.com/kubectl-backup/kubectl-backup/"

// rooms says which other rooms the packages of a room may import. A room is a
// folder and what lies below it, unless that has a rule of its own.
var rooms = map[string][]string{
	"cmd/kubectl-backup": {"pkg/plugin"},
	"pkg/backup":         {},
	"pkg/redact":         {},
	"pkg/render":         {"pkg/backup"},
	"pkg/diagnose":       {"pkg/backup"},
	"pkg/storage":        {"pkg/backup"},
	"pkg/cluster":        {"pkg/backup"},
	"pkg/cluster/write":  {"pkg/backup", "pkg/cluster"},
	"pkg/logs":           {"pkg/backup", "pkg/cluster", "pkg/redact"},
	"pkg/system":         {"pkg/backup"},
	"pkg/system/tidb":    {"pkg/backup", "pkg/system", "pkg/storage", "pkg/cluster"},
	"pkg/system/velero":  {"pkg/backup", "pkg/system", "pkg/storage", "pkg/cluster", "pkg/logs"}, // it takes the lines of Velero's log apart
	// It creates DownloadRequests, so that those who only read buckets cannot.
	"pkg/system/velero/downloadrequest": {"pkg/backup", "pkg/cluster", "pkg/cluster/write"},
	"pkg/system/builtin":                {"pkg/system", "pkg/system/tidb"},
	"pkg/system/systemtest":             {"pkg/backup", "pkg/system", "pkg/system/builtin"},
	"pkg/collect":                       {"pkg/backup", "pkg/system", "pkg/system/tidb", "pkg/system/velero", "pkg/cluster", "pkg/storage", "pkg/logs", "pkg/redact"},
	"pkg/compose":                       {"pkg/backup", "pkg/system/tidb"}, // it reads timestamps as BR does
	"pkg/download":                      {},
	"pkg/finalizer":                     {"pkg/backup", "pkg/cluster/write", "pkg/redact"},
	"pkg/plugin":                        {"*"},
}

// pure are the packages whose whole closure holds no module but ours.
var pure = []string{"pkg/backup", "pkg/diagnose", "pkg/redact"}

// unreachable are the modules that a package may not reach, directly or not.
var unreachable = map[string][]string{
	"pkg/render":    append([]string{"k8s.io/client-go", "k8s.io/cli-runtime", "k8s.io/kubectl", "github.com/spf13/cobra"}, storageClients...),
	"pkg/system":    append([]string{"k8s.io/client-go", "k8s.io/cli-runtime", "k8s.io/kubectl", "github.com/spf13/cobra"}, storageClients...),
	"pkg/storage":   {"k8s.io/", "github.com/spf13/cobra"},
	"pkg/cluster":   append([]string{"k8s.io/kubectl"}, storageClients...),
	"pkg/finalizer": append([]string{"k8s.io/kubectl"}, storageClients...),
}

func TestRooms(t *testing.T) {
	packages := load(t)
	for path, p := range packages {
		folder, ours := strings.CutPrefix(path, module)
		if !ours {
			continue
		}
		room, may, found := ruleOf(folder)
		if !found {
			t.Errorf("%s has no rule: give it a room here and in docs/architecture.md", folder)
			continue
		}
		for _, imported := range p.Imports {
			target, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			home, _, _ := ruleOf(target)
			if home != room && !slices.Contains(may, home) && !slices.Contains(may, "*") {
				t.Errorf("%s imports %s, which its room does not allow", folder, target)
			}
		}
	}
}

func TestPureClosure(t *testing.T) {
	packages := load(t)
	for _, folder := range pure {
		for path := range closure(t, packages, module+folder) {
			if p := packages[path]; !p.Standard && !strings.HasPrefix(path, module) {
				t.Errorf("%s reaches %s, and may reach only the standard library", folder, path)
			}
		}
	}
}

func TestUnreachable(t *testing.T) {
	packages := load(t)
	for folder, prefixes := range unreachable {
		for path := range closure(t, packages, module+folder) {
			for _, prefix := range prefixes {
				if strings.HasPrefix(path, prefix) {
					t.Errorf("%s reaches %s", folder, path)
				}
			}
		}
	}
}

// No backup system's own module is part of the plugin: objects are read as
// they are, so that one binary serves every version of every operator.
func TestNoBackupSystemModules(t *testing.T) {
	packages := load(t)
	for path := range closure(t, packages, module+"cmd/kubectl-backup") {
		for _, system := range []string{"github.com/pingcap/", "github.com/vmware-tanzu/", "github.com/velero-io/", "vitess.io/", "github.com/cloudnative-pg/", "github.com/kubernetes-csi/"} {
			if strings.HasPrefix(path, system) {
				t.Errorf("the plugin reaches %s", path)
			}
		}
	}
}

// ruleOf returns the most specific room that holds the folder.
func ruleOf(folder string) (room string, may []string, found bool) {
	for name, rule := range rooms {
		if within(folder, name) && len(name) > len(room) {
			room, may, found = name, rule, true
		}
	}
	return room, may, found
}

// within tells whether the folder is the room or lies below it.
func within(folder, room string) bool {
	return folder == room || strings.HasPrefix(folder, room+"/")
}
