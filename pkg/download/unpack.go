package download

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// maxEntries is how many files a tarball may have. Velero's largest known have some
// hundred thousand.
const maxEntries = 5_000_000

// Unpacked is what came out of a tarball.
type Unpacked struct {
	Files int64
	Bytes int64
}

// Unpack writes the files of a compressed tarball that is in the folder into a new
// folder beside it. Links, devices and paths that lead out of the folder are
// refused, and so is more than limit bytes altogether. After any error there is
// no folder of that name.
func (d *Dir) Unpack(ctx context.Context, tarball, name string, limit int64) (Unpacked, error) {
	var done Unpacked
	if err := d.Free(name); err != nil {
		return done, err
	}
	file, err := d.root.Open(tarball)
	if err != nil {
		return done, fmt.Errorf("unpack %s: %w", d.Path(tarball), err)
	}
	defer func() { _ = file.Close() }()
	partial := partialName(name)
	if err := d.root.Mkdir(partial, folderMode); err != nil {
		return done, fmt.Errorf("unpack %s: %w", d.Path(tarball), err)
	}
	defer func() { _ = d.root.RemoveAll(partial) }() // there is nothing where it was renamed
	into, err := d.root.OpenRoot(partial)
	if err != nil {
		return done, fmt.Errorf("unpack %s: %w", d.Path(tarball), err)
	}
	done, err = unpack(ctx, file, into, limit)
	if err = errors.Join(err, into.Close()); err != nil {
		return Unpacked{}, fmt.Errorf("unpack %s: %w", d.Path(tarball), err)
	}
	return done, d.rename(partial, name)
}

func unpack(ctx context.Context, from io.Reader, into *os.Root, limit int64) (Unpacked, error) {
	var done Unpacked
	unzipped, err := gzip.NewReader(from)
	if err != nil {
		return done, err
	}
	// The limit is for all that is decompressed, headers included.
	bounded := &bound{from: unzipped, left: limit, limit: limit}
	for entries := tar.NewReader(bounded); ; {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			_, err := io.Copy(io.Discard, bounded) // where the checksum is
			return done, err
		}
		if err != nil {
			return done, err
		}
		if done.Files++; done.Files > maxEntries {
			return done, fmt.Errorf("it has more than %d entries", maxEntries)
		}
		n, err := extract(into, entry, entries)
		if err != nil {
			return done, err
		}
		done.Bytes += n
	}
}

// extract writes one entry.
func extract(into *os.Root, entry *tar.Header, data io.Reader) (int64, error) {
	name := path.Clean(entry.Name)
	if !filepath.IsLocal(filepath.FromSlash(entry.Name)) || !fs.ValidPath(name) {
		return 0, fmt.Errorf("the path %q leads out of the folder", entry.Name)
	}
	switch entry.Typeflag {
	case tar.TypeDir:
		return 0, into.MkdirAll(name, folderMode)
	case tar.TypeReg:
	default:
		return 0, fmt.Errorf("%q is no plain file", entry.Name)
	}
	if err := into.MkdirAll(path.Dir(name), folderMode); err != nil {
		return 0, err
	}
	file, err := into.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(file, data)
	return n, errors.Join(err, file.Close())
}

// bound ends with an error where a limit is crossed.
type bound struct {
	from  io.Reader
	left  int64
	limit int64
}

// Read reads until the limit is crossed.
func (b *bound) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("it holds more than %d bytes", b.limit)
	}
	return n, err
}
