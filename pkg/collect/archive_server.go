package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// Signer has the server of a backup system sign URLs for the files of one backup
// or restore. A URL is a secret.
type Signer interface {
	// Sign returns the URL of one kind of file.
	Sign(ctx context.Context, kind string) (url string, err error)
	// Close takes away what asking created, and says itself what of it is left.
	Close()
}

// server are the files of one backup or restore as its system's server gives them.
type server struct {
	*velero.Served
	signer Signer
	mu     sync.Mutex
	way    string // by which the files came
}

// vantage is the way that the files took.
func (s *server) vantage() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.way == "" || s.way == "direct" {
		return throughServer
	}
	return throughServer + " by " + s.way
}

// throughServer is the vantage of files whose URLs the server has signed.
const throughServer = "through Velero's server"

// asksServer tells whether the server is asked where the storage cannot be read.
func (c *Collector) asksServer(driver string) bool {
	return c.Signer != nil && c.Storage != nil && driver == system.ArchiveVelero
}

// server prepares to ask for files. It looks at first whether a server runs that
// could answer: one that is down is not waited for.
func (c *Collector) server(ctx context.Context, ev *backup.Evidence, location backup.Location) (*server, error) {
	object := ev.Object
	if err := c.serverDown(ctx, ev); err != nil {
		return nil, err
	}
	kinds := slices.Sorted(maps.Values(velero.Kinds(object.Role)))
	s := &server{signer: c.Signer(*ev, kinds)}
	s.Served = &velero.Served{Role: object.Role, Name: object.Ref.Name, Sign: s.signer.Sign}
	s.Fetch = func(ctx context.Context, url string) (io.ReadCloser, int64, error) {
		var file *storage.Signed
		stream, err := whileItComes(ctx, stallTime, func(ctx context.Context) (_ io.ReadCloser, err error) {
			file, err = c.Storage.Fetch(ctx, url, location, object.Ref.Namespace)
			return file, err
		})
		if err != nil {
			return nil, 0, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.way = file.Vantage
		return stream, file.Bytes, nil
	}
	return s, nil
}

// serverDown is the error that no server runs which could sign. Where that cannot
// be seen the server is asked all the same.
func (c *Collector) serverDown(ctx context.Context, ev *backup.Evidence) error {
	ref := ev.Object.Ref
	kind := c.kindOf(ref.Group, ref.Resource)
	if kind == nil {
		return nil
	}
	selector, ok := kind.Controller()
	if !ok {
		return nil
	}
	g := &gather{Collector: c, hit: Hit{Kind: kind, Namespace: ref.Namespace, Name: ref.Name}, ev: ev}
	owner, called := backup.Owner{Selector: selector}, cmp.Or(selector.Called, selector.Manager)
	if _, err := g.workloads(ctx, &owner); err != nil {
		return nil //nolint:nilerr // unknown; the server's silence will tell
	}
	if len(owner.Deployments) == 0 {
		return fmt.Errorf("%s cannot be asked: namespace %s has no Deployment of it", called, ref.Namespace)
	}
	for _, d := range owner.Deployments {
		if d.Ready > 0 {
			return nil
		}
	}
	first := owner.Deployments[0]
	return fmt.Errorf("%s cannot be asked: Deployment %s/%s has %d of %d pods ready", called, first.Ref.Namespace, first.Ref.Name, first.Ready, first.Replicas)
}

// readServer reads an archive through the server after storage could not be
// read; both reasons are kept where the server cannot be asked either.
func (c *Collector) readServer(ctx context.Context, location backup.Location, ev *backup.Evidence, depth ArchiveDepth, unread string) backup.Archive {
	failed := func(err error) backup.Archive {
		return backup.Archive{Listing: backup.Failed, Server: backup.Failed, Error: unread, ServerError: shortError(err)}
	}
	s, err := c.server(ctx, ev, location)
	if err != nil {
		return failed(err)
	}
	options := depth.options()
	options.Object = ev.Raw
	archive := velero.ReadServed(ctx, s.Served, options)
	s.signer.Close()
	if !archive.ThroughServer() {
		return failed(errors.New(archive.Error))
	}
	archive.Error, archive.Vantage = unread, s.vantage()
	return archive
}
