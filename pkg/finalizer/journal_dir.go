package finalizer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// openPrivate opens the journal's folder, and makes it where it is missing. A
// folder that somebody else could write to, or a link to another, is refused:
// the journal would be no proof of anything.
func openPrivate(dir string) (*os.Root, error) {
	if dir == "" {
		return nil, errors.New("no folder is named for the journal")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	link, err := os.Lstat(dir)
	if err != nil {
		return nil, err
	}
	if link.Mode()&fs.ModeSymlink != 0 {
		return nil, fmt.Errorf("%s is a symbolic link", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	info, err := root.Stat(".") // of what was opened, not of what has the name by now
	if err == nil {
		err = checkPrivate(info, os.Geteuid())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", dir, err), root.Close())
	}
	return root, nil
}
