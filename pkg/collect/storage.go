package collect

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// storageTime is how long all looks at the places of one target may take
// together; what is not known by then is unknown.
const storageTime = 30 * time.Second

// StorageSource looks into the places that objects name. It reads only.
type StorageSource interface {
	// Effective is the location with what a flag replaces; Overridden names it.
	Effective(backup.Location) backup.Location
	// Probe answers whether the place is empty, in a constant number of requests.
	Probe(ctx context.Context, location backup.Location, namespace string) backup.StorageVerdict
	// Contents counts everything in the place, page by page.
	Contents(ctx context.Context, location backup.Location, namespace string) backup.Contents
	// Open opens the place for reading; nothing is sent to it yet.
	Open(ctx context.Context, location backup.Location, namespace string) (*storage.Place, error)
	// Fetch reads the file behind a URL that somebody has signed, by the same way.
	// Of the location only the certificates count.
	Fetch(ctx context.Context, signed string, location backup.Location, namespace string) (*storage.Signed, error)
}

// storage looks into each location of the target. Each verdict has its slot, so
// that a location which was not looked at stays visibly unknown.
func (g *gather) storage(ctx context.Context) {
	locations := g.ev.Object.Locations
	g.ev.Storage = make([]backup.StorageVerdict, len(locations))
	if g.depth.Contents {
		g.ev.Contents = make([]backup.Contents, len(locations))
	}
	ctx, cancel := context.WithTimeout(ctx, storageTime)
	defer cancel()
	var wg sync.WaitGroup
	for i, location := range locations {
		wg.Go(func() {
			if !g.depth.Storage || g.Storage == nil || g.depth.Removal && g.ev.Object.Role != backup.RoleBackup {
				g.ev.Storage[i] = NotLooked(location, g.Now())
				return
			}
			location = g.Storage.Effective(location)
			g.ev.Storage[i] = g.Storage.Probe(ctx, location, g.hit.Namespace)
			if g.depth.Contents && g.ev.Storage[i].Class != backup.VerdictUnknown {
				g.ev.Contents[i] = g.Storage.Contents(ctx, location, g.hit.Namespace)
			}
		})
	}
	wg.Wait()
}

// NotLooked is the verdict on a place that nobody contacted.
func NotLooked(location backup.Location, now time.Time) backup.StorageVerdict {
	return backup.StorageVerdict{
		Class: backup.VerdictUnknown, Reason: backup.ReasonNotLooked, Location: location, At: now.UTC(),
		Detail: "storage was not contacted",
	}
}

// places are the target's locations as it names them and as flags change them.
func (g *gather) places() []backup.Location {
	out := slices.Clone(g.ev.Object.Locations)
	if g.Storage != nil {
		for _, l := range g.ev.Object.Locations {
			out = append(out, g.Storage.Effective(l))
		}
	}
	return out
}
