package velero

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// recorded is the bucket in testdata/recorded, as a real server wrote it.
func recorded(t *testing.T) files {
	t.Helper()
	f := files{}
	root := filepath.Join("testdata", "recorded")
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Dir(path) == root {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		f[filepath.ToSlash(relative)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestRecordedBackup(t *testing.T) {
	t.Parallel()
	archive := readShop(t, recorded(t), all)
	for _, file := range archive.Files {
		want := backup.FileSound
		if file.Need == backup.NeedOptional && file.Role != backup.FileLog {
			want = backup.FileMissing
		}
		if file.State != want {
			t.Errorf("%s is %s (%s)", file.Role, file.State, file.Detail)
		}
	}
	if r := archive.Record; r.Phase != backup.PhasePartiallyFailed || r.Errors != 2 || r.Items.Completed != 12 || r.Volumes.Move != backup.No {
		t.Errorf("record %+v", r)
	}
	// The claim that is not bound is an error, and so not in the tarball.
	if archive.Items.Total != 11 || archive.Items.Format != "1.1.0" {
		t.Errorf("items %+v", archive.Items)
	}
	if archive.Log.Errors != 2 || len(archive.Messages) != 2 {
		t.Errorf("log %+v, messages %+v", archive.Log, archive.Messages)
	}
	volumes := map[string]backup.ArchivedVolume{}
	for _, v := range archive.Volumes {
		volumes[v.Name()] = v
	}
	for name, want := range map[string]struct {
		why   string
		meant bool
	}{
		"shop-recorded/data":    {`its volume is a hostPath, which Velero copies in no way; pod web does not name volume "data"`, false},
		"shop-recorded/waiting": {"the claim itself could not be backed up: message: /fail to get PV for PVC shop-recorded/waiting", false},
		"shop-recorded/web:log": {"hostPath /var/log", true},
	} {
		v, there := volumes[name]
		if !there || v.State != backup.VolumeNotCopied || v.Meant != want.meant || !strings.Contains(v.Why, want.why) {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if len(volumes) != 3 || archive.VolumesRead != backup.Yes {
		t.Errorf("%d volumes, read %s", len(volumes), archive.VolumesRead)
	}
}

func TestRecordedRestore(t *testing.T) {
	t.Parallel()
	archive := ReadRestore(t.Context(), recorded(t).bucket(t), Layout{}, "again", all)
	for _, file := range archive.Files {
		if file.State != backup.FileSound {
			t.Errorf("%s is %s (%s)", file.Role, file.State, file.Detail)
		}
	}
	if len(archive.Resources) != 3 || archive.Resources[0].Names[0] != "shop-restored/kube-root-ca.crt(failed)" {
		t.Errorf("resources %+v", archive.Resources)
	}
	if len(archive.Messages) != 1 || archive.Messages[0].Severity != backup.SeverityWarning || archive.Log.Errors != 0 {
		t.Errorf("messages %+v, log %+v", archive.Messages, archive.Log)
	}
}
