package logs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func line(second int, level, message string) string {
	return fmt.Sprintf("time=%q level=%s msg=%s backup=velero/demo", base.Add(time.Duration(second)*time.Second).Format(time.RFC3339), level, message)
}

func fileOf(err error, lines ...string) File {
	return File{Source: "bucket", Lines: func(_ context.Context, each func([]byte) error) error {
		for _, text := range lines {
			if err := each([]byte(text)); err != nil {
				return err
			}
		}
		return err
	}}
}

func server() []backup.LogSource {
	return []backup.LogSource{{Name: "server", Namespace: "ns", Selector: "a=b", Keep: []backup.LogMatch{{Field: "backup", Value: "velero/demo"}}}}
}

// The server writes each line of a run to its own log and to the file.
func TestFileAndServerSayThingsOnce(t *testing.T) {
	t.Parallel()
	node := &fakeNode{}
	node.write("server", after(1300), line(1, "info", "two"))
	node.write("server", after(1400), line(1, "info", "two"))
	node.write("server", after(2300), line(2, "info", "after"))
	file := fileOf(nil, line(0, "info", "one"), line(1, "info", "two"), line(1, "info", "two"), "\tat main.go:7")
	var got []string
	for _, e := range collect(t, NewReader(node, server(), Options{Files: []File{file}})) {
		got = append(got, e.Source+":"+e.Message)
	}
	if text := strings.Join(got, "|"); text != "bucket:one|bucket:two|bucket:two|bucket:\tat main.go:7|server:after" {
		t.Errorf("got %s", text)
	}
}

func TestFileOptions(t *testing.T) {
	t.Parallel()
	lines := []string{line(0, "info", "a"), line(1, "error", "b"), line(2, "info", "c"), line(3, "warning", "d")}
	for name, c := range map[string]struct {
		opts Options
		want string
	}{
		"all":         {Options{}, "a|b|c|d"},
		"level":       {Options{Level: Warning}, "b|d"},
		"since":       {Options{Since: base.Add(2 * time.Second)}, "c|d"},
		"tail":        {Options{Tail: 3}, "b|c|d"},
		"longer tail": {Options{Tail: 9}, "a|b|c|d"},
		"previous":    {Options{Previous: true}, ""},
	} {
		c.opts.Files = []File{fileOf(nil, lines...)}
		if got := messages(collect(t, NewReader(&fakeNode{}, nil, c.opts))); got != c.want {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestFileTrouble(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"missing": {fmt.Errorf("no log: %w", fs.ErrNotExist), ""},
		"failed":  {errors.New("denied: password=hunter2"), "log of bucket: denied: password="},
	} {
		var troubles []string
		opts := Options{Files: []File{fileOf(c.err, line(0, "info", "a"))}, Trouble: func(x Trouble) { troubles = append(troubles, x.What+": "+x.Err.Error()) }}
		if got := messages(collect(t, NewReader(&fakeNode{}, nil, opts))); got != "a" {
			t.Errorf("%s: got %s", name, got)
		}
		text := strings.Join(troubles, "\n")
		if (text == "") != (c.want == "") || !strings.HasPrefix(text, c.want) || strings.Contains(text, "hunter2") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

// The file comes with the end of the run. What was followed is not shown again, and what was missed is.
func TestFollowReadsTheFileAtTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		node := &fakeNode{}
		node.write("server", after(1300), line(1, "info", "seen"))
		written := false
		file := File{Source: "bucket", Lines: func(_ context.Context, each func([]byte) error) error {
			if !written {
				return fs.ErrNotExist
			}
			_ = each([]byte(line(1, "info", "seen")))
			return each([]byte(line(0, "info", "missed")))
		}}
		done := make(chan struct{})
		var got []backup.LogEntry
		err := NewReader(node, server(), Options{Files: []File{file}}).Follow(t.Context(), done, func(e backup.LogEntry) error {
			if got = append(got, e); len(got) == 1 {
				written = true
				close(done)
			}
			return nil
		})
		if err != nil || messages(got) != "seen|missed" {
			t.Errorf("got %s, %v", messages(got), err)
		}
	})
}

func TestFileMasksPrivateKeys(t *testing.T) {
	t.Parallel()
	file := fileOf(nil, "-----BEGIN RSA PRIVATE KEY-----", "c2VjcmV0", "-----END RSA PRIVATE KEY-----", "done")
	got := messages(collect(t, NewReader(&fakeNode{}, nil, Options{Files: []File{file}})))
	if strings.Contains(got, "c2VjcmV0") || !strings.HasSuffix(got, "done") {
		t.Errorf("got %s", got)
	}
}
