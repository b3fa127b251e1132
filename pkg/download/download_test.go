package download

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func open(t *testing.T) (*Dir, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out")
	dir, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = dir.Close() })
	return dir, path
}

func names(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestAFileIsWrittenForItsOwnerAlone(t *testing.T) {
	dir, path := open(t)
	if err := dir.Write("shop-logs.gz", strings.NewReader("log"), 3); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(path, "shop-logs.gz"))
	if err != nil || string(data) != "log" {
		t.Errorf("%q, %v", data, err)
	}
	info, err := os.Stat(filepath.Join(path, "shop-logs.gz"))
	if err != nil || info.Mode().Perm() != fileMode {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if all := names(t, path); len(all) != 1 {
		t.Errorf("the folder holds %v", all)
	}
}

func TestNothingIsReplaced(t *testing.T) {
	dir, path := open(t)
	if err := os.WriteFile(filepath.Join(path, "shop.tar.gz"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	var exists *ExistsError
	if err := dir.Write("shop.tar.gz", strings.NewReader("theirs"), 6); !errors.As(err, &exists) {
		t.Errorf("error %v", err)
	}
	partial := partialName("shop.tar.gz")
	if err := os.WriteFile(filepath.Join(path, partial), []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, publish := range []func(string, string) error{dir.publish, dir.rename} {
		if err := publish(partial, "shop.tar.gz"); !errors.As(err, &exists) {
			t.Errorf("a file that came meanwhile: error %v", err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(path, "shop.tar.gz")); err != nil || string(data) != "mine" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestNoKeyLeadsOutOfTheFolder(t *testing.T) {
	dir, path := open(t)
	for _, name := range []string{"", ".", "..", "../evil", "/etc/evil", "a/b", `..\evil`, "C:evil", ".hidden", "nul\x00"} {
		if err := dir.Write(name, strings.NewReader("x"), 1); err == nil {
			t.Errorf("%q was written", name)
		}
	}
	if all := names(t, filepath.Dir(path)); len(all) != 1 {
		t.Errorf("beside the folder there is %v", all)
	}
	outside := filepath.Join(t.TempDir(), "target")
	if err := os.Symlink(outside, filepath.Join(path, "link")); err != nil {
		t.Fatal(err)
	}
	if err := dir.Write("link", strings.NewReader("x"), 1); err == nil {
		t.Error("a link was followed")
	}
	if _, err := os.Lstat(outside); err == nil {
		t.Error("a link was written through")
	}
}

func TestAPartialFileHasNoName(t *testing.T) {
	for name, test := range map[string]struct {
		data string
		size int64
	}{"cut off": {"lo", 3}, "longer than listed": {"longer", 3}} {
		t.Run(name, func(t *testing.T) {
			dir, path := open(t)
			if err := dir.Write("shop-logs.gz", strings.NewReader(test.data), test.size); err == nil {
				t.Error("it was written")
			}
			if all := names(t, path); len(all) != 0 {
				t.Errorf("the folder holds %v", all)
			}
		})
	}
}

// tarball compresses entries; Size is filled in.
func tarball(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	archive := tar.NewWriter(zipped)
	for _, entry := range entries {
		body := ""
		if entry.Typeflag == tar.TypeReg {
			body = "{}"
		}
		entry.Size, entry.Mode = int64(len(body)), 0o777
		if err := archive.WriteHeader(&entry); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func plain(name string) tar.Header { return tar.Header{Name: name, Typeflag: tar.TypeReg} }

func TestATarballIsUnpacked(t *testing.T) {
	dir, path := open(t)
	data := tarball(t, tar.Header{Name: "metadata/", Typeflag: tar.TypeDir}, plain("metadata/version"), plain("resources/pods/namespaces/shop/db-0.json"))
	if err := dir.Write("shop.tar.gz", bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	done, err := dir.Unpack(context.Background(), "shop.tar.gz", "shop", 1<<20)
	if err != nil || done.Bytes != 4 {
		t.Fatalf("%+v, %v", done, err)
	}
	info, err := os.Stat(filepath.Join(path, "shop/resources/pods/namespaces/shop/db-0.json"))
	if err != nil || info.Mode().Perm() != fileMode {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := dir.Unpack(context.Background(), "shop.tar.gz", "shop", 1<<20); err == nil {
		t.Error("a folder that was there was written to")
	}
}

func TestAHostileTarballLeavesNothing(t *testing.T) {
	for name, entries := range map[string][]tar.Header{
		"a path upwards":     {plain("resources/ok.json"), plain("../../evil")},
		"a path in between":  {plain("resources/../../evil")},
		"an absolute path":   {plain("/evil")},
		"a link":             {{Name: "link", Typeflag: tar.TypeSymlink, Linkname: ".."}, plain("link/evil")},
		"a hard link":        {{Name: "link", Typeflag: tar.TypeLink, Linkname: "../shop.tar.gz"}},
		"a device":           {{Name: "null", Typeflag: tar.TypeChar}},
		"the same name":      {plain("a"), plain("a")},
		"a file as a folder": {plain("a"), plain("a/b")},
		"no name":            {plain("")},
	} {
		t.Run(name, func(t *testing.T) {
			dir, path := open(t)
			data := tarball(t, entries...)
			if err := dir.Write("shop.tar.gz", bytes.NewReader(data), int64(len(data))); err != nil {
				t.Fatal(err)
			}
			if done, err := dir.Unpack(context.Background(), "shop.tar.gz", "shop", 1<<20); err == nil {
				t.Errorf("unpacked %+v", done)
			}
			if all := names(t, path); len(all) != 1 || all[0] != "shop.tar.gz" {
				t.Errorf("the folder holds %v", all)
			}
			if all := names(t, filepath.Dir(path)); len(all) != 1 {
				t.Errorf("beside the folder there is %v", all)
			}
		})
	}
}

func TestATarballThatExplodes(t *testing.T) {
	dir, path := open(t)
	data := tarball(t, plain("a"), plain("b"))
	if err := dir.Write("shop.tar.gz", bytes.NewReader(data), int64(len(data))); err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Unpack(context.Background(), "shop.tar.gz", "shop", 512); err == nil || !strings.Contains(err.Error(), "more than 512 bytes") {
		t.Errorf("error %v", err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := dir.Unpack(cancelled, "shop.tar.gz", "shop", 1<<20); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	for cut := range len(data) - 1 {
		if err := os.WriteFile(filepath.Join(path, "shop.tar.gz"), data[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := dir.Unpack(context.Background(), "shop.tar.gz", "shop", 1<<20); err == nil {
			t.Fatalf("%d of %d bytes were unpacked", cut, len(data))
		}
	}
	if all := names(t, path); len(all) != 1 {
		t.Errorf("the folder holds %v", all)
	}
}
