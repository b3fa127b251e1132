package velero

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func TestReadBackup(t *testing.T) {
	t.Parallel()
	archive := readShop(t, shop(t), Options{Contents: ContentsAlways, CountLog: true})
	if archive.Listing != backup.Found || archive.Others.Objects != 0 || archive.VolumesRead != backup.Yes {
		t.Errorf("listing %s, others %d, volumes read %s", archive.Listing, archive.Others.Objects, archive.VolumesRead)
	}
	for _, file := range archive.Files {
		want := backup.FileSound
		if file.Need == backup.NeedOptional && file.Role != backup.FileLog {
			want = backup.FileMissing
		}
		if file.State != want {
			t.Errorf("%s is %s (%s), want %s", file.Role, file.State, file.Detail, want)
		}
	}
	record := archive.Record
	if record.Phase != backup.PhaseCompleted || record.Items.Completed != 9 || record.Cluster != "v1.36.3" || record.Hooks.Failed != 1 || record.Operations.Completed != 1 {
		t.Errorf("record %+v", record)
	}
	if record.Volumes.Move != backup.Yes || record.Volumes.FileSystem != backup.No || record.Volumes.Snapshots != backup.Unknown {
		t.Errorf("volume policy %+v", record.Volumes)
	}
	if archive.Items.Total != 9 || archive.Items.Format != "1.1.0" || len(archive.Items.Counts) != 4 {
		t.Errorf("items %+v", archive.Items)
	}
	if archive.Log.Lines != 3 || archive.Log.Errors != 1 || archive.Log.Warnings != 1 {
		t.Errorf("log %+v", archive.Log)
	}
	if len(archive.Messages) != 1 || archive.Messages[0].Scope != "namespace shop" || archive.Messages[0].Severity != backup.SeverityWarning {
		t.Errorf("messages %+v", archive.Messages)
	}
	if o := archive.Operations; len(o) != 1 || o[0].Phase != backup.PhaseCompleted || o[0].Item.Name != "cache" || o[0].Progress.Done != 2048 || len(o[0].Then) != 1 {
		t.Errorf("operations %+v", o)
	}
	if got := archive.Repositories; len(got) != 1 || got[0] != (backup.Repository{Type: "kopia", Namespace: "shop", Format: backup.Found, HasData: backup.Yes}) {
		t.Errorf("repositories %+v", got)
	}
}

func TestVolumesOfACompleteBackup(t *testing.T) {
	t.Parallel()
	archive := readShop(t, shop(t), Options{Contents: ContentsAlways})
	want := []struct {
		name   string
		method backup.VolumeMethod
		bytes  int64
		handle string
	}{
		{"shop/cache", backup.MethodCSIMoved, 2048, "k2"},
		{"shop/db", backup.MethodPodVolume, 4096, "k1"},
		{"shop/queue", backup.MethodCSISnapshot, 3 << 30, "snap-9"},
	}
	if len(archive.Volumes) != len(want) {
		t.Fatalf("%d volumes: %+v", len(archive.Volumes), archive.Volumes)
	}
	for i, w := range want {
		v := archive.Volumes[i]
		if v.Name() != w.name || v.Method != w.method || v.State != backup.VolumeCopied || *v.Bytes != w.bytes || v.Handle != w.handle || v.Capacity == nil {
			t.Errorf("volume %d is %+v, want %+v", i, v, w)
		}
	}
	if db := archive.Volumes[1]; db.Pod != "db-0" || db.Node != "node-1" || *db.Capacity != 1<<30 || db.Finished == nil {
		t.Errorf("db %+v", db)
	}
}

// A page about a backup whose volumes are all spoken of needs no tarball.
func TestContentsAreReadOnlyIfNeeded(t *testing.T) {
	t.Parallel()
	f := shop(t)
	if archive := readShop(t, f, Options{}); archive.Items != nil || archive.File(backup.FileContents).State != backup.FileListed {
		t.Errorf("the tarball was read: %s", archive.File(backup.FileContents).State)
	}
	f["backups/shop/shop-volumeinfo.json.gz"] = zipped(t, shopVolumes()[:1])
	if archive := readShop(t, f, Options{}); archive.Items == nil {
		t.Error("the tarball was not read although two claims are not accounted for")
	}
	if archive := readShop(t, f, Options{Contents: ContentsNever}); archive.Items != nil || len(archive.Volumes) != 3 {
		t.Errorf("items %v, volumes %+v", archive.Items, archive.Volumes)
	}
}

