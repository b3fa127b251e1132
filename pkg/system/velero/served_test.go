package velero

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// asking is a server that signs for what is in files, and remembers the kinds.
type asking struct {
	files files
	keys  map[string]string // by kind
	fail  map[string]error  // by kind
	mu    sync.Mutex
	asked []string
}

func (a *asking) sign(_ context.Context, kind string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, kind)
	return a.keys[kind], a.fail[kind]
}

func (a *asking) fetch(_ context.Context, url string) (io.ReadCloser, int64, error) {
	data, ok := a.files[url]
	if !ok {
		return nil, 0, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(data)), int64(len(data)), nil
}

// servedFrom signs keys in the place of URLs.
func servedFrom(f files, role backup.Role, name string) (*Served, *asking) {
	a := &asking{files: f, keys: map[string]string{}, fail: map[string]error{}}
	folder, parts := Layout{}.folder(role, name)
	for _, part := range parts {
		a.keys[Kinds(role)[part.role]] = folder + part.names(name)[0]
	}
	return &Served{Role: role, Name: name, Sign: a.sign, Fetch: a.fetch}, a
}

func states(a backup.Archive) map[backup.FileState][]string {
	out := map[backup.FileState][]string{}
	for _, file := range a.Files {
		out[file.State] = append(out[file.State], string(file.Role))
	}
	return out
}

func TestABackupThroughTheServer(t *testing.T) {
	t.Parallel()
	f := shop(t)
	served, _ := servedFrom(f, backup.RoleBackup, "shop")
	a := ReadServed(t.Context(), served, Options{Contents: ContentsAlways, CountLog: true, Object: shopObject()})
	whole := ReadBackup(t.Context(), f.bucket(t), Layout{}, "shop", Options{Contents: ContentsAlways, CountLog: true})
	if !a.ThroughServer() || a.Listing == backup.Found || a.Error != "" {
		t.Fatalf("server %q, listing %q, error %q", a.Server, a.Listing, a.Error)
	}
	if a.Items == nil || a.Items.Total != whole.Items.Total || len(a.Volumes) != len(whole.Volumes) || a.Log.Lines != whole.Log.Lines || len(a.Messages) != len(whole.Messages) {
		t.Errorf("items %+v, %d volumes, log %+v, %d messages", a.Items, len(a.Volumes), a.Log, len(a.Messages))
	}
	if a.Record == nil || a.Record.Phase != backup.PhaseCompleted || a.Record.Items.Completed != 9 {
		t.Errorf("record %+v", a.Record)
	}
	got := states(a)
	if want := []string{"object", "pod volume backups", "CSI volume snapshot classes", "item snapshots"}; !slices.Equal(got[backup.FileUnlisted], want) {
		t.Errorf("not known are %q", got[backup.FileUnlisted])
	}
	if a.Repositories[0].Format != backup.Failed || a.Repositories[0].HasData != backup.Unknown {
		t.Errorf("a repository that nobody looked at: %+v", a.Repositories[0])
	}
	if a.VolumesRead != backup.Yes {
		t.Errorf("volumes read: %s", a.VolumesRead)
	}
}

// A URL that leads to nothing is no proof that the file is missing.
func TestAFileThatTheServerDoesNotGive(t *testing.T) {
	t.Parallel()
	f := shop(t)
	delete(f, "backups/shop/shop.tar.gz")
	served, server := servedFrom(f, backup.RoleBackup, "shop")
	server.fail["BackupResults"] = errors.New("unsupported value")
	a := ReadServed(t.Context(), served, Options{})
	for role, says := range map[backup.FileRole]string{backup.FileContents: "leads to no object", backup.FileResults: "unsupported value"} {
		if file := a.File(role); file.State != backup.FileUnlisted || !strings.Contains(file.Detail, says) {
			t.Errorf("%s: %+v", role, file)
		}
	}
	if a.Error != "" || a.Record != nil {
		t.Errorf("error %q, record %+v", a.Error, a.Record)
	}
}

func TestARestoreThroughTheServer(t *testing.T) {
	t.Parallel()
	served, _ := servedFrom(shop(t), backup.RoleRestore, "again")
	a := ReadServed(t.Context(), served, Options{})
	if !a.ThroughServer() || len(a.Messages) != 1 || len(a.Volumes) != 1 || len(a.Resources) != 1 || len(states(a)[backup.FileUnlisted]) != 0 {
		t.Errorf("%+v", a)
	}
}

func TestAServerThatGivesNothing(t *testing.T) {
	t.Parallel()
	served, server := servedFrom(shop(t), backup.RoleBackup, "shop")
	for _, kind := range Kinds(backup.RoleBackup) {
		server.fail[kind] = errors.New("no answer")
	}
	a := ReadServed(t.Context(), served, Options{})
	if a.ThroughServer() || a.Server != backup.Failed || a.Listing != backup.Failed || a.Error != "no answer" || len(a.Files) != 0 {
		t.Errorf("%+v", a)
	}
	if a := ListServed(t.Context(), served); a.ThroughServer() || a.Listing != backup.Failed {
		t.Errorf("%+v", a)
	}
	served.Name = "../shop"
	for _, a := range []backup.Archive{ReadServed(t.Context(), served, Options{}), ListServed(t.Context(), served)} {
		if a.Listing != backup.Failed || !strings.Contains(a.Error, "is not the name of an object") {
			t.Errorf("%+v", a)
		}
	}
}

// Only what is wanted is asked for.
func TestOnlySomeFilesAreAskedFor(t *testing.T) {
	t.Parallel()
	served, server := servedFrom(shop(t), backup.RoleBackup, "shop")
	a := ListServed(t.Context(), served, backup.FileLog)
	if !slices.Equal(server.asked, []string{"BackupLog"}) || !slices.Equal(states(a)[backup.FileListed], []string{"log"}) || len(states(a)[backup.FileMissing]) != 0 {
		t.Errorf("asked for %q: %v", server.asked, states(a))
	}
	if a := ListServed(t.Context(), served, backup.FileObject); !a.ThroughServer() || len(states(a)[backup.FileListed]) != 0 {
		t.Errorf("%+v", a)
	}
	if err := served.List(t.Context(), "", nil); err == nil {
		t.Error("a server that lists")
	}
	if _, err := served.Stat(t.Context(), "kopia/shop/kopia.repository"); !errors.Is(err, errNotServed) {
		t.Errorf("error %v", err)
	}
}
