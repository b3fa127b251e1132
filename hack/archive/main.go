// Command archive packs files into a .tar.gz or .zip whose bytes depend on
// their contents alone: no owner, no time of the build, names without folders.
//
//	go run ./hack/archive OUTPUT FILE…
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// epoch is the time of every entry: the earliest that a zip can hold.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: archive OUTPUT FILE…")
		os.Exit(1)
	}
	if err := pack(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func pack(output string, files []string) (err error) {
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

func packTar(out io.Writer, files []string) error {
	compressed, err := gzip.NewWriterLevel(out, flate.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	for _, file := range files {
		perm, err := mode(file)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: filepath.Base(file), Mode: int64(perm),
			Size: int64(len(content)), ModTime: epoch, Format: tar.FormatUSTAR,
		}
		if err := archive.WriteHeader(header); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if _, err := archive.Write(content); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return errors.Join(archive.Close(), compressed.Close())
}

func packZip(out io.Writer, files []string) error {
	archive := zip.NewWriter(out)
	for _, file := range files {
		perm, err := mode(file)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		header := &zip.FileHeader{Name: filepath.Base(file), Method: zip.Deflate, Modified: epoch}
		header.SetMode(perm)
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if _, err := entry.Write(content); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return archive.Close()
}
