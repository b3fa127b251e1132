package completion

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/cli"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/describe"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/explain"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/get"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/journal"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/logs"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/systems"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/unstick"
	"github.com/kubectl-backup/kubectl-backup/pkg/plugin/wait"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

const kubeconfig = `{"apiVersion":"v1","kind":"Config","current-context":"lab",
"contexts":[{"name":"lab","context":{"cluster":"c","user":"admin","namespace":"here"}},{"name":"other","context":{"cluster":"d","user":"reader"}}],
"clusters":[{"name":"c","cluster":{"server":"https://127.0.0.1:1"}},{"name":"d","cluster":{"server":"https://127.0.0.1:1"}}],
"users":[{"name":"admin","user":{}},{"name":"reader","user":{}}]}`

// complete asks for the candidates of a command line over a fake cluster.
func complete(t *testing.T, fake *fake, line ...string) (candidates []string, directive string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(kubeconfig), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("KUBECONFIG", file)
	var out bytes.Buffer
	g := cli.NewGlobals(genericiooptions.IOStreams{In: strings.NewReader(""), Out: &out, ErrOut: &out}, "")
	g.Home, g.Now = t.TempDir(), func() time.Time { return now }
	root := &cobra.Command{Use: "kubectl-backup"}
	g.AddFlags(root.PersistentFlags())
	root.AddCommand(get.NewCommand(g), describe.NewCommand(g), unstick.NewCommand(g), explain.NewCommand(g), logs.NewCommand(g), wait.NewCommand(g), systems.NewCommand(g), journal.NewCommand(g), NewCommand(g))
	attach(root, source{Globals: g, open: func() (*collect.Collector, error) {
		registry, err := system.Load(system.Options{})
		return collect.New(collect.Sources{Cluster: fake, Registry: registry, Now: g.Now}), err
	}})
	root.SetOut(&out)
	root.SetErr(new(bytes.Buffer))
	root.SetArgs(append([]string{cobra.ShellCompRequestCmd}, line...))
	if err := root.ExecuteContext(context.Background()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	return lines[:len(lines)-1], lines[len(lines)-1]
}

func TestCandidates(t *testing.T) {
	tests := map[string]struct {
		line string // the last word is the one that is typed
		want string
	}{
		"types and names":       {"get |", "backups schedules restores locations monday tuesday tuesday-old"},
		"names of a type":       {"get restores |", "into-test"},
		"begun name":            {"get backups tue|", "tuesday tuesday-old"},
		"not twice":             {"get backups monday |", "tuesday tuesday-old"},
		"type and slash":        {"describe restore/|", "restore/into-test"},
		"resource and slash":    {"describe backups.pingcap.com/mon|", "backups.pingcap.com/monday"},
		"only what is deleting": {"unstick t|", "tuesday-old"},
		"name to wait for":      {"wait mon|", "monday"},
		"what to wait for":      {"wait --for d|", "data deleted"},
		"logs of":               {"logs backup/mon|", "backup/monday"},
		"levels":                {"logs --level |", "debug info warning error fatal"},
		"storage":               {"unstick --storage a|", "auto always"},
		"another namespace":     {"describe -n there e|", "elsewhere"},
		"all namespaces":        {"get -A e|", "elsewhere"},
		"of a system":           {"get backups --system=tidb-operator mon|", "monday"},
		"of no system":          {"get backups --system=nosuch |", ""},
		"namespaces":            {"get -n |", "here there"},
		"contexts":              {"get --context |", "lab other"},
		"clusters":              {"get --cluster |", "c d"},
		"users":                 {"get --user r|", "reader"},
		"systems":               {"get --system t|", "tidb-operator"},
		"system to show":        {"systems show tidb|", "tidb-operator"},
		"one system only":       {"systems show tidb-operator |", ""},
		"phases":                {"get --phase Par|", "PartiallyFailed"},
		"another phase":         {"get --phase Failed,Pa|", "Failed,PartiallyFailed Failed,Paused"},
		"ways":                  {"unstick --via |", "wait release retry-clean strip"},
		"risks":                 {"unstick --accept-risk=data-present,stor|", "data-present,storage-unknown"},
		"formats of get":        {"get -o |", "wide name json yaml jsonpath= custom-columns="},
		"formats of describe":   {"describe -o |", "json yaml jsonpath="},
		"codes":                 {"explain BK-F101|", "BK-F101"},
		"empty journal":         {"journal show |", ""},
		"shells":                {"completion k|", "kubectl"},
		"nothing for a time":    {"get --since |", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			words := strings.Split(strings.TrimSuffix(test.line, "|"), " ")
			candidates, directive := complete(t, newFake(), words...)
			names := make([]string, len(candidates))
			for i, candidate := range candidates {
				names[i], _, _ = strings.Cut(candidate, "\t")
			}
			if got := strings.Join(names, " "); got != test.want || directive != ":4" {
				t.Errorf("%q %s, want %q and no files", got, directive, test.want)
			}
		})
	}
}

func TestCandidatesSayStateAndAge(t *testing.T) {
	candidates, _ := complete(t, newFake(), "describe", "m")
	if strings.Join(candidates, "") != "monday\tCompleted, 3d" {
		t.Errorf("%q", candidates)
	}
	candidates, _ = complete(t, newFake(), "get", "-A", "else")
	if strings.Join(candidates, "") != "elsewhere\tCompleted, 24h, in there" {
		t.Errorf("%q", candidates)
	}
	candidates, _ = complete(t, newFake(), "explain", "BK-F101")
	if len(candidates) != 1 || !strings.Contains(candidates[0], "\t") {
		t.Errorf("%q", candidates)
	}
}

func TestFilesAreCompletedWhereTheyAreMeant(t *testing.T) {
	for line, want := range map[string]string{"get --kubeconfig ": ":0", "journal list --journal-dir ": ":16", "get --system-file ": ":0"} {
		if _, directive := complete(t, newFake(), strings.Split(line, " ")...); directive != want {
			t.Errorf("%q: %s, want %s", line, directive, want)
		}
	}
}

func TestAClusterThatFailsOffersNothing(t *testing.T) {
	failing := newFake()
	failing.fails = errors.New("refused")
	for _, line := range []string{"describe m", "get -n h"} {
		candidates, directive := complete(t, failing, strings.Split(line, " ")...)
		if len(candidates) != 0 || directive != ":4" {
			t.Errorf("%q: %q, %s", line, candidates, directive)
		}
	}
}

func TestAClusterThatHangsIsLeftInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hanging := newFake()
		hanging.hangs = true
		begun := time.Now()
		candidates, directive := complete(t, hanging, "describe", "m")
		if len(candidates) != 0 || directive != ":4" || time.Since(begun) != patience {
			t.Errorf("%q, %s after %s", candidates, directive, time.Since(begun))
		}
	})
}
