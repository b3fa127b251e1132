package cli

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	for bucket, want := range map[string]string{
		"s3://b":               "s3://b/",
		"s3://b/p/q/":          "s3://b/p/q/",
		"gs://b/p":             "gs://b/p/",
		"azblob://c/p":         "azblob://c/p/",
		"b/p":                  "",
		"ftp://b":              "",
		"s3://":                "",
		"s3://id:password@b":   "",
		"s3://b:9000/p":        "",
		"s3://b/p?region=x":    "",
		"s3://b/p/../../other": "",
	} {
		place, err := (&StorageFlags{Bucket: bucket}).Place()
		var usage *UsageError
		switch {
		case want == "" && !errors.As(err, &usage):
			t.Errorf("%s: %v, %v", bucket, place, err)
		case want == "" && strings.Contains(err.Error(), "password"):
			t.Errorf("%s: %v", bucket, err)
		case want != "" && (err != nil || place.URL() != want):
			t.Errorf("%s: %s, %v", bucket, place.URL(), err)
		}
	}
}

// Servers that people run themselves want the bucket in the path; some clouds want it in the host.
func TestPathStyle(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]bool{
		"": false, "http://minio.s3.svc:9000": true, "https://10.0.0.1": true,
		"https://s3.eu-west-1.amazonaws.com": false, "https://obs.cn-north-4.myhuaweicloud.com": false,
	} {
		if got := pathStyle(endpoint); got != want {
			t.Errorf("%s: %v", endpoint, got)
		}
	}
}

func TestBucketWantsCredentials(t *testing.T) {
	t.Parallel()
	g := NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test")
	for _, flags := range []StorageFlags{
		{Bucket: "s3://b"},
		{Bucket: "s3://b", Credentials: "env", Mode: "never"},
		{Bucket: "s3://b", Credentials: "guess"},
		{Bucket: "b", Credentials: "env"},
	} {
		if _, _, err := g.CollectorFor(&flags, nil); err == nil {
			t.Errorf("%+v: no error", flags)
		}
		if _, err := g.BucketFolders(t.Context(), &flags); err == nil {
			t.Errorf("%+v: no error", flags)
		}
	}
	if err := (&StorageFlags{Region: "x"}).OnlyWithBucket(); err == nil {
		t.Error("--storage-region without --bucket is taken")
	}
}

// served is a bucket with these objects, and the flags to read it.
func served(t *testing.T, objects map[string]string) (*Globals, *StorageFlags) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("velero"); err != nil {
		t.Fatal(err)
	}
	for key, text := range objects {
		if _, err := backend.PutObject("velero", "prod/"+key, map[string]string{}, strings.NewReader(text), int64(len(text)), nil); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	g := NewGlobals(genericiooptions.NewTestIOStreamsDiscard(), "test")
	g.Home = t.TempDir()
	none := filepath.Join(g.Home, "none")
	if err := os.WriteFile(none, nil, 0o600); err != nil { // a kubeconfig without any cluster
		t.Fatal(err)
	}
	g.Config.KubeConfig = &none
	g.Now = func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
	g.Getenv = func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": "AKIATESTTESTTEST", "AWS_SECRET_ACCESS_KEY": "not-a-secret-value"}[name]
	}
	return g, &StorageFlags{Bucket: "s3://velero/prod", Credentials: "env", Endpoint: server.URL}
}

const shop = `{"kind":"Backup","metadata":{"name":"shop","namespace":"backups","uid":"u"},"spec":{"storageLocation":"s3"},"status":{"phase":"Completed","startTimestamp":"2026-11-20T12:00:00Z"}}`

func TestEvidenceFromABucket(t *testing.T) {
	t.Parallel()
	g, flags := served(t, map[string]string{"backups/shop/velero-backup.json": shop, "restores/back/restore-back-logs.gz": "x", "kopia/x/y": "x"})
	if err := flags.OnlyWithBucket(); err != nil {
		t.Fatal(err)
	}
	look, err := NewLook(g, []string{"shop", "restore/back"}, "", flags)
	if err != nil {
		t.Fatal(err)
	}
	all, err := look.Evidence(t.Context(), collect.Depth{})
	if err != nil {
		t.Fatal(err)
	}
	for i, url := range []string{"s3://velero/prod/backups/shop/", "s3://velero/prod/restores/back/"} {
		ev := all[i]
		if len(ev.Object.Locations) != 1 || ev.Object.Locations[0].URL() != url || ev.Object.Locations[0].Credentials.String() != "--storage-credentials=env" {
			t.Errorf("%s: %+v", url, ev.Object.Locations)
		}
		if len(ev.Gaps) != 1 || len(ev.Object.Needs) > 0 || ev.EventsLookup != backup.NotAsked {
			t.Errorf("%s: gaps %+v, needs %+v", url, ev.Gaps, ev.Object.Needs)
		}
	}
	if all[0].Object.Phase != backup.PhaseCompleted || len(all[0].Recovery) != 4 || all[0].Object.Ref.Namespace != "backups" {
		t.Errorf("%s, %+v", all[0].Object.Phase, all[0].Recovery)
	}
	if all[1].Object.Phase != backup.PhaseUnknown || all[1].Recovery != nil || all[1].Object.Ref.Namespace != "backups" {
		t.Errorf("%s, %+v", all[1].Object.Phase, all[1].Recovery)
	}
	folders, err := g.BucketFolders(t.Context(), flags)
	if want := []string{"backups/", "kopia/", "restores/"}; err != nil || !slices.Equal(folders, want) {
		t.Errorf("%q, %v", folders, err)
	}
}

// e-backup is known by its own field, and its endpoint stands elsewhere.
func TestEBackupFromABucket(t *testing.T) {
	t.Parallel()
	g, flags := served(t, map[string]string{"backups/old/velero-backup.json": `{"kind":"Backup","metadata":{"name":"old","namespace":"velero"},"spec":{"runMode":"Normal","storageLocation":"obs"},"status":{"phase":"Completed"}}`})
	look, err := NewLook(g, []string{"old"}, "", flags)
	if err != nil {
		t.Fatal(err)
	}
	all, err := look.Evidence(t.Context(), collect.Depth{})
	if err != nil {
		t.Fatal(err)
	}
	o := all[0].Object
	if o.System != "e-backup" || len(o.Locations) != 1 || o.Locations[0].URL() != "s3://velero/prod/backups/old/" || o.Locations[0].Endpoint != flags.Endpoint {
		t.Errorf("%s, %+v", o.System, o.Locations)
	}
}

func TestBucketHint(t *testing.T) {
	t.Parallel()
	g, flags := served(t, nil)
	for _, c := range []struct {
		change func(*StorageFlags)
		want   string
	}{
		{func(f *StorageFlags) { f.Bucket = "s3://other" }, "compare the bucket"},
		{func(f *StorageFlags) { f.Endpoint = "http://127.0.0.1:1" }, "--storage-endpoint names the server"},
		{func(f *StorageFlags) { f.Credentials = "profile:none" }, "name other credentials"},
	} {
		changed := *flags
		c.change(&changed)
		collector, _, err := g.CollectorFor(&changed, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = collector.Kinds(t.Context())
		if got := BucketHint(err); !IsBucketError(err) || !strings.HasPrefix(got, c.want) {
			t.Errorf("%v: %q, want %q", err, got, c.want)
		}
	}
	if BucketHint(bytes.ErrTooLarge) != "" || IsBucketError(bytes.ErrTooLarge) {
		t.Error("another error has a hint")
	}
}
