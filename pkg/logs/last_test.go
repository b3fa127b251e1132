package logs

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// busy is a server that says much about others after it spoke of the object.
func busy() *fakeNode {
	node := &fakeNode{}
	for i := range 4 {
		node.write("server-a", after(2*i), line(i, "info", fmt.Sprintf("a%d", i)))
		node.write("server-b", after(2*i+1), line(i, "warning", fmt.Sprintf("b%d", i)))
	}
	for i := range 500 {
		node.write("server-a", after(100+i), fmt.Sprintf("level=info msg=other backup=velero/other-%d", i))
	}
	return node
}

func TestTailCountsLinesAboutTheObject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		opts Options
		want string
	}{
		"of a busy server":   {Options{Tail: 3}, "b2|a3|b3"},
		"more than there is": {Options{Tail: 50}, "a0|b0|a1|b1|a2|b2|a3|b3"},
		"of what is grave":   {Options{Tail: 2, Level: Warning}, "b2|b3"},
		"since":              {Options{Tail: 3, Since: after(6)}, "a3|b3"},
	} {
		if got := messages(collect(t, NewReader(busy(), server(), c.opts))); got != c.want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestTailIsOfEachSource(t *testing.T) {
	t.Parallel()
	node := busy()
	file := fileOf(nil, line(0, "info", "f0"), line(1, "info", "f1"), line(2, "info", "f2"))
	got := messages(collect(t, NewReader(node, server(), Options{Tail: 2, Files: []File{file}})))
	if got != "a3|b3|f1|f2" { // the file has whole seconds, the node of this test milliseconds
		t.Errorf("got %s", got)
	}
}

func TestTailReachesIntoTheInstanceBefore(t *testing.T) {
	t.Parallel()
	node := &fakeNode{}
	for i := range 3 {
		node.write("server", after(i), line(0, "info", fmt.Sprintf("old%d", i)))
	}
	node.restart("server")
	node.write("server", after(9), line(0, "info", "new"))
	if got := messages(collect(t, NewReader(node, server(), Options{Tail: 2}))); got != "old2|new" {
		t.Errorf("got %s", got)
	}
}

// Where every line counts the server cuts, so that a long log is not sent.
func TestTailIsCutByTheServerWhereEachLineCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sources []backup.LogSource
		opts    Options
		want    int64
	}{
		"each counts":    {everything(), Options{Tail: 7}, 7},
		"chosen":         {server(), Options{Tail: 7}, 0},
		"only grave":     {everything(), Options{Tail: 7, Level: Error}, 0},
		"copied":         {everything(), Options{Tail: 7, Files: []File{fileOf(nil)}}, 0},
		"all was wanted": {everything(), Options{}, 0},
	} {
		node := busy()
		collect(t, NewReader(node, c.sources, c.opts))
		if len(node.tails) == 0 || slices.ContainsFunc(node.tails, func(n int64) bool { return n != c.want }) {
			t.Errorf("%s: asked for %v", name, node.tails)
		}
	}
}

func TestTailEndsWithAnErrorOfItsReader(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	err := NewReader(busy(), server(), Options{Tail: 3}).Read(t.Context(), func(backup.LogEntry) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
}

func TestLevelCountsLinesWithoutOneAsInfo(t *testing.T) {
	t.Parallel()
	for level, want := range map[Level]string{"": "plain|level=error msg=b|level=debug msg=c", Info: "plain|level=error msg=b", Warning: "level=error msg=b"} {
		node := &fakeNode{}
		for i, text := range []string{"plain", "level=error msg=b", "level=debug msg=c"} {
			node.write("a", after(i), text)
		}
		got := ""
		for i, e := range collect(t, NewReader(node, everything(), Options{Level: level})) {
			if i > 0 {
				got += "|"
			}
			got += e.Text
		}
		if got != want {
			t.Errorf("%q: got %s", level, got)
		}
	}
}