func TestReadRestore(t *testing.T) {
	t.Parallel()
	bucket := shop(t).bucket(t)
	archive := ReadRestore(t.Context(), bucket, Layout{}, "again", Options{CountLog: true, At: testAt()})
	for _, file := range archive.Files {
		if file.State != backup.FileSound {
			t.Errorf("%s is %s: %s", file.Role, file.State, file.Detail)
		}
	}
	if len(archive.Messages) != 1 || archive.Messages[0].Severity != backup.SeverityCause || archive.Messages[0].Scope != "cluster" {
		t.Errorf("messages %+v", archive.Messages)
	}
	if len(archive.Resources) != 1 || archive.Resources[0].Names[1] != "shop/web(skipped)" {
		t.Errorf("resources %+v", archive.Resources)
	}
	if v := archive.Volumes; len(v) != 1 || v[0].Method != backup.MethodPodVolume || v[0].State != backup.VolumeCopied || v[0].Claim != "db" {
		t.Errorf("volumes %+v", v)
	}
}

// The manual of e-backup names the files of a restore without the prefix.
func TestRestoreWithoutThePrefix(t *testing.T) {
	t.Parallel()
	bucket := files{
		"p/restores/r1/r1-logs.gz":    zippedText(t, shopLog),
		"p/restores/r1/r1-results.gz": zipped(t, map[string]any{"errors": map[string]any{}, "warnings": map[string]any{}}),
	}.bucket(t)
	archive := ReadRestore(t.Context(), bucket, Layout{Prefix: "/p/"}, "r1", Options{CountLog: true})
	if !archive.Holds(backup.FileLog) || !archive.Holds(backup.FileResults) || archive.Log.Lines != 3 {
		t.Errorf("files %+v", archive.Files)
	}
}

func TestBackups(t *testing.T) {
	t.Parallel()
	var got []Found
	err := Backups(t.Context(), shop(t).bucket(t), Layout{}, func(f Found) error {
		got = append(got, f)
		return nil
	})
	if err != nil || len(got) != 3 {
		t.Fatalf("%d backups, %v", len(got), err)
	}
	byName := map[string]Found{}
	for _, f := range got {
		byName[f.Name] = f
	}
	if f := byName["shop"]; !f.Known || f.Files.Objects != 9 {
		t.Errorf("shop %+v", f)
	}
	if f := byName["shop-2"]; f.Known {
		t.Errorf("shop-2 has no object, so that Velero does not know it: %+v", f)
	}
}

func TestWhatTheStorageDoesNotGiveIsUnread(t *testing.T) {
	t.Parallel()
	bucket := shop(t).bucket(t)
	denied := errors.New("AccessDenied")
	bucket.fail["backups/shop/shop-volumeinfo.json.gz"] = denied
	bucket.fail["kopia/shop/kopia.repository"] = denied
	archive := ReadBackup(t.Context(), bucket, Layout{}, "shop", Options{})
	if file := archive.File(backup.FileVolumes); file.State != backup.FileUnread || file.Detail != "AccessDenied" {
		t.Errorf("volume information is %s: %s", file.State, file.Detail)
	}
	if archive.VolumesRead != backup.No {
		t.Errorf("volumes read: %s", archive.VolumesRead)
	}
	for _, v := range archive.Volumes {
		if v.Claim == "queue" && v.State != backup.VolumeUnknown {
			t.Errorf("queue is %s although what speaks of it was not read", v.State)
		}
	}
	if archive.Repositories[0].Format != backup.Failed {
		t.Errorf("repositories %+v", archive.Repositories)
	}
	bucket.fail["backups/shop/"] = denied
	if archive := ReadBackup(t.Context(), bucket, Layout{}, "shop", Options{}); archive.Listing != backup.Failed || archive.Error == "" || archive.Files != nil {
		t.Errorf("listing %s, error %q", archive.Listing, archive.Error)
	}
}

func TestNamesThatLeadElsewhere(t *testing.T) {
	t.Parallel()
	bucket := shop(t).bucket(t)
	for _, name := range []string{"", "..", "a/b", "../shop", `a\b`, "a\x00"} {
		if archive := ReadBackup(t.Context(), bucket, Layout{}, name, Options{}); archive.Listing != backup.Failed {
			t.Errorf("%q was listed", name)
		}
	}
	if s, _ := state(&SourceError{Key: "k", Err: fs.ErrNotExist}); s != backup.FileMissing {
		t.Errorf("a file that went away is %s", s)
	}
}
