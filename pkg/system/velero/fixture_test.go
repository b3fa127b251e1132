package velero

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"testing"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/memblob"
	"gocloud.dev/gcerrors"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// testAt is when the archives of the tests are read.
func testAt() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// memBucket is a bucket in memory. What is in fail is not given, with that error.
type memBucket struct {
	*blob.Bucket
	fail map[string]error
}

func (b *memBucket) List(ctx context.Context, prefix string, each func(backup.StoredObject) error) error {
	if err := b.fail[prefix]; err != nil {
		return err
	}
	for objects := b.Bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		object, err := objects.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := each(backup.StoredObject{Key: object.Key, Bytes: object.Size, Modified: object.ModTime}); err != nil {
			return err
		}
	}
}

func (b *memBucket) Stat(ctx context.Context, key string) (backup.StoredObject, error) {
	if err := b.fail[key]; err != nil {
		return backup.StoredObject{}, err
	}
	attributes, err := b.Attributes(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return backup.StoredObject{}, fmt.Errorf("object %q: %w", key, fs.ErrNotExist)
	}
	if err != nil {
		return backup.StoredObject{}, err
	}
	return backup.StoredObject{Key: key, Bytes: attributes.Size, Modified: attributes.ModTime}, nil
}

func (b *memBucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := b.fail[key]; err != nil {
		return nil, err
	}
	return b.NewReader(ctx, key, nil)
}

// files are the objects of a bucket by key.
type files map[string][]byte

func (f files) bucket(t testing.TB) *memBucket {
	t.Helper()
	bucket := &memBucket{Bucket: memblob.OpenBucket(nil), fail: map[string]error{}}
	t.Cleanup(func() { _ = bucket.Close() })
	for _, key := range slices.Sorted(maps.Keys(f)) {
		if err := bucket.WriteAll(context.Background(), key, f[key], nil); err != nil {
			t.Fatal(err)
		}
	}
	return bucket
}

// zipped is what Velero's encoder writes (velero@v1.18.3 pkg/util/encode): JSON with
// a newline, compressed.
func zipped(t testing.TB, value any) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := json.NewEncoder(&text).Encode(value); err != nil {
		t.Fatal(err)
	}
	return zippedText(t, text.String())
}

func zippedText(t testing.TB, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := gzip.NewWriter(&out)
	if _, err := io.WriteString(writer, text); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// object is a manifest.
type object = map[string]any

// entry is one file of a tarball.
type entry struct {
	path string
	body any // a string is taken as it is
}

// tarball packs entries behind metadata/version, as Velero does.
func tarball(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := tar.NewWriter(&packed)
	for _, e := range append([]entry{{"metadata/version", "1.1.0"}}, entries...) {
		text, plain := e.body.(string)
		if !plain {
			data, err := json.Marshal(e.body)
			if err != nil {
				t.Fatal(err)
			}
			text = string(data)
		}
		if err := writer.WriteHeader(&tar.Header{Name: e.path, Typeflag: tar.TypeReg, Mode: 0o755, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(writer, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return zippedText(t, packed.String())
}

// inNamespace is an object as Velero packs it: once, and once more by version.
func inNamespace(resource, namespace, name string, body object) []entry {
	if body == nil {
		body = object{}
	}
	metadata, _ := body["metadata"].(object)
	if metadata == nil {
		metadata = object{}
	}
	metadata["namespace"], metadata["name"] = namespace, name
	body["metadata"] = metadata
	return []entry{
		{"resources/" + resource + "/v1-preferredversion/namespaces/" + namespace + "/" + name + ".json", body},
		{"resources/" + resource + "/namespaces/" + namespace + "/" + name + ".json", body},
	}
}

func clusterWide(resource, name string, body object) []entry {
	return []entry{
		{"resources/" + resource + "/v1-preferredversion/cluster/" + name + ".json", body},
		{"resources/" + resource + "/cluster/" + name + ".json", body},
	}
}
