package collect

import (
	"context"
	"sync"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// silent remembers the servers that gave no answer, so that of many backups on
// one server only the first ones wait for it.
type silent struct {
	mu  sync.Mutex
	why map[string]string // by server
}

// archive reads the storage of one of many objects, unless its server is known
// to give no answer.
func (s *silent) archive(ctx context.Context, c *Collector, ev *backup.Evidence, depth ArchiveDepth) {
	location, err := archiveLocation(ev.Object)
	if err != nil || c.Storage == nil {
		c.Archive(ctx, ev, depth)
		return
	}
	effective := c.Storage.Effective(location)
	server := effective.Provider + " " + effective.Endpoint + " " + effective.Region
	if effective.Endpoint == "" { // the host may be that of the bucket
		server += " " + effective.Bucket
	}
	s.mu.Lock()
	why, known := s.why[server]
	s.mu.Unlock()
	if known {
		ev.Archive = &backup.Archive{
			System: ev.Object.System, Role: ev.Object.Role, Name: ev.Object.Ref.Name, At: c.Now().UTC(),
			Place: location.URL(), Endpoint: effective.Endpoint, Listing: backup.Failed, Error: why,
		}
		return
	}
	c.Archive(ctx, ev, depth)
	if a := ev.Archive; a.Listing == backup.Failed && unanswered(a.Error) && ctx.Err() == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.why[server] = a.Error
	}
}

// unanswered tells whether an error is that nobody answered.
func unanswered(text string) bool {
	fault := backup.ClassifyStorageError(text)
	return fault != nil && (fault.Reason == backup.ReasonUnreachable || fault.Reason == backup.ReasonTimeout)
}
