//go:build unix

package finalizer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// checkPrivate refuses a folder of somebody else, or one that others may write to.
func checkPrivate(info fs.FileInfo, uid int) error {
	if mode := info.Mode().Perm(); mode&0o022 != 0 {
		return fmt.Errorf("others may write to the folder (mode %04o)", mode)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != uid {
		return fmt.Errorf("the folder belongs to user %d", stat.Uid)
	}
	return nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(root *os.Root) error {
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
