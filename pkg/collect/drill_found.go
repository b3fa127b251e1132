package collect

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
)

// maxMissing is how many names of missing objects are kept of a kind.
const maxMissing = 5

// DrillKinds lists what is in the namespaces of a drill and compares it by name with
// what the backup holds.
func (c *Collector) DrillKinds(ctx context.Context, look *backup.DrillLook) []backup.DrillKind {
	kinds := map[string][]backup.DrillObject{}
	for _, object := range look.Contents.Objects {
		kinds[object.Resource] = append(kinds[object.Resource], object)
	}
	var out []backup.DrillKind
	var mu sync.Mutex
	group := errgroup.Group{}
	group.SetLimit(listers)
	for resource, objects := range kinds {
		group.Go(func() error {
			kind := c.drillKind(ctx, look, resource, objects)
			mu.Lock()
			defer mu.Unlock()
			out = append(out, kind)
			return nil
		})
	}
	_ = group.Wait() // how each reading ended is in its entry
	slices.SortFunc(out, func(a, b backup.DrillKind) int { return cmp.Compare(a.Resource, b.Resource) })
	return out
}

func (c *Collector) drillKind(ctx context.Context, look *backup.DrillLook, resource string, objects []backup.DrillObject) backup.DrillKind {
	kind := backup.DrillKind{Resource: resource, InBackup: int64(len(objects))}
	if i := slices.IndexFunc(look.LeftOut, func(l backup.DrillLeftOut) bool { return l.Resource == resource }); i >= 0 {
		kind.LeftOut = look.LeftOut[i].Why
		return kind
	}
	name, group, _ := strings.Cut(resource, ".")
	served, ok := c.resource(group, name)
	if !ok {
		kind.Read = backup.Read{Lookup: backup.Absent, Error: "this cluster serves no " + resource}
	}
	there := map[string]bool{}
	for _, n := range look.Namespaces {
		if !ok {
			break
		}
		err := c.list(ctx, served, n.To, cluster.ListOptions{Metadata: true}, func(item map[string]any) error {
			there[n.From+"/"+nested(item, "metadata", "name")] = true
			return nil
		})
		if kind.Read = read(ctx, err); err != nil {
			return kind
		}
		kind.Lookup = backup.Found
	}
	for _, object := range objects {
		full := object.Namespace + "/" + object.Name
		switch {
		case there[full]:
			kind.Restored++
		case object.Made || object.Ended:
			kind.Not++
		default:
			kind.Missing++
			if len(kind.Names) < maxMissing {
				kind.Names = append(kind.Names, full)
			}
		}
	}
	return kind
}

// DrillResults reads the errors and warnings of the restore of a drill, and takes
// over what the backup says of the data of its volumes.
func (c *Collector) DrillResults(ctx context.Context, hit Hit, source *backup.Archive, look *backup.DrillLook) {
	found := look.Found
	found.VolumesRead = backup.Unknown
	if source != nil {
		found.VolumesRead = source.VolumesRead
		for _, volume := range source.Volumes {
			if slices.ContainsFunc(look.Namespaces, func(n backup.DrillNamespace) bool { return n.From == volume.Namespace }) {
				found.Volumes = append(found.Volumes, volume)
			}
		}
	}
	ev, err := c.Brief(ctx, hit)
	if err != nil {
		found.MessagesRead = read(ctx, err)
		return
	}
	c.Archive(ctx, &ev, ArchiveDepth{})
	found.Messages, found.MessagesRead = ev.Archive.Messages, backup.Read{Lookup: ev.Archive.Listing, Error: ev.Archive.Error}
}
