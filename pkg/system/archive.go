package system

import (
	"fmt"
	"slices"
)

// The drivers that read what a run left in storage, as `archive` of a profile
// names them. Systems that share a layout share its driver.
const (
	ArchiveVelero = "velero"
	ArchiveTiDB   = "tidb"
)

// Archive is the driver that reads what objects of this kind have in storage;
// empty where none can.
func (k *Kind) Archive() string { return k.reader.spec.Archive }

func (k *KindSpec) validateArchive() error {
	if known := []string{"", ArchiveVelero, ArchiveTiDB}; !slices.Contains(known, k.Archive) {
		return fmt.Errorf("archive: %q is none of %v", k.Archive, known[1:])
	}
	return nil
}
