package bucketreader

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// ErrNoCluster is what is said of everything that only a cluster has.
var ErrNoCluster = errors.New("only the bucket was read, no cluster")

// Error is a bucket that could not be read.
type Error struct {
	Place string // as people write it
	Err   error
}

// Error names the bucket and why it could not be read.
func (e *Error) Error() string { return "read " + e.Place + ": " + e.Err.Error() }

// Unwrap is the error of the storage.
func (e *Error) Unwrap() error { return e.Err }

// Reader reads the objects of one bucket. It is safe for use by several goroutines.
type Reader struct {
	// place is the location at the prefix of a BackupStorageLocation.
	place backup.Location
	open  func(context.Context) (velero.Bucket, error)

	mu      sync.Mutex
	opened  velero.Bucket
	found   map[backup.Role][]velero.Found // what was listed
	objects map[string]map[string]any      // Backups by name, as far as they were read
}

var (
	_ cluster.Reader       = (*Reader)(nil)
	_ cluster.SchemaReader = (*Reader)(nil)
)

// New makes a reader of a place. Open is called once something is asked for.
func New(place backup.Location, open func(context.Context) (velero.Bucket, error)) *Reader {
	return &Reader{place: place, open: open, found: map[backup.Role][]velero.Found{}, objects: map[string]map[string]any{}}
}

// Info is empty: there is no cluster.
func (r *Reader) Info(context.Context) backup.ClusterInfo { return backup.ClusterInfo{} }

// Discover serves what the bucket holds copies of, and the location that names it.
func (r *Reader) Discover(ctx context.Context) ([]backup.Served, []backup.Gap, error) {
	if _, err := r.list(ctx, backup.RoleBackup); err != nil {
		return nil, nil, err
	}
	locations := served(locations, "BackupStorageLocation")
	locations.ShortNames = []string{"bsl"}
	return []backup.Served{served(backups, "Backup"), served(restores, "Restore"), locations}, nil, nil
}

// The resources of velero.io that a bucket tells of.
const (
	backups   = "backups"
	restores  = "restores"
	locations = "backupstoragelocations"
)

func served(resource, kind string) backup.Served {
	return backup.Served{Group: "velero.io", Version: "v1", Resource: resource, Kind: kind, Namespaced: true, Preferred: true, Verbs: []string{"get", "list"}}
}

// Get reads one object. One that the bucket tells nothing of is not found.
func (r *Reader) Get(ctx context.Context, s backup.Served, namespace, name string) (map[string]any, error) {
	object, err := r.object(ctx, s, namespace, name)
	if err == nil && (object == nil || namespaceOf(object) != namespace) {
		err = apierrors.NewNotFound(schema.GroupResource{Group: s.Group, Resource: s.Resource}, name)
	}
	if err != nil {
		return nil, r.failed(fmt.Sprintf("get %s", s.Ref(namespace, name)), err)
	}
	return object, nil
}

func (r *Reader) object(ctx context.Context, s backup.Served, namespace, name string) (map[string]any, error) {
	switch {
	case s.Group != "velero.io":
	case s.Resource == backups:
		return r.backup(ctx, name)
	case s.Resource == restores:
		return r.restore(ctx, name)
	case s.Resource == locations:
		return r.locationOf(namespace, name), nil
	}
	return nil, ErrNoCluster
}

// failed says what was asked for; that the bucket could not be read it says already.
func (r *Reader) failed(what string, err error) error {
	var unread *Error
	if errors.As(err, &unread) {
		return err
	}
	return &cluster.Error{What: what + " in " + r.place.URL(), Err: err}
}

// List hands on the copies by name. Metadata and pages are not told apart.
func (r *Reader) List(ctx context.Context, s backup.Served, namespace string, options cluster.ListOptions, each func(map[string]any) error) error {
	all, err := r.all(ctx, s, options.FieldSelector)
	var wanted selector
	if err == nil {
		wanted, err = newSelector(namespace, options)
	}
	if err != nil {
		return r.failed("list "+s.Ref("", "").GroupResource(), err)
	}
	for _, object := range all {
		if wanted.matches(object) {
			if err := each(object); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Reader) all(ctx context.Context, s backup.Served, fieldSelector string) ([]map[string]any, error) {
	switch {
	case s.Group != "velero.io":
	case s.Resource == backups:
		return r.backups(ctx, fieldSelector)
	case s.Resource == restores:
		return r.restores(ctx)
	case s.Resource == locations:
		return r.locations(ctx)
	}
	return nil, ErrNoCluster
}

// Schema has the fields that the youngest Backup in the bucket has, whatever is
// asked for: by one of them e-backup is told from Velero.
func (r *Reader) Schema(ctx context.Context, _ backup.Served) (map[string]any, error) {
	found, err := r.list(ctx, backup.RoleBackup)
	if err != nil {
		return nil, err
	}
	for _, f := range slices.Backward(newestLast(found)) {
		if !f.Known {
			continue
		}
		if object, err := r.backup(ctx, f.Name); err == nil {
			return schemaOf(object), nil
		}
	}
	return schemaOf(nil), nil
}

// selector is what a list is narrowed to.
type selector struct {
	namespace string
	labels    labels.Selector
	fields    fields.Selector
}

func newSelector(namespace string, options cluster.ListOptions) (selector, error) {
	byLabel, err := labels.Parse(options.LabelSelector)
	if err != nil {
		return selector{}, fmt.Errorf("label selector: %w", err)
	}
	byField, err := fields.ParseSelector(options.FieldSelector)
	if err != nil {
		return selector{}, fmt.Errorf("field selector: %w", err)
	}
	return selector{namespace: namespace, labels: byLabel, fields: byField}, nil
}

func (s selector) matches(object map[string]any) bool {
	if s.namespace != "" && s.namespace != namespaceOf(object) {
		return false
	}
	set := fields.Set{"metadata.name": text(object, "metadata", "name"), "metadata.namespace": namespaceOf(object)}
	return s.labels.Matches(labels.Set(texts(object, "metadata", "labels"))) && s.fields.Matches(set)
}
