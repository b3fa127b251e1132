package download

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// Folders and files are for their owner alone: a backup holds Secrets.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// Dir is the folder that is written to.
type Dir struct {
	root *os.Root
	name string
}

// ExistsError is a name that is taken: nothing is replaced.
type ExistsError struct{ Path string }

// Error names the path.
func (e *ExistsError) Error() string { return fmt.Sprintf("%s is there already", e.Path) }

// Open makes the folder if it is not there. Its parents have to be.
func Open(name string) (*Dir, error) {
	if err := os.Mkdir(name, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the folder: %w", err)
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	return &Dir{root: root, name: name}, nil
}

// Close lets go of the folder.
func (d *Dir) Close() error { return d.root.Close() }

// Path is where a file of the folder is, for a person.
func (d *Dir) Path(name string) string { return path.Join(d.name, name) }

// Free is an *ExistsError where the name is taken, or not the name of one file.
func (d *Dir) Free(name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	switch _, err := d.root.Lstat(name); {
	case err == nil:
		return &ExistsError{Path: d.Path(name)}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("look for %s: %w", d.Path(name), err)
	}
	return nil
}

// checkName refuses what is not the plain name of one file.
func checkName(name string) error {
	hidden := strings.HasPrefix(name, ".") // the names of files that are not whole yet
	if name == "" || hidden || strings.ContainsAny(name, "/\\:\x00") || !fs.ValidPath(name) {
		return fmt.Errorf("%q is not the name of a file", name)
	}
	return nil
}

// Write copies a stream of exactly so many bytes into a new file. An *ExistsError
// is a name that is taken; after any error there is no file of that name.
func (d *Dir) Write(name string, from io.Reader, size int64) (err error) {
	if err := d.Free(name); err != nil {
		return err
	}
	partial := partialName(name)
	file, err := d.root.OpenFile(partial, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return fmt.Errorf("write %s: %w", d.Path(name), err)
	}
	defer func() { _ = d.root.Remove(partial) }() // with a link to it, it has its final name as well
	written, err := io.Copy(file, io.LimitReader(from, size+1))
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", d.Path(name), err)
	}
	if written != size {
		return fmt.Errorf("write %s: the storage lists %d bytes and sends %s", d.Path(name), size, amount(written, size))
	}
	return d.publish(partial, name)
}

func amount(written, size int64) string {
	if written > size {
		return "more"
	}
	return fmt.Sprint(written)
}

// publish gives a file its final name, in one step that fails where the name is taken.
func (d *Dir) publish(partial, name string) error {
	err := d.root.Link(partial, name)
	switch {
	case errors.Is(err, fs.ErrExist):
		return &ExistsError{Path: d.Path(name)}
	case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.EPERM):
		return d.rename(partial, name) // a file system without links
	case err != nil:
		return fmt.Errorf("name %s: %w", d.Path(name), err)
	}
	return nil
}

func (d *Dir) rename(partial, name string) error {
	if err := d.Free(name); err != nil {
		return err
	}
	if err := d.root.Rename(partial, name); err != nil {
		return fmt.Errorf("name %s: %w", d.Path(name), err)
	}
	return nil
}

// partialName is what a file or folder is called until it is whole.
func partialName(name string) string { return "." + name + ".partial-" + rand.Text()[:8] }
