package backup

import (
	"slices"
	"time"
)

// Archive is what the place of one backup or restore holds, read and decoded. It
// decides nothing. What could not be read says so in Listing, in the State of
// its file, or in VolumesRead; an empty list beside such a state proves nothing.
type Archive struct {
	System string `json:"system"`
	Role   Role   `json:"role"`
	Name   string `json:"name"`
	Place  string `json:"place,omitempty"` // as people write it: "s3://bucket/prefix/backups/nightly/"
	// Endpoint, Vantage and Identity say where, by which way and as whom it was read.
	Endpoint string    `json:"endpoint,omitempty"`
	Vantage  string    `json:"vantage,omitempty"`
	Identity string    `json:"identity,omitempty"`
	At       time.Time `json:"at"`
	// Listing tells whether the place was listed to its end; Error says why not.
	Listing Lookup `json:"listing,omitempty"`
	Error   string `json:"error,omitempty"`
	// Server tells whether the backup system's own server was asked for the files, since
	// the place could not be listed. Found says that they came one by one through it:
	// what it gives no way to is not known.
	Server Lookup `json:"server,omitempty"`
	// ServerError says why it gave none.
	ServerError string `json:"serverError,omitempty"`
	// Files are those that the layout knows, also missing ones; Others are all the rest.
	Files  []ArchiveFile `json:"files,omitempty"`
	Others Count         `json:"others,omitzero"`
	// Record is the object as the storage keeps it; nil where it could not be read.
	Record *ArchiveRecord `json:"record,omitempty"`
	// Items counts what the tarball holds; nil where it was not read.
	Items *ArchiveItems `json:"items,omitempty"`
	// Resources is the system's own list of what it took, by kind.
	Resources []ArchivedKind `json:"resources,omitempty"`
	// Volumes has one entry for each volume that is, or should have been, in the backup.
	Volumes []ArchivedVolume `json:"volumes,omitempty"`
	// VolumesRead tells whether all that speaks of volumes could be read.
	VolumesRead Answer          `json:"volumesRead"`
	Operations  []ItemOperation `json:"operations,omitempty"`
	// Hooks are those that the spec defines, that pods in the backup are annotated with,
	// and that the log speaks of, as far as these were read.
	Hooks        []Hook           `json:"hooks,omitempty"`
	Messages     []ArchiveMessage `json:"messages,omitempty"`
	Log          *ArchiveLog      `json:"log,omitempty"` // only where that was asked for
	Repositories []Repository     `json:"repositories,omitempty"`
	// Run is what systems without files of their own leave: markers and data.
	Run *ArchiveRun `json:"run,omitempty"`
}

// Seen tells whether files of the place were looked at, by a listing or through the server.
func (a *Archive) Seen() bool { return a.Listing == Found || a.ThroughServer() }

// ThroughServer tells whether the files came through the backup system's server.
func (a *Archive) ThroughServer() bool { return a.Server == Found }

// File returns the file of a role, or nil where the layout has none.
func (a *Archive) File(role FileRole) *ArchiveFile {
	for i := range a.Files {
		if a.Files[i].Role == role {
			return &a.Files[i]
		}
	}
	return nil
}

// Holds tells whether the file of a role is there and sound.
func (a *Archive) Holds(role FileRole) bool {
	file := a.File(role)
	return file != nil && file.State == FileSound
}

// FileRole is what a file of an archive is for.
type FileRole string

// The files that archives of Velero have; restores have the last five and the log.
const (
	FileObject             FileRole = "object"
	FileContents           FileRole = "contents"
	FileLog                FileRole = "log"
	FilePodVolumes         FileRole = "pod volume backups"
	FileSnapshots          FileRole = "volume snapshots"
	FileCSISnapshots       FileRole = "CSI volume snapshots"
	FileCSISnapshotContent FileRole = "CSI volume snapshot contents"
	FileCSISnapshotClasses FileRole = "CSI volume snapshot classes"
	FileItemSnapshots      FileRole = "item snapshots"
	FileOperations         FileRole = "item operations"
	FileResources          FileRole = "resource list"
	FileResults            FileRole = "results"
	FileVolumes            FileRole = "volume information"
)

// FileState is how the reading of one file ended.
type FileState string

// The states of a file. Listed and Unread prove nothing about what is in it.
const (
	FileSound     FileState = "sound"
	FileMissing   FileState = "missing"
	FileEmpty     FileState = "empty"     // zero bytes; a compressed list of nothing has 27 or more
	FileTruncated FileState = "truncated" // it ends before its own end
	FileCorrupt   FileState = "corrupt"   // it is not what it should be
	FileTooLarge  FileState = "too large" // larger than this tool reads
	FileUnread    FileState = "unread"    // the storage did not give it
	FileListed    FileState = "listed"    // seen in the listing, and nobody asked for more
	// FileUnlisted is a file of which nothing is known, since the place was not listed.
	FileUnlisted FileState = "not known"
)

