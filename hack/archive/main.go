// Command archive packs files into a .tar.gz or .zip whose bytes depend on
// their contents alone: no owner, no time of the build. A file has its name
// without folders, a folder its own name with all that it holds.
//
//	go run ./hack/archive OUTPUT FILE|FOLDER…
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// epoch is the time of every entry: the earliest that a zip can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: archive OUTPUT FILE|FOLDER…")
		os.Exit(1)
	}
	if err := pack(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func pack(output string, paths []string) (err error) {
	files, err := find(paths)
	if err != nil {
		return err
	}
	out, err := os.Create(output)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	switch {
	case strings.HasSuffix(output, ".zip"):
		return packZip(out, files)
	case strings.HasSuffix(output, ".tar.gz"):
		return packTar(out, files)
	}
	return fmt.Errorf("%s: neither .zip nor .tar.gz", output)
}

// entry is a file and its name in the archive.
type entry struct{ path, name string }

// find lists the files, those of folders by name.
func find(paths []string) ([]entry, error) {
	var out []entry
	for _, path := range paths {
		parent := filepath.Dir(path)
		err := filepath.WalkDir(path, func(file string, found fs.DirEntry, err error) error {
			if err != nil || found.IsDir() {
				return err
			}
			name, err := filepath.Rel(parent, file)
			out = append(out, entry{file, filepath.ToSlash(name)})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// mode lets everybody read, and run what the owner may run.
func mode(file string) (os.FileMode, error) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	if info.Mode()&0o100 != 0 {
		return 0o755, nil
	}
	return 0o644, nil
}

func packTar(out io.Writer, files []entry) error {
	compressed, err := gzip.NewWriterLevel(out, flate.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	for _, file := range files {
		perm, err := mode(file.path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(file.path)
		if err != nil {
			return err
		}
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: file.name, Mode: int64(perm),
			Size: int64(len(content)), ModTime: epoch, Format: tar.FormatUSTAR,
		}
		if err := archive.WriteHeader(header); err != nil {
			return fmt.Errorf("%s: %w", file.path, err)
		}
		if _, err := archive.Write(content); err != nil {
			return fmt.Errorf("%s: %w", file.path, err)
		}
	}
	return errors.Join(archive.Close(), compressed.Close())
}

func packZip(out io.Writer, files []entry) error {
	archive := zip.NewWriter(out)
	for _, file := range files {
		perm, err := mode(file.path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(file.path)
		if err != nil {
			return err
		}
		header := &zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: epoch}
		header.SetMode(perm)
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return fmt.Errorf("%s: %w", file.path, err)
		}
		if _, err := entry.Write(content); err != nil {
			return fmt.Errorf("%s: %w", file.path, err)
		}
	}
	return archive.Close()
}
