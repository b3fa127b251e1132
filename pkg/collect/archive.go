package collect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/tidb"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// ArchiveDepth says how much is read of what the storage holds of a backup or
// restore. The zero value reads a listing and the lists beside the tarball.
type ArchiveDepth struct {
	// Items also reads the tarball where nothing else says what became of a volume.
	Items bool
	// Log reads the whole log, to count its errors and warnings.
	Log bool
	// Explain reads the log, and the tarball, where errors, warnings or hooks are
	// told of that only these explain.
	Explain bool
	// Small also reads the tarball and the log where they are small.
	Small bool
	// Deep reads every file to its end.
	Deep bool
}

// smallFile is how many bytes a file may have, as stored, to count as small.
const smallFile = 4 << 20

// Archive reads what the storage holds of the target of the evidence and sets
// ev.Archive. What cannot be read is said there: in Listing and Error, or at its file.
func (c *Collector) Archive(ctx context.Context, ev *backup.Evidence, depth ArchiveDepth) {
	archive := c.readArchive(ctx, ev, depth)
	archive.System, archive.Role, archive.Name = ev.Object.System, ev.Object.Role, ev.Object.Ref.Name
	redactArchive(&archive)
	ev.Archive = &archive
}

func (c *Collector) readArchive(ctx context.Context, ev *backup.Evidence, depth ArchiveDepth) backup.Archive {
	blank := backup.Archive{At: c.Now().UTC()}
	driver, err := c.archiveDriver(ctx, ev.Object)
	if err != nil {
		blank.Error = err.Error()
		return blank
	}
	location, err := archiveLocation(ev.Object)
	if err != nil {
		blank.Error = err.Error()
		return blank
	}
	blank.Place = location.URL()
	if c.Storage == nil {
		blank.Error = "storage was not contacted"
		return blank
	}
	location = c.Storage.Effective(location)
	blank.Endpoint = location.Endpoint
	archive, err := c.readPlace(ctx, driver, location, ev, depth)
	if err != nil {
		archive.Listing, archive.Error = backup.Failed, shortError(err)
	}
	if archive.Listing == backup.Failed && c.asksServer(driver) && ctx.Err() == nil {
		archive = c.readServer(ctx, location, ev, depth, archive.Error)
	}
	archive.Place, archive.Endpoint, archive.At = blank.Place, blank.Endpoint, blank.At
	return archive
}

// archiveDriver is what reads the storage of an object, as its profile says.
func (c *Collector) archiveDriver(ctx context.Context, object backup.Object) (string, error) {
	if _, _, err := c.Kinds(ctx); err != nil {
		return "", fmt.Errorf("read what the cluster serves: %s", shortError(err))
	}
	kind := c.kindOf(object.Ref.Group, object.Ref.Resource)
	if kind == nil || kind.Archive() == "" {
		return "", fmt.Errorf("what %s of %s have in storage cannot be read yet", object.Ref.GroupResource(), orUnknown(object.System))
	}
	return kind.Archive(), nil
}

// HasArchive tells whether what the object has in storage can be read.
func (c *Collector) HasArchive(ctx context.Context, object backup.Object) bool {
	_, err := c.archiveDriver(ctx, object)
	return err == nil
}

func orUnknown(system string) string {
	if system == "" {
		return "an unknown system"
	}
	return system
}

// archiveLocation is the place to which the run wrote: what it recorded counts
// more than what the spec says by now.
func archiveLocation(object backup.Object) (backup.Location, error) {
	known := func(l backup.Location) bool { return l.Provider != "" }
	i := slices.IndexFunc(object.Locations, known)
	switch {
	case i < 0 && len(object.Unreadable) > 0:
		return backup.Location{}, fmt.Errorf("where it lies is not known: %s", whyNotPlaced(object.Unreadable))
	case i < 0:
		return backup.Location{}, errors.New("the object names no place in storage")
	}
	location := object.Locations[i]
	scheme, _, _ := strings.Cut(location.URL(), "://")
	if path, same := strings.CutPrefix(location.Recorded, scheme+"://"); same && location.Recorded != location.URL() {
		location.Bucket, location.Prefix, _ = strings.Cut(strings.TrimSuffix(path, "/"), "/")
	}
	return location, nil
}

// whyNotPlaced is why the object that names the place could not be read, or else
// all that could not be.
func whyNotPlaced(unreadable []string) string {
	for _, text := range unreadable { // "locations[0]: related.storage: BackupStorageLocation velero/gone does not exist"
		if _, rest, ok := strings.Cut(text, ": related."); ok && strings.HasPrefix(text, "locations[") {
			_, why, _ := strings.Cut(rest, ": ")
			return why
		}
	}
	return strings.Join(unreadable, "; ")
}

func (c *Collector) readPlace(ctx context.Context, driver string, location backup.Location, ev *backup.Evidence, depth ArchiveDepth) (backup.Archive, error) {
	object := ev.Object
	if driver == system.ArchiveTiDB {
		return c.readTiDB(ctx, location, object)
	}
	root, ok := velero.Root(location.Prefix, object.Role, object.Ref.Name)
	if !ok {
		return backup.Archive{}, fmt.Errorf("prefix %q is none where Velero puts a %s", location.Prefix, object.Role)
	}
	location.Prefix = root // repositories and plugins have their folders beside the backup's
	place, err := c.Storage.Open(ctx, location, object.Ref.Namespace)
	if err != nil {
		return backup.Archive{}, err
	}
	defer func() { _ = place.Close() }()
	read := velero.ReadBackup
	if object.Role == backup.RoleRestore {
		read = velero.ReadRestore
	}
	options := depth.options()
	options.Object = ev.Raw
	archive := read(ctx, impatient{velero.OfPlace(place), stallTime}, velero.Layout{}, object.Ref.Name, options)
	archive.Vantage, archive.Identity = place.Vantage(), place.Identity()
	return archive, nil
}

func (d ArchiveDepth) options() velero.Options {
	options := velero.Options{Contents: velero.ContentsNever, CountLog: d.Log || d.Deep, Explain: d.Explain}
	switch {
	case d.Deep:
		options.Contents = velero.ContentsAlways
	case d.Items:
		options.Contents = velero.ContentsIfNeeded
	}
	if d.Small {
		options.Small = smallFile
	}
	return options
}

func (c *Collector) readTiDB(ctx context.Context, location backup.Location, object backup.Object) (backup.Archive, error) {
	if location.Object {
		return backup.Archive{}, errors.New("the data is one file of Dumpling, into which this tool cannot look")
	}
	place, err := c.Storage.Open(ctx, location, object.Ref.Namespace)
	if err != nil {
		return backup.Archive{}, err
	}
	defer func() { _ = place.Close() }()
	archive := tidb.ReadBackup(ctx, impatientPlace{place}, tidb.Options{Name: object.Ref.Name, Mode: object.Mode, At: c.Now()})
	archive.Vantage, archive.Identity = place.Vantage(), place.Identity()
	return archive, nil
}
