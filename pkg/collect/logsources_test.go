package collect_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

func found(t *testing.T, c *collect.Collector, target collect.Target) collect.Hit {
	t.Helper()
	hit, err := c.Find(t.Context(), target, collect.Scope{Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	return hit
}

// Who follows a backup learns from its works that it is not done, and where they
// speak, and lists no pod for that.
func TestWorksOfAFollower(t *testing.T) {
	source := velero(t)
	c := collector(t, source)
	hit := found(t, c, collect.Target{Name: "nightly"})
	ev, err := c.Works(t.Context(), hit)
	if err != nil {
		t.Fatal(err)
	}
	if ev.Object.Data != backup.DataMoving || ev.Object.Done() != backup.No {
		t.Errorf("data %s (%s), done %s", ev.Object.Data, ev.Object.DataWhy, ev.Object.Done())
	}
	if slices.Contains(source.asked, "list pods") {
		t.Errorf("asked %v", source.asked)
	}
	var names []string
	for _, s := range c.LogSources(hit, ev) {
		if s.Name == "data-mover" {
			names = append(names, s.Selector)
		} else if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "maintenance node-agent server velero.io/data-upload=nightly-2" {
		t.Errorf("the sources are %s", got)
	}
}

func TestArchiveLog(t *testing.T) {
	files := nightlyFiles(t)
	files["p/backups/nightly/nightly-logs.gz"] = zipped(t, "one\ntwo\n")
	c := withStorage(t, veleroWithKeys(t), bucketOf(t, "b", files))
	read := func(name string) (string, error) {
		hit := found(t, c, collect.Target{Name: name})
		if !c.KeepsLog(hit) {
			t.Errorf("%s has no log in the bucket", name)
		}
		ev, err := c.Works(t.Context(), hit)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		err = c.ArchiveLog(t.Context(), ev, func(line []byte) error { lines = append(lines, string(line)); return nil })
		return strings.Join(lines, "|"), err
	}
	if got, err := read("nightly"); err != nil || got != "one|two" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := read("other"); got != "" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a backup without a log: %q, %v", got, err)
	}
	if got, err := read("orphan"); got != "" || err == nil || errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of a backup whose location is gone: %q, %v", got, err)
	}
}
