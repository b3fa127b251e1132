package velero

import (
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Small files are read whatever else was asked for, larger ones are not.
func TestSmallFilesAreRead(t *testing.T) {
	t.Parallel()
	f := shop(t)
	size := int64(len(f["backups/shop/shop.tar.gz"]))
	for _, c := range []struct {
		small int64
		read  bool
	}{{size, true}, {size - 1, false}} {
		a := ReadBackup(t.Context(), f.bucket(t), Layout{}, "shop", Options{Contents: ContentsNever, Small: c.small})
		if got := a.Items != nil; got != c.read {
			t.Errorf("a tarball of %d bytes, small is %d: read %v", size, c.small, got)
		}
	}
	if a := ReadBackup(t.Context(), f.bucket(t), Layout{}, "shop", Options{Contents: ContentsNever, Small: 1 << 20}); a.Log == nil {
		t.Error("the small log was not counted")
	}
}

// Of an empty tarball that is known without reading it.
func TestAnEmptyTarballIsSeenInTheListing(t *testing.T) {
	t.Parallel()
	f := shop(t)
	f["backups/shop/shop.tar.gz"] = nil
	a := ReadBackup(t.Context(), f.bucket(t), Layout{}, "shop", Options{Contents: ContentsNever})
	if state := a.File(backup.FileContents).State; state != backup.FileEmpty {
		t.Errorf("an empty tarball is %s", state)
	}
}

// Files that are only whole or not are read to their end.
func TestFilesThatAreReadThrough(t *testing.T) {
	t.Parallel()
	f := shop(t)
	const key = "backups/shop/shop-csi-volumesnapshotclasses.json.gz"
	list := f["backups/shop/shop-volumeinfo.json.gz"]
	for want, data := range map[backup.FileState][]byte{
		backup.FileSound: list, backup.FileTruncated: list[:len(list)/2], backup.FileCorrupt: []byte("plain"), backup.FileEmpty: {},
	} {
		f[key] = data
		a := ReadBackup(t.Context(), f.bucket(t), Layout{}, "shop", Options{})
		if state := a.File(backup.FileCSISnapshotClasses).State; state != want {
			t.Errorf("%d bytes: %s, want %s", len(data), state, want)
		}
	}
}

func TestRoot(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		prefix string
		role   backup.Role
		root   string
		ok     bool
	}{
		{"backups/shop", backup.RoleBackup, "", true},
		{"/team/a/backups/shop/", backup.RoleBackup, "team/a", true},
		{"team/restores/shop", backup.RoleRestore, "team", true},
		{"team/backups/shop", backup.RoleRestore, "", false},
		{"team/backups/other", backup.RoleBackup, "", false},
		{"", backup.RoleBackup, "", false},
		{"mybackups/shop", backup.RoleBackup, "", false},
	} {
		if root, ok := Root(c.prefix, c.role, "shop"); ok != c.ok || ok && root != c.root {
			t.Errorf("%q as %s: %q, %v", c.prefix, c.role, root, ok)
		}
	}
}
