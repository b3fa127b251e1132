package bucketreader

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
)

// files is a bucket in memory.
type files map[string]string

var errDenied = errors.New("AccessDenied")

func (f files) List(_ context.Context, prefix string, each func(backup.StoredObject) error) error {
	for i, key := range slices.Sorted(maps.Keys(f)) {
		if f[key] == "denied" && prefix == "backups/" && key == "backups/" {
			return errDenied
		}
		if strings.HasPrefix(key, prefix) {
			if err := each(backup.StoredObject{Key: key, Bytes: int64(len(f[key])), Modified: time.Date(2026, 11, 1, i, 0, 0, 0, time.UTC)}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f files) Stat(context.Context, string) (backup.StoredObject, error) {
	return backup.StoredObject{}, fs.ErrNotExist
}

func (f files) Open(_ context.Context, key string) (io.ReadCloser, error) {
	text, there := f[key]
	switch {
	case !there:
		return nil, fs.ErrNotExist
	case text == "denied":
		return nil, errDenied
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

func place() backup.Location {
	return backup.Location{Provider: backup.ProviderS3, Bucket: "b", Prefix: "p", Endpoint: "http://s3:9000", PathStyle: true}
}

func reader(f files) *Reader {
	return New(place(), func(context.Context) (velero.Bucket, error) { return f, nil })
}

// shop is a bucket with a backup, one copied by hand, one without its object, and a restore.
func shop() files {
	const object = `{"kind":"Backup","metadata":{"name":"shop","namespace":"velero","labels":{"velero.io/schedule-name":"nightly"},"managedFields":[{}]},` +
		`"spec":{"storageLocation":"prod"},"status":{"phase":"Completed"}}`
	return files{
		"backups/copy/velero-backup.json":      `{"kind":"Backup","metadata":{"name":"other"},"status":{"phase":"Failed"}}`,
		"backups/lost/lost-logs.gz":            "x",
		"backups/shop/shop.tar.gz":             "x",
		"backups/shop/velero-backup.json":      object,
		"restores/back/restore-back-logs.gz":   "x",
		"restores/again/restore-again-logs.gz": "x",
	}
}

func names(t *testing.T, r *Reader, resource, namespace string, options cluster.ListOptions) []string {
	t.Helper()
	got := []string{}
	err := r.List(t.Context(), served(resource, ""), namespace, options, func(item map[string]any) error {
		got = append(got, namespaceOf(item)+"/"+text(item, "metadata", "name")+" "+text(item, "status", "phase"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestList(t *testing.T) {
	t.Parallel()
	r := reader(shop())
	for _, c := range []struct {
		name, resource, namespace string
		options                   cluster.ListOptions
		want                      []string
	}{
		{"all backups", backups, "", cluster.ListOptions{}, []string{"velero/copy Failed", "velero/lost velero-backup.json is missing", "velero/shop Completed"}},
		{"by label", backups, "", cluster.ListOptions{LabelSelector: "velero.io/schedule-name=nightly"}, []string{"velero/shop Completed"}},
		{"by name", backups, "velero", cluster.ListOptions{FieldSelector: "metadata.name=shop"}, []string{"velero/shop Completed"}},
		{"of another namespace", backups, "openshift-adp", cluster.ListOptions{}, []string{}},
		{"restores", restores, "", cluster.ListOptions{}, []string{"velero/again its object was only in the cluster", "velero/back its object was only in the cluster"}},
		{"locations", locations, "", cluster.ListOptions{}, []string{"velero/default ", "velero/prod "}},
	} {
		if got := names(t, r, c.resource, c.namespace, c.options); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	stop := errors.New("stop")
	if err := r.List(t.Context(), served(backups, ""), "", cluster.ListOptions{}, func(map[string]any) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
	for _, options := range []cluster.ListOptions{{LabelSelector: "a in"}, {FieldSelector: "a"}} {
		if err := r.List(t.Context(), served(backups, ""), "", options, nil); err == nil {
			t.Errorf("%+v: no error", options)
		}
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	r := reader(shop())
	object, err := r.Get(t.Context(), served(backups, ""), "velero", "shop")
	if err != nil || text(object, "spec", "storageLocation") != "prod" {
		t.Fatalf("%v, %v", object, err)
	}
	if _, there := part(object, "metadata")["managedFields"]; there {
		t.Error("the copy keeps its managedFields")
	}
	// Its location is this bucket, whatever it was called.
	location, err := r.Get(t.Context(), served(locations, ""), "velero", "prod")
	if err != nil || text(location, "spec", "objectStorage", "bucket") != "b" || text(location, "spec", "objectStorage", "prefix") != "p" || text(location, "spec", "config", "s3ForcePathStyle") != "true" {
		t.Errorf("%v, %v", location, err)
	}
	restore, err := r.Get(t.Context(), served(restores, ""), "velero", "back")
	if err != nil || texts(restore, "metadata", "annotations")[locationAnnotation] != "prod" {
		t.Errorf("%v, %v", restore, err)
	}
	for _, c := range []struct{ resource, namespace, name string }{
		{backups, "velero", "none"}, {backups, "other", "shop"}, {restores, "velero", "none"}, {locations, "velero", "none"},
	} {
		if _, err := r.Get(t.Context(), served(c.resource, ""), c.namespace, c.name); cluster.Lookup(err) != backup.Absent {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// What only a cluster has is not known to be absent.
func TestNoCluster(t *testing.T) {
	t.Parallel()
	r := reader(shop())
	pods := backup.Served{Version: "v1", Resource: "pods", Namespaced: true}
	_, err := r.Get(t.Context(), pods, "velero", "shop")
	if cluster.Lookup(err) != backup.Failed || !errors.Is(err, ErrNoCluster) || !strings.HasSuffix(err.Error(), ErrNoCluster.Error()) {
		t.Errorf("get: %v", err)
	}
	if err := r.List(t.Context(), pods, "", cluster.ListOptions{}, nil); !errors.Is(err, ErrNoCluster) {
		t.Errorf("list: %v", err)
	}
	if info := r.Info(t.Context()); info != (backup.ClusterInfo{}) {
		t.Errorf("%+v", info)
	}
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	all, gaps, err := reader(shop()).Discover(t.Context())
	if err != nil || len(gaps) > 0 || len(all) != 3 {
		t.Errorf("%v, %v, %v", all, gaps, err)
	}
	refused := New(place(), func(context.Context) (velero.Bucket, error) { return nil, errDenied })
	var unread *Error
	if _, _, err := refused.Discover(t.Context()); !errors.As(err, &unread) || !errors.Is(err, errDenied) || unread.Place != "s3://b/p/" {
		t.Errorf("a place that does not open: %v", err)
	}
	if _, err := refused.Get(t.Context(), served(restores, ""), "velero", "x"); !errors.As(err, &unread) {
		t.Errorf("get: %v", err)
	}
	if err := refused.List(t.Context(), served(restores, ""), "", cluster.ListOptions{}, nil); !errors.As(err, &unread) {
		t.Errorf("list: %v", err)
	}
	if _, err := refused.Schema(t.Context(), served(backups, "")); !errors.As(err, &unread) {
		t.Errorf("schema: %v", err)
	}
	if _, _, err := reader(files{"backups/": "denied"}).Discover(t.Context()); !errors.As(err, &unread) {
		t.Errorf("a list that is denied: %v", err)
	}
}

// An object that could not be read is an error; one that is damaged says so.
func TestObjectsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	r := reader(files{"backups/a/velero-backup.json": "denied"})
	var unread *Error
	if _, err := r.Get(t.Context(), served(backups, ""), "velero", "a"); !errors.As(err, &unread) {
		t.Errorf("denied: %v", err)
	}
	if err := r.List(t.Context(), served(backups, ""), "", cluster.ListOptions{}, nil); !errors.As(err, &unread) {
		t.Errorf("denied: %v", err)
	}
	for text, want := range map[string]string{"": "empty", "{": "truncated", "[]": "corrupt", `{"kind":"Pod"}`: "corrupt"} {
		r := reader(files{"backups/a/velero-backup.json": text})
		if got := names(t, r, backups, "", cluster.ListOptions{}); !slices.Equal(got, []string{"velero/a velero-backup.json is " + want}) {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// e-backup is told from Velero by a field that its Backups have.
func TestSchema(t *testing.T) {
	t.Parallel()
	r := reader(files{
		"backups/new/velero-backup.json": `{"kind":"Backup","spec":{"runMode":"Normal"}}`,
		"backups/lost/lost-logs.gz":      "x",
	})
	for _, c := range []struct {
		r    *Reader
		want bool
	}{{r, true}, {reader(shop()), false}, {reader(files{}), false}} {
		schema, err := c.r.Schema(t.Context(), served(backups, ""))
		spec := part(part(part(schema, "properties"), "spec"), "properties")
		if _, has := spec["runMode"]; has != c.want || err != nil {
			t.Errorf("%v, %v", schema, err)
		}
	}
	if got := names(t, reader(files{"restores/r/r-logs.gz": "x"}), restores, "", cluster.ListOptions{}); !slices.Equal(got, []string{"velero/r its object was only in the cluster"}) {
		t.Errorf("a restore alone: %q", got)
	}
}

func TestLocation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		place    backup.Location
		provider string
		config   map[string]string
	}{
		{place(), "aws", map[string]string{"region": "us-east-1", "s3Url": "http://s3:9000", "s3ForcePathStyle": "true"}},
		{backup.Location{Provider: backup.ProviderS3, Bucket: "b", Region: "eu-west-1"}, "aws", map[string]string{"region": "eu-west-1"}},
		{backup.Location{Provider: backup.ProviderGCS, Bucket: "b"}, "gcp", map[string]string{}},
		{backup.Location{Provider: backup.ProviderAzure, Bucket: "b", Endpoint: "https://a.blob.core.windows.net"}, "azure", map[string]string{"storageAccountURI": "https://a.blob.core.windows.net"}},
	} {
		if got := Location(c.place); got.Provider != c.provider || !maps.Equal(got.Config, c.config) || got.Bucket != "b" {
			t.Errorf("%+v", got)
		}
	}
}
