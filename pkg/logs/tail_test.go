package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// fakeSource is a fake of a cluster that serves one text as every log.
type fakeSource struct {
	log  io.Reader
	err  error
	seen cluster.LogOptions
}

func (f *fakeSource) Logs(_ context.Context, _, _, _ string, opts cluster.LogOptions) (io.ReadCloser, error) {
	f.seen = opts
	if f.err != nil {
		return nil, f.err
	}
	return io.NopCloser(f.log), nil
}

func tail(t *testing.T, f *fakeSource, lines int) backup.LogTail {
	t.Helper()
	return Tail(t.Context(), f, "tidb-test", "clean-demo", "backup", lines)
}

func TestTail(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxLine+1)
	for name, c := range map[string]struct {
		log  string
		want []string
	}{
		"as it is":      {"a\tb  c\n\nlast", []string{"a\tb  c", "", "last"}},
		"the last only": {"1\n2\n3\n4\n5\n", []string{"3", "4", "5"}},
		"empty":         {"", nil},
		"without secrets": {
			"start\nAWS_SECRET_ACCESS_KEY=hunter2hunter2\nGet \"https://u:p@h/x\"",
			[]string{"start", "AWS_SECRET_ACCESS_KEY=***", "Get \"https://***@h/x\""},
		},
		"a key over many lines": {"-----BEGIN PRIVATE KEY-----\nabc\ndef", []string{"***"}},
		"a very long line":      {long + "\nend", []string{long[:maxLine] + cutMark, "end"}},
		"not UTF-8":             {"a\xffb", []string{"a\uFFFDb"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := &fakeSource{log: strings.NewReader(c.log)}
			got := tail(t, source, 3)
			if got.Lookup != backup.Found || !reflect.DeepEqual(got.Lines, c.want) {
				t.Errorf("got %+v\nwant %q", got, c.want)
			}
			if source.seen.Tail != 3 {
				t.Errorf("asked for %d lines", source.seen.Tail)
			}
		})
	}
}

func TestTailErrors(t *testing.T) {
	t.Parallel()
	got := tail(t, &fakeSource{err: errors.New("dial https://u:hunter2@h: refused")}, 3)
	if got.Lookup != backup.Failed || got.Error != "dial https://***@h: refused" {
		t.Errorf("a log that cannot be opened: %+v", got)
	}
	cut := io.MultiReader(strings.NewReader("first\nsec"), iotest.ErrReader(fmt.Errorf("cut: %w", io.ErrUnexpectedEOF)))
	got = tail(t, &fakeSource{log: cut}, 3)
	if got.Lookup != backup.Failed || got.Error == "" || len(got.Lines) == 0 || got.Lines[0] != "first" {
		t.Errorf("a log that was cut: %+v", got)
	}
}
