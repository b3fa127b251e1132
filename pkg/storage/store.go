package storage

import (
	"context"
	"io"
	"strings"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// pageSize is how many keys a page may hold: the most that S3 and Google Cloud
// Storage return at once.
const pageSize = 1000

// store is one bucket as the interface of its provider shows it. It has no
// method that writes. Its errors are a *refusal where the server answered.
type store interface {
	// page lists objects whose key starts with the prefix, in the order of their
	// keys, in one request.
	page(ctx context.Context, q query) (page, error)
	// open starts to read an object; the error is fs.ErrNotExist where there is none.
	open(ctx context.Context, key string) (io.ReadCloser, error)
	// hidden are the questions about what a page does not show; the answers go
	// into the sighting.
	hidden(seen *sighting) hidden
	// address is the server that is asked, as a URL.
	address() string
}

// query asks for one page of objects.
type query struct {
	prefix string
	token  string // of the page before; empty for the first
	keys   int32  // the most that is wanted, at most pageSize
}

// page is one answer to a query. The keys are those of the bucket.
type page struct {
	objects []backup.StoredObject
	next    string // continues the listing; empty at its end
}

// hidden are questions in the order in which they matter. Old versions are
// known only if each of their questions was answered, and so are open uploads.
type hidden struct{ versions, uploads []question }

// question is one look at something that a page does not show.
type question struct {
	what string // "old versions"
	ask  func(context.Context) error
	// otherwise looks for another proof that there is nothing, where asking failed.
	otherwise func(context.Context) (absent bool)
}

// openStore makes the store of a location's provider; it sends nothing.
func openStore(loc backup.Location, creds Credentials, opts Options) (s store, idle func(), err error) {
	switch loc.Provider {
	case backup.ProviderGCS:
		return newGCSStore(loc, creds, opts)
	case backup.ProviderAzure:
		return newAzureStore(loc, creds, opts)
	}
	return newS3Store(loc, creds, opts)
}

// pageOf asks for a page and checks what no provider may do: answer with keys
// that were not asked for, or break off without saying how to go on.
func pageOf(ctx context.Context, s store, q query) (page, error) {
	answer, err := s.page(ctx, q)
	if err != nil {
		return page{}, err
	}
	for _, object := range answer.objects {
		switch {
		case object.Key == "" || object.Modified.IsZero():
			return page{}, &AnswerError{"the listing holds an object without key or time"}
		case !strings.HasPrefix(object.Key, q.prefix):
			return page{}, &AnswerError{"the listing holds keys outside the prefix"}
		}
	}
	if answer.next != "" && answer.next == q.token {
		return page{}, errNoWayOn()
	}
	return answer, nil
}

func errNoWayOn() error { return &AnswerError{"the listing breaks off without a way to go on"} }
