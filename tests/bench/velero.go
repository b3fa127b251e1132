//go:build e2e

package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"
)

// resources is how many objects the backup holds that is described.
const resources = 100_000

const (
	veleroAPI = "/apis/velero.io/v1/namespaces/" + namespace
	folder    = "backups/big/"
)

// veleroBucket holds one large backup: what describes it is there, and of its
// tarball and its log, which nobody may have to read, only the sizes.
type veleroBucket struct{ files map[string][]byte }

// unread are the sizes of the two large files of such a backup.
var unread = map[string]int{"big.tar.gz": 40 << 20, "big-logs.gz": 8 << 20}

func newVeleroBucket() (*veleroBucket, error) {
	b := &veleroBucket{files: map[string][]byte{}}
	object, err := json.Marshal(bigBackup())
	if err != nil {
		return nil, err
	}
	b.files["velero-backup.json"] = object
	for name, content := range map[string]string{
		"results.gz": `{"errors":{},"warnings":{}}`, "volumeinfo.json.gz": "[]", "podvolumebackups.json.gz": "[]",
		"volumesnapshots.json.gz": "[]", "itemoperations.json.gz": "[]", "resource-list.json.gz": "",
	} {
		var packed bytes.Buffer
		zipped := gzip.NewWriter(&packed)
		if content == "" {
			err = writeResourceList(zipped)
		} else {
			_, err = io.WriteString(zipped, content)
		}
		if err = errors.Join(err, zipped.Close()); err != nil {
			return nil, err
		}
		b.files["big-"+name] = packed.Bytes()
	}
	return b, nil
}

// writeResourceList names the objects of ten kinds in a hundred namespaces.
func writeResourceList(w io.Writer) error {
	kinds := []string{"v1/Pod", "v1/ConfigMap", "v1/Secret", "v1/Service", "v1/Event", "apps/v1/Deployment", "apps/v1/ReplicaSet", "batch/v1/Job", "v1/ServiceAccount", "v1/Endpoints"}
	list := map[string][]string{}
	for i := range resources {
		kind := kinds[i%len(kinds)]
		list[kind] = append(list[kind], fmt.Sprintf("team-%03d/application-%05d-7d9c5b8f6d-%05x", i%100, i, i))
	}
	return json.NewEncoder(w).Encode(list)
}

func bigBackup() map[string]any {
	return map[string]any{
		"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": map[string]any{"name": "big", "namespace": namespace},
		"spec": map[string]any{"storageLocation": "default", "ttl": "720h0m0s", "csiSnapshotTimeout": "10m0s", "hooks": map[string]any{}},
		"status": map[string]any{
			"phase": "Completed", "formatVersion": "1.1.0", "version": 1, "startTimestamp": "2026-01-01T01:00:00Z", "completionTimestamp": "2026-01-01T02:00:00Z",
			"expiration": "2126-01-01T01:00:00Z", "progress": map[string]any{"totalItems": resources, "itemsBackedUp": resources}, "hookStatus": map[string]any{},
		},
	}
}

func bigLocation() map[string]any {
	return map[string]any{
		"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation", "metadata": map[string]any{"name": "default", "namespace": namespace},
		"spec": map[string]any{
			"provider": "velero.io/aws", "objectStorage": map[string]any{"bucket": "bench"},
			"config": map[string]any{"region": "us-east-1", "s3ForcePathStyle": "true"},
		},
		"status": map[string]any{"phase": "Available"},
	}
}

func (b *veleroBucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, isFile := strings.CutPrefix(r.URL.Path, "/bench/"+folder)
	switch query := r.URL.Query(); {
	case isFile && b.files[name] != nil:
		_, _ = w.Write(b.files[name]) // a reader that hangs up is seen by the client
	case isFile || strings.Trim(r.URL.Path, "/") != "bench":
		w.WriteHeader(http.StatusNotFound)
	case query.Has("versions"):
		fmt.Fprint(w, `<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>`)
	case query.Has("uploads"):
		fmt.Fprint(w, `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`)
	case query.Has("versioning"):
		fmt.Fprint(w, `<VersioningConfiguration/>`)
	case query.Has("location"):
		fmt.Fprint(w, `<LocationConstraint/>`)
	default:
		_ = xml.NewEncoder(w).Encode(b.list(query.Get("prefix")))
	}
}

