package velero

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Served is what Velero's server gives of one backup or restore: for most of its
// files a signed URL, and never a listing. It is a Bucket all the same, in which
// only these files can be found.
type Served struct {
	Layout Layout
	Role   backup.Role
	Name   string
	// Sign asks the server for a URL, which is a secret, by the kind of a DownloadRequest.
	Sign func(ctx context.Context, kind string) (url string, err error)
	// Fetch reads what a URL gives; a file that is not there is fs.ErrNotExist.
	Fetch func(ctx context.Context, url string) (file io.ReadCloser, bytes int64, err error)
}

var (
	errNoListing = errors.New("the server lists no bucket")
	errNotServed = errors.New("the server gives no URL for it")
	errNotBehind = errors.New("its signed URL leads to no object")
)

// Kinds are what a DownloadRequest can ask for of a backup or restore
// (velero@v1.18.3 pkg/apis/velero/v1/download_request_types.go). Older servers know
// fewer: their definition of DownloadRequest refuses the others.
func Kinds(role backup.Role) map[backup.FileRole]string {
	if role == backup.RoleRestore {
		return map[backup.FileRole]string{
			backup.FileLog: "RestoreLog", backup.FileResults: "RestoreResults", backup.FileResources: "RestoreResourceList",
			backup.FileOperations: "RestoreItemOperations", backup.FileVolumes: "RestoreVolumeInfo",
		}
	}
	return map[backup.FileRole]string{
		backup.FileContents: "BackupContents", backup.FileLog: "BackupLog", backup.FileResults: "BackupResults",
		backup.FileResources: "BackupResourceList", backup.FileVolumes: "BackupVolumeInfos", backup.FileSnapshots: "BackupVolumeSnapshots",
		backup.FileOperations: "BackupItemOperations", backup.FileCSISnapshots: "CSIBackupVolumeSnapshots",
		backup.FileCSISnapshotContent: "CSIBackupVolumeSnapshotContents",
	}
}

// List always fails: what was not listed must not look as if it were not there.
func (s *Served) List(context.Context, string, func(backup.StoredObject) error) error {
	return errNoListing
}

// Stat finds one file by opening it; the time of its last change stays unknown.
func (s *Served) Stat(ctx context.Context, key string) (backup.StoredObject, error) {
	file, bytes, err := s.open(ctx, key)
	if err != nil {
		return backup.StoredObject{}, err
	}
	return backup.StoredObject{Key: key, Bytes: bytes}, file.Close()
}

// Open streams one file.
func (s *Served) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	file, _, err := s.open(ctx, key)
	return file, err
}

func (s *Served) open(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	kind, ok := s.kindOf(key)
	if !ok {
		return nil, 0, errNotServed
	}
	url, err := s.Sign(ctx, kind)
	if err != nil {
		return nil, 0, err
	}
	return s.Fetch(ctx, url)
}

// kindOf knows a file by the name under which the server looks for it.
func (s *Served) kindOf(key string) (string, bool) {
	folder, parts := s.Layout.folder(s.Role, s.Name)
	for _, part := range parts {
		if key == folder+part.names(s.Name)[0] {
			kind, ok := Kinds(s.Role)[part.role]
			return kind, ok
		}
	}
	return "", false
}

// ask looks for each of the files that the server gives, in the place of a
// listing. It is false where none could be asked for: the first error is that of all.
func (r *reading) ask(ctx context.Context, served *Served, wanted map[backup.FileRole]bool) bool {
	kinds := Kinds(r.archive.Role)
	errs := make([]error, len(r.parts))
	group := errgroup.Group{}
	group.SetLimit(together)
	for i, part := range r.parts {
		r.archive.Files = append(r.archive.Files, r.fileOf(part, nil))
		switch {
		case kinds[part.role] == "":
			errs[i] = errNotServed
		case wanted != nil && !wanted[part.role]:
			errs[i] = errNotAsked
		}
	}
	for i := range r.parts {
		file := &r.archive.Files[i]
		if errs[i] != nil {
			continue
		}
		group.Go(func() error {
			var found backup.StoredObject
			if found, errs[i] = served.Stat(ctx, file.Key); errs[i] == nil {
				file.State, file.Bytes = backup.FileListed, found.Bytes
			}
			return nil
		})
	}
	_ = group.Wait() // each error is that of its file
	return r.answered(errs)
}

// answered says of each file that was not found whether that is known. It is
// false where every question was left without an answer.
func (r *reading) answered(errs []error) bool {
	asked, answers := 0, 0
	for i, err := range errs {
		file := &r.archive.Files[i]
		switch {
		case err == nil, errors.Is(err, fs.ErrNotExist):
			asked, answers = asked+1, answers+1
			continue
		case errors.Is(err, errNotServed), errors.Is(err, errNotAsked):
		default:
			asked++
			r.archive.Error = cmp.Or(r.archive.Error, err.Error())
		}
		file.State, file.Detail = backup.FileUnlisted, err.Error()
	}
	return answers > 0 || asked == 0
}

// unlisted takes back, at the end, that files are missing: without a listing it
// is only known that a URL of the server led to nothing.
func (r *reading) unlisted() {
	for i := range r.archive.Files {
		if file := &r.archive.Files[i]; file.State == backup.FileMissing && (file.Need != backup.NeedOptional || r.archive.Role == backup.RoleRestore) {
			file.State, file.Detail = backup.FileUnlisted, errNotBehind.Error()
		}
	}
}

// ReadServed reads what Velero's server gives of a backup or restore, as ReadBackup
// and ReadRestore read a bucket. Of a backup the cluster's own object takes the place of
// the stored one. Where the server gave nothing, Error says why, and Server is Failed.
func ReadServed(ctx context.Context, served *Served, options Options) backup.Archive {
	r := newReading(served, served.Layout, served.Role, served.Name, options)
	if err := checkName(served.Name); err != nil {
		r.archive.Listing, r.archive.Error = backup.Failed, err.Error()
		return r.archive
	}
	if !r.ask(ctx, served, nil) {
		r.archive.Listing, r.archive.Server, r.archive.Files = backup.Failed, backup.Failed, nil
		return r.archive
	}
	r.archive.Server, r.archive.Error = backup.Found, ""
	if served.Role == backup.RoleRestore {
		r.readRestore(ctx)
	} else {
		r.archive.Record = recordOf(options.Object)
		r.readBackup(ctx)
	}
	r.unlisted()
	return r.archive
}

// ListServed asks only for the files of some roles, and reads none.
func ListServed(ctx context.Context, served *Served, roles ...backup.FileRole) backup.Archive {
	r := newReading(served, served.Layout, served.Role, served.Name, Options{})
	if err := checkName(served.Name); err != nil {
		r.archive.Listing, r.archive.Error = backup.Failed, err.Error()
		return r.archive
	}
	wanted := map[backup.FileRole]bool{}
	for _, role := range roles {
		wanted[role] = true
	}
	if len(roles) == 0 {
		wanted = nil
	}
	r.archive.Server = backup.Found
	if !r.ask(ctx, served, wanted) {
		r.archive.Listing, r.archive.Server = backup.Failed, backup.Failed
	}
	return r.archive
}
