package bucketreader

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/fields"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

const (
	// together is how many objects are read at the same time.
	together = 8
	// defaultNamespace is Velero's, for objects that do not say where they were.
	defaultNamespace = "velero"
	// defaultLocation is the name that Velero gives its first location.
	defaultLocation = "default"
)

// bucket opens the place once.
func (r *Reader) bucket(ctx context.Context) (velero.Bucket, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.opened == nil {
		opened, err := r.open(ctx)
		if err != nil {
			return nil, &Error{Place: r.place.URL(), Err: err}
		}
		r.opened = opened
	}
	return r.opened, nil
}

// list finds the folders of all backups or restores, once.
func (r *Reader) list(ctx context.Context, role backup.Role) ([]velero.Found, error) {
	bucket, err := r.bucket(ctx)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if found, listed := r.found[role]; listed {
		return found, nil
	}
	walk := velero.Backups
	if role == backup.RoleRestore {
		walk = velero.Restores
	}
	var found []velero.Found
	err = walk(ctx, bucket, velero.Layout{}, func(f velero.Found) error {
		found = append(found, f)
		return nil
	})
	if err != nil {
		return nil, &Error{Place: r.place.URL(), Err: err}
	}
	r.found[role] = found
	return found, nil
}

// newestLast orders by the youngest file.
func newestLast(found []velero.Found) []velero.Found {
	return slices.SortedStableFunc(slices.Values(found), func(a, b velero.Found) int { return a.Newest.Modified.Compare(b.Newest.Modified) })
}

// backups are the objects of all backups, or of the one that a selector names.
func (r *Reader) backups(ctx context.Context, fieldSelector string) ([]map[string]any, error) {
	found, err := r.list(ctx, backup.RoleBackup)
	if err != nil {
		return nil, err
	}
	if selected, err := fields.ParseSelector(fieldSelector); err == nil {
		if name, named := selected.RequiresExactMatch("metadata.name"); named {
			found = slices.DeleteFunc(slices.Clone(found), func(f velero.Found) bool { return f.Name != name })
		}
	}
	all := make([]map[string]any, len(found))
	group, within := errgroup.WithContext(ctx)
	group.SetLimit(together)
	for i, f := range found {
		group.Go(func() (err error) {
			all[i], err = r.backup(within, f.Name)
			return err
		})
	}
	return all, group.Wait()
}

// backup is the object of one backup, or nil where the bucket has no folder of
// that name. A folder whose object is missing or damaged says so as its phase,
// which is none that Velero knows.
func (r *Reader) backup(ctx context.Context, name string) (map[string]any, error) {
	found, err := r.list(ctx, backup.RoleBackup)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(found, func(f velero.Found) bool { return f.Name == name })
	if at < 0 {
		return nil, nil
	}
	r.mu.Lock()
	object, known := r.objects[name]
	r.mu.Unlock()
	if known {
		return object, nil
	}
	object, err = velero.ReadObject(ctx, r.opened, velero.Layout{}, name)
	switch state := velero.ObjectState(err); {
	case err == nil:
		complete(object, name)
	case state.Damaged() || state == backup.FileMissing || state == backup.FileTooLarge:
		object = withoutObject(found[at], state)
	default:
		return nil, &Error{Place: r.place.URL(), Err: err}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.objects[name] = object
	return object, nil
}

// complete gives a copy what a cluster would have given it. A folder that was
// copied goes by its new name, as Velero's own sync has it.
func complete(object map[string]any, name string) {
	metadata := part(object, "metadata")
	metadata["name"] = name
	if text(object, "metadata", "namespace") == "" {
		metadata["namespace"] = defaultNamespace
	}
	delete(metadata, "managedFields")
	if spec := part(object, "spec"); spec["storageLocation"] == nil || spec["storageLocation"] == "" {
		spec["storageLocation"] = defaultLocation
	}
}

// withoutObject stands for a backup whose own object says nothing.
func withoutObject(found velero.Found, state backup.FileState) map[string]any {
	object := standIn("Backup", found, fmt.Sprintf("velero-backup.json is %s", state))
	complete(object, found.Name)
	return object
}

// standIn is an object of which only the files are known; its phase says why.
func standIn(kind string, found velero.Found, why string) map[string]any {
	return map[string]any{
		"apiVersion": "velero.io/v1", "kind": kind,
		"metadata": map[string]any{
			"name": found.Name, "namespace": defaultNamespace,
			"creationTimestamp": found.Newest.Modified.UTC().Format(time.RFC3339),
		},
		"status": map[string]any{"phase": why},
	}
}