func (b *veleroBucket) list(prefix string) listResult {
	result := listResult{Name: "bench", Prefix: prefix, MaxKeys: 1000}
	add := func(name string, size int) {
		if strings.HasPrefix(folder+name, prefix) {
			result.Contents = append(result.Contents, listEntry{Key: folder + name, Size: size, LastModified: "2026-01-01T02:00:00Z", ETag: `"0"`})
		}
	}
	for name, content := range b.files {
		add(name, len(content))
	}
	for name, size := range unread {
		add(name, size)
	}
	result.KeyCount = len(result.Contents)
	return result
}

// signDownloads plays the part of Velero's server for its command: it answers each
// DownloadRequest at once with the address of the file.
func signDownloads(ctx context.Context, s *server, endpoint string) error {
	files := map[string]string{
		"BackupResults": "big-results.gz", "BackupResourceList": "big-resource-list.json.gz", "BackupVolumeInfos": "big-volumeinfo.json.gz",
		"BackupItemOperations": "big-itemoperations.json.gz",
	}
	for ctx.Err() == nil {
		var list struct {
			Items []struct {
				Metadata struct{ Name string }
				Spec     struct{ Target struct{ Kind string } }
				Status   struct{ DownloadURL string }
			}
		}
		_, err := s.call(ctx, http.MethodGet, veleroAPI+"/downloadrequests", nil, func(r io.Reader) error { return json.NewDecoder(r).Decode(&list) })
		for _, item := range list.Items {
			if err != nil || item.Status.DownloadURL != "" {
				continue
			}
			answer := map[string]any{"status": map[string]any{"phase": "Processed", "downloadURL": endpoint + "/bench/" + folder + files[item.Spec.Target.Kind]}}
			err = s.merge(ctx, veleroAPI+"/downloadrequests/"+item.Metadata.Name, answer)
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// details compares describe --details with that of Velero's command, both reading
// the same files from the same server.
func (r report) details(ctx context.Context, l lab, o options) (err error) {
	bucket, err := newVeleroBucket()
	if err != nil {
		return err
	}
	endpoint := httptest.NewServer(bucket)
	defer endpoint.Close()
	s, err := l.connect(ctx)
	if err != nil {
		return err
	}
	if err := firstOf(s.create(ctx, veleroAPI+"/backupstoragelocations", bigLocation()), s.create(ctx, veleroAPI+"/backups", bigBackup())); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	signed := make(chan error, 1)
	go func() { signed <- signDownloads(ctx, s, endpoint.URL) }()
	defer func() {
		stop()
		err = firstOf(err, <-signed, s.removeBig(context.WithoutCancel(ctx)))
	}()
	for _, key := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if err := os.Setenv(key, "bench"); err != nil {
			return err
		}
	}
	ours := []string{
		o.plugin, "--kubeconfig", l.kubeconfig, "-n", namespace, "describe", "backups.velero.io/big", "--details",
		"--storage-endpoint", endpoint.URL, "--storage-credentials", "env",
	}
	costs, err := compare(ctx, o.rounds,
		command{args: []string{l.velero, "--kubeconfig", l.kubeconfig, "-n", namespace, "backup", "describe", "big", "--details"}},
		command{args: ours},
		command{args: append(ours[:len(ours):len(ours)], "--all")},
	)
	if err != nil {
		return err
	}
	r.title(fmt.Sprintf("describe --details of %d resources (budget: 1.00× the time of Velero, 0.50× its memory)", resources))
	r.row("velero backup describe --details", costs[0], costs[0])
	r.row("kubectl backup describe --details", costs[1], costs[0])
	r.row("kubectl backup describe --details --all", costs[2], costs[0])
	return nil
}

// removeBig leaves the namespace as it was.
func (s *server) removeBig(ctx context.Context) error {
	for _, path := range []string{"/backups/big", "/backupstoragelocations/default", "/downloadrequests"} {
		code, err := s.call(ctx, http.MethodDelete, veleroAPI+path, nil, nil)
		if err == nil && code != http.StatusOK {
			err = fmt.Errorf("deleting %s: HTTP %d", path, code)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
