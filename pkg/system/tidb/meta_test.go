package tidb_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/kubectl-backup/kubectl-backup/pkg/system/tidb"
)

// metaFile is a place with backupmeta alone.
type metaFile struct {
	content io.Reader
	err     error
}

func (f metaFile) Open(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(f.content), f.err
}

func TestBackupmetaTellsTheVersionOfTheCluster(t *testing.T) {
	t.Parallel()
	head := "\x08\x96\x01" + "\x12\x08" + "\"8.1.0\"\n" + "\x22\x05files"
	got, err := tidb.ClusterVersion(t.Context(), metaFile{content: strings.NewReader(head)})
	if err != nil || got != "8.1.0" {
		t.Errorf("version %q, %v", got, err)
	}
	for name, content := range map[string]string{
		"empty": "", "of another kind": "backupmeta\n", "cut off": head[:8], "without": "\x08\x96\x01\x22\x05files",
		"no number": "\x12\x03new", "half a tag": "\x80", "half a value": "\x08\x80", "another type": "\x0d\x01\x02\x03\x04",
	} {
		if got, err := tidb.ClusterVersion(t.Context(), metaFile{content: strings.NewReader(content)}); !errors.Is(err, tidb.ErrNoVersion) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestABackupmetaThatCannotBeReadHasNoVersion(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, file := range []metaFile{{content: strings.NewReader(""), err: fs.ErrNotExist}, {content: iotest.ErrReader(broken)}} {
		_, err := tidb.ClusterVersion(t.Context(), file)
		if !errors.Is(err, broken) && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("error %v", err)
		}
	}
}