// Seen tells whether the file is there, in whatever state.
func (s FileState) Seen() bool { return s != FileMissing && s != FileUnlisted }

// Damaged tells whether the file is there and no good.
func (s FileState) Damaged() bool {
	return s == FileEmpty || s == FileTruncated || s == FileCorrupt
}

// FileNeed is how much depends on a file.
type FileNeed string

// What a missing file means: no restore, something lost that was written, or nothing.
const (
	NeedRequired FileNeed = "required"
	NeedExpected FileNeed = "expected"
	NeedOptional FileNeed = "optional"
)

// ArchiveFile is one file that the layout knows. Bytes are those in the storage.
type ArchiveFile struct {
	Role     FileRole  `json:"role"`
	Key      string    `json:"key"` // relative to the root of the place
	Need     FileNeed  `json:"need"`
	State    FileState `json:"state"`
	Bytes    int64     `json:"bytes,omitempty"`
	Modified time.Time `json:"modified,omitzero"`
	Detail   string    `json:"detail,omitempty"` // why it is not sound
}

// ArchivedKind is the names of one kind in the resource list.
type ArchivedKind struct {
	Kind string `json:"kind"` // group/version/Kind: "apps/v1/Deployment"
	// Names are "namespace/name" or "name"; a restore adds what it did in parentheses.
	Names []string `json:"names"`
}

// ArchiveItems counts the objects in the tarball, each once whatever its versions.
type ArchiveItems struct {
	Format string      `json:"format,omitempty"` // of the tarball: "1.1.0"
	Total  int64       `json:"total"`
	Counts []ItemCount `json:"counts,omitempty"` // by resource, then namespace
}

// ItemCount is the objects of one resource in one namespace.
type ItemCount struct {
	Resource  string `json:"resource"`            // "deployments.apps"
	Namespace string `json:"namespace,omitempty"` // empty for cluster-scoped ones
	Items     int64  `json:"items"`
}

// ItemOperation is one asynchronous operation of a plugin on one object.
type ItemOperation struct {
	ID       string     `json:"id,omitempty"`
	Plugin   string     `json:"plugin"`
	Item     Ref        `json:"item"`
	Phase    Phase      `json:"phase"`
	Native   string     `json:"nativePhase,omitempty"`
	Progress *Progress  `json:"progress,omitempty"`
	Error    string     `json:"error,omitempty"`
	Note     string     `json:"description,omitempty"`
	Created  *time.Time `json:"created,omitempty"`
	Started  *time.Time `json:"started,omitempty"`
	Updated  *time.Time `json:"updated,omitempty"`
	// Then are the objects that are taken again after it.
	Then []Ref `json:"postOperationItems,omitempty"`
}

// ArchiveMessage is one error or warning of the run. Text is untrusted.
type ArchiveMessage struct {
	Severity Severity `json:"severity"`
	Scope    string   `json:"scope"` // "velero", "cluster", or "namespace NAME"
	Text     string   `json:"text"`
	// Line is the line of the log that the message was made of, where it is known.
	Line *LogEntry `json:"line,omitempty"`
}

// ArchiveLog counts the lines of the log by level.
type ArchiveLog struct {
	Lines    int64 `json:"lines"`
	Errors   int64 `json:"errors"`
	Warnings int64 `json:"warnings"`
	// Notable are the first of its errors and warnings, in their order.
	Notable []LogEntry `json:"notable,omitempty"`
}

// Repository is a repository of a file system uploader that volumes of the
// backup lie in, shared with other backups of the same namespace.
type Repository struct {
	Type      string `json:"type"` // "kopia", "restic"
	Namespace string `json:"namespace"`
	Format    Lookup `json:"format"` // whether the file that makes it a repository is there
	HasData   Answer `json:"hasData"`
	Error     string `json:"error,omitempty"`
}

// ServerCanBeAsked tells whether the files could not be read in storage, and a
// server of Velero in the cluster, which nobody asked, could give them.
func (e *Evidence) ServerCanBeAsked() bool {
	a := e.Archive
	if a == nil || a.Listing != Failed || a.Server != NotAsked || e.Object.Ref.Group != "velero.io" {
		return false
	}
	ofBucket := func(l Location) bool { return l.From == "--bucket" }
	return !slices.ContainsFunc(e.Object.Locations, ofBucket)
}
