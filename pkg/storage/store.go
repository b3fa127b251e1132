package storage

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"

	"gocloud.dev/blob"
	"gocloud.dev/blob/driver"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// pageSize is how many keys a page may hold: the most that S3 and Google Cloud
// Storage return at once.
const pageSize = 1000

// store is one bucket. gocloud.dev/blob lists and reads it; what is not
// portable is asked of the client that the bucket was made from.
type store struct {
	bucket  reader
	dialect dialect
	address string // the server that is asked, as a URL
	idle    func() // lets go of the connections
}

// reader is the part of gocloud.dev's bucket that only reads.
type reader interface {
	List(opts *blob.ListOptions) *blob.ListIterator
	NewRangeReader(ctx context.Context, key string, offset, length int64, opts *blob.ReaderOptions) (*blob.Reader, error)
	Close() error
}

// dialect is what a provider's client says beside the portable bucket. It has no
// method that writes.
type dialect interface {
	// hidden are the questions about what a listing does not show; the answers
	// go into the sighting.
	hidden(seen *sighting) hidden
	// refused makes a *refusal of an error that is an answer of the server.
	refused(err error) error
}

// query asks for objects.
type query struct {
	prefix string
	keys   int32 // the most that a page may hold, at most pageSize
	all    bool  // not the first page alone
	// folder, where it is set, is called for the folders directly behind the prefix
	// in place of the objects in them: with the whole key and its slash.
	folder func(key string) error
}

func (q query) delimiter() string {
	if q.folder == nil {
		return ""
	}
	return "/"
}

// hidden are questions in the order in which they matter. Old versions are
// known only if each of their questions was answered, and so are open uploads.
type hidden struct{ versions, uploads []question }

// question is one look at something that a listing does not show.
type question struct {
	what string // "old versions"
	ask  func(context.Context) error
	// otherwise looks for another proof that there is nothing, where asking failed.
	otherwise func(context.Context) (absent bool)
}

// openStore makes the store of a location's provider; it sends nothing.
func openStore(loc backup.Location, creds Credentials, opts Options) (*store, error) {
	switch loc.Provider {
	case backup.ProviderGCS:
		return newGCSStore(loc, creds, opts)
	case backup.ProviderAzure:
		return newAzureStore(loc, creds, opts)
	}
	return newS3Store(loc, creds, opts)
}

// errMore ends a listing before its second page.
var errMore = errors.New("there is another page")

// list calls each for the objects whose key starts with the prefix, in the
// order of their keys, and tells whether there are more behind the first page.
// It checks what no server may answer: objects that were not asked for.
func (s *store) list(ctx context.Context, q query, each func(backup.StoredObject) error) (more bool, err error) {
	pages := 0
	items := s.bucket.List(&blob.ListOptions{Prefix: q.prefix, Delimiter: q.delimiter(), BeforeList: func(as func(any) bool) error {
		if pages++; pages > 1 && !q.all {
			return errMore
		}
		var page *driver.ListOptions
		if !as(&page) {
			return errUnsupported
		}
		page.PageSize = int(q.keys)
		return nil
	}})
	for {
		item, err := items.Next(ctx)
		switch {
		case err == io.EOF: //nolint:errorlint // a connection that was closed wraps the same error, and is no end of the list
			return false, nil
		case errors.Is(err, errMore):
			return true, nil
		case err != nil:
			return false, s.dialect.refused(err)
		}
		if err := s.take(q, item, each); err != nil {
			return false, err
		}
	}
}

// take hands over one item of a listing.
func (s *store) take(q query, item *blob.ListObject, each func(backup.StoredObject) error) error {
	switch inside := strings.HasPrefix(item.Key, q.prefix); {
	case item.IsDir && (q.folder == nil || !inside || !strings.HasSuffix(item.Key, "/")):
		return &AnswerError{"the listing holds folders that were not asked for"}
	case item.IsDir:
		return q.folder(item.Key)
	case item.Key == "" || item.ModTime.IsZero():
		return &AnswerError{"the listing holds an object without key or time"}
	case !inside:
		return &AnswerError{"the listing holds keys outside the prefix"}
	}
	return each(backup.StoredObject{Key: item.Key, Bytes: item.Size, Modified: item.ModTime})
}

// open starts to read an object; the error is fs.ErrNotExist where there is none.
func (s *store) open(ctx context.Context, key string) (io.ReadCloser, error) {
	object, err := s.bucket.NewRangeReader(withStream(ctx), key, 0, -1, nil)
	if err == nil {
		return object, nil
	}
	var answer *refusal
	if err = s.dialect.refused(err); errors.As(err, &answer) && answer.objectMissing {
		return nil, fs.ErrNotExist
	}
	return nil, err
}

func (s *store) close() error {
	s.idle()
	return s.bucket.Close()
}

func errNoWayOn() error { return &AnswerError{"the listing breaks off without a way to go on"} }
