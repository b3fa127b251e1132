package collect_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/system"
)

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tarball(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range files {
		text := `{"metadata":{"name":"x"}}`
		if name == "metadata/version" {
			text = "1.1.0"
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(text))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return zipped(t, b.String())
}

// nightlyFiles are what the bucket holds of one backup; an error of the run
// quotes a password.
func nightlyFiles(t *testing.T) map[string]string {
	return map[string]string{
		"p/backups/nightly/velero-backup.json":            `{"apiVersion":"velero.io/v1","kind":"Backup","metadata":{"name":"nightly","namespace":"velero"},"status":{"phase":"Completed","progress":{"totalItems":2,"itemsBackedUp":2}}}`,
		"p/backups/nightly/nightly.tar.gz":                tarball(t, "metadata/version", "resources/configmaps/namespaces/shop/a.json", "resources/configmaps/namespaces/shop/b.json"),
		"p/backups/nightly/nightly-logs.gz":               zipped(t, "level=info msg=x\n"),
		"p/backups/nightly/nightly-resource-list.json.gz": zipped(t, `{"v1/ConfigMap":["shop/a","shop/b"]}`),
		"p/backups/nightly/nightly-results.gz":            zipped(t, `{"errors":{},"warnings":{"velero":["dial https://root:hunter2@db.example.com: refused"]}}`),
		"p/backups/nightly/nightly-volumeinfo.json.gz":    zipped(t, "[]"),
		"p/restores/back/restore-back-results.gz":         zipped(t, `{"errors":{},"warnings":{}}`),
		"demo/backupmeta":                                 "meta",
		"demo/1/a.sst":                                    "data",
	}
}

// bucketOf is an S3 server with one bucket that holds the files.
func bucketOf(t *testing.T, name string, files map[string]string) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(name); err != nil {
		t.Fatal(err)
	}
	for key, text := range files {
		if _, err := backend.PutObject(name, key, map[string]string{}, strings.NewReader(text), int64(len(text)), nil); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return server.URL
}

// withStorage is a collector that reads the bucket in place of the object's endpoint.
func withStorage(t *testing.T, source *recorded, endpoint string) *collect.Collector {
	t.Helper()
	registry, err := system.Load(system.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return recordedAt }
	live := &collect.LiveStorage{Cluster: source, Options: collect.StorageOptions{Endpoint: endpoint}, Now: now}
	return collect.New(collect.Sources{Cluster: source, Registry: registry, Now: now, Storage: live})
}

func archived(t *testing.T, c *collect.Collector, target collect.Target, depth collect.ArchiveDepth) *backup.Archive {
	t.Helper()
	hit, err := c.Find(context.Background(), target, collect.Scope{Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Brief(context.Background(), hit)
	if err != nil {
		t.Fatal(err)
	}
	c.Archive(context.Background(), &ev, depth)
	return ev.Archive
}

func veleroWithKeys(t *testing.T) *recorded {
	r := velero(t)
	r.secrets = map[string]map[string][]byte{"velero/cloud-credentials": {"cloud": []byte("[default]\naws_access_key_id=AKIATESTTESTTEST\naws_secret_access_key=not-a-secret-value\n")}}
	return r
}

func TestArchiveOfVelero(t *testing.T) {
	c := withStorage(t, veleroWithKeys(t), bucketOf(t, "b", nightlyFiles(t)))
	a := archived(t, c, collect.Target{Name: "nightly"}, collect.ArchiveDepth{})
	if a.Listing != backup.Found || a.System != "velero" || a.Place != "s3://b/p/backups/nightly/" || a.Identity != "Secret velero/cloud-credentials" || a.Vantage != "direct" || a.Endpoint == "" {
		t.Errorf("the archive is %+v", a)
	}
	if a.Record == nil || a.Record.NativePhase != "Completed" || a.Items != nil || a.File(backup.FileContents).State != backup.FileListed {
		t.Errorf("record %+v, items %+v", a.Record, a.Items)
	}
	if len(a.Messages) != 1 || strings.Contains(a.Messages[0].Text, "hunter2") || !strings.Contains(a.Messages[0].Text, "db.example.com") {
		t.Errorf("the messages are %+v, want one without the password", a.Messages)
	}
	for name, depth := range map[string]collect.ArchiveDepth{"small": {Small: true}, "deep": {Deep: true}} {
		a := archived(t, c, collect.Target{Name: "nightly"}, depth)
		if a.Items == nil || a.Items.Total != 2 || a.Log == nil || a.Log.Lines != 1 {
			t.Errorf("%s: items %+v, log %+v; want both read", name, a.Items, a.Log)
		}
	}
}

func TestArchiveOfARestore(t *testing.T) {
	c := withStorage(t, veleroWithKeys(t), bucketOf(t, "b", nightlyFiles(t)))
	a := archived(t, c, collect.Target{Type: "restore", Name: "back"}, collect.ArchiveDepth{})
	if a.Listing != backup.Found || a.Role != backup.RoleRestore || !a.Holds(backup.FileResults) || a.Place != "s3://b/p/restores/back/" {
		t.Errorf("the archive is %+v", a)
	}
}

func TestArchiveOfTiDB(t *testing.T) {
	source := newRecorded(t, "testdata/tidb-stuck")
	source.secrets = map[string]map[string][]byte{"tidb-test/s3-secret": {"access_key": []byte("AKIATESTTESTTEST"), "secret_key": []byte("not-a-secret-value")}}
	c := withStorage(t, source, bucketOf(t, "backup", nightlyFiles(t)))
	hit, err := c.Find(context.Background(), collect.Target{Name: "backup-test"}, collect.Scope{Namespace: "tidb-test"})
	if err != nil {
		t.Fatal(err)
	}
	ev, err := c.Brief(context.Background(), hit)
	if err != nil {
		t.Fatal(err)
	}
	ev.Object.Locations[0].Prefix, ev.Object.Locations[0].Recorded = "elsewhere", "s3://backup/demo/" // the spec was changed since
	c.Archive(context.Background(), &ev, collect.ArchiveDepth{})
	if a := ev.Archive; a.Listing != backup.Found || a.Run == nil || a.Run.Complete == nil || a.Run.Data.Objects != 1 || a.Place != "s3://backup/demo/" {
		t.Errorf("the archive is %+v, run %+v", a, a.Run)
	}
	ev.Object.Locations[0].Object = true
	if c.Archive(context.Background(), &ev, collect.ArchiveDepth{}); ev.Archive.Listing == backup.Found || !strings.Contains(ev.Archive.Error, "Dumpling") {
		t.Errorf("a file of Dumpling: %+v", ev.Archive)
	}
}

// What could not be read is said, and nothing is dialled that need not be.
func TestArchiveThatCannotBeRead(t *testing.T) {
	nobody := velero(t)
	for name, c := range map[string]struct {
		collector *collect.Collector
		target    collect.Target
		says      string
	}{
		"no Secret":      {withStorage(t, nobody, "http://127.0.0.1:1"), collect.Target{Name: "nightly"}, "cloud-credentials"},
		"nobody answers": {withStorage(t, veleroWithKeys(t), "http://127.0.0.1:1"), collect.Target{Name: "nightly"}, "refused"},
		"no location":    {withStorage(t, nobody, ""), collect.Target{Name: "orphan"}, "where it lies is not known: BackupStorageLocation velero/gone does not exist"},
		"never":          {collector(t, nobody), collect.Target{Name: "nightly"}, "storage was not contacted"},
		"no driver":      {collector(t, nobody), collect.Target{Type: "location", Name: "default"}, "backupstoragelocations.velero.io of velero"},
	} {
		t.Run(name, func(t *testing.T) {
			a := archived(t, c.collector, c.target, collect.ArchiveDepth{Deep: true})
			if a.Listing == backup.Found || !strings.Contains(a.Error, c.says) {
				t.Errorf("listing %q, error %q; want it to say %q", a.Listing, a.Error, c.says)
			}
		})
	}
}

func TestArchivesOfMany(t *testing.T) {
	c := withStorage(t, veleroWithKeys(t), bucketOf(t, "b", nightlyFiles(t)))
	hits, gaps, err := c.Hits(context.Background(), collect.Query{All: true})
	if err != nil || len(hits) != 3 || hits[0].Name != "nightly" || hits[1].Name != "orphan" {
		t.Fatalf("hits %+v, gaps %v, error %v", hits, gaps, err)
	}
	hits = append(hits, collect.Hit{Kind: hits[0].Kind, Served: hits[0].Served, Namespace: "velero", Name: "deleted"})
	found := map[int]backup.Lookup{}
	gaps, err = c.Archives(context.Background(), hits, collect.ArchiveDepth{}, func(i int, ev backup.Evidence) { found[i] = ev.Archive.Listing })
	if err != nil || len(gaps) != 0 || len(found) != 3 || found[0] != backup.Found || found[1] == backup.Found {
		t.Errorf("found %v, gaps %v, error %v", found, gaps, err)
	}
}
