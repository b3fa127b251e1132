package bucketreader

import (
	"context"
	"slices"
	"strconv"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Location is a place in the words of Velero: the plugin's name without
// "velero.io/", and its config (velero-plugin-for-aws and -microsoft-azure,
// backupstoragelocation.md).
func Location(place backup.Location) backup.BucketLocation {
	l := backup.BucketLocation{Provider: "aws", Bucket: place.Bucket, Prefix: place.Prefix, Config: map[string]string{}}
	add := func(key, value string) {
		if value != "" {
			l.Config[key] = value
		}
	}
	switch place.Provider {
	case backup.ProviderGCS:
		l.Provider = "gcp"
	case backup.ProviderAzure:
		l.Provider = "azure"
		add("storageAccountURI", place.Endpoint)
	default:
		if place.Region == "" && place.Endpoint != "" {
			place.Region = "us-east-1" // the plugin asks only Amazon for the region of a bucket
		}
		add("region", place.Region)
		add("s3Url", place.Endpoint)
		if place.PathStyle {
			add("s3ForcePathStyle", strconv.FormatBool(true))
		}
	}
	return l
}

// named is what a BackupStorageLocation was called in the cluster.
type named struct{ namespace, name string }

func locationIn(object map[string]any) named {
	return named{namespaceOf(object), text(object, "spec", "storageLocation")}
}

// youngest is the location that the youngest backup names.
func (r *Reader) youngest(ctx context.Context) named {
	found, _ := r.list(ctx, backup.RoleBackup) // was listed before
	for _, f := range slices.Backward(newestLast(found)) {
		if object, err := r.backup(ctx, f.Name); err == nil && object != nil {
			return locationIn(object)
		}
	}
	return named{defaultNamespace, defaultLocation}
}

// locations are those that the backups name: all of them are this bucket.
func (r *Reader) locations(ctx context.Context) ([]map[string]any, error) {
	all, err := r.backups(ctx, "")
	if err != nil {
		return nil, err
	}
	var seen []named
	var out []map[string]any
	for _, object := range all {
		if at := locationIn(object); !slices.Contains(seen, at) {
			seen = append(seen, at)
			out = append(out, r.location(at))
		}
	}
	return out, nil
}

// locationOf is the location of a name, if a backup that was read names it.
func (r *Reader) locationOf(namespace, name string) map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := named{namespace, name}
	for _, object := range r.objects {
		if locationIn(object) == at {
			return r.location(at)
		}
	}
	return nil
}

// location is the BackupStorageLocation that a cluster would have for the bucket.
// It has no status: nobody has validated it.
func (r *Reader) location(at named) map[string]any {
	l := Location(r.place)
	config := map[string]any{"endpoint": r.place.Endpoint} // where e-backup has it
	for key, value := range l.Config {
		config[key] = value
	}
	storage := map[string]any{"bucket": r.place.Bucket}
	if r.place.Prefix != "" {
		storage["prefix"] = r.place.Prefix
	}
	return map[string]any{
		"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation",
		"metadata": map[string]any{"name": at.name, "namespace": at.namespace},
		"spec":     map[string]any{"provider": l.Provider, "config": config, "objectStorage": storage},
	}
}
