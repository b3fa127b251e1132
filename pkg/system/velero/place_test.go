package velero

import (
	"bytes"
	"maps"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// Through a real S3 interface, below a prefix, comes what a bucket in memory gives.
func TestOfPlace(t *testing.T) {
	t.Parallel()
	backend := s3mem.New()
	if err := backend.CreateBucket("velero"); err != nil {
		t.Fatal(err)
	}
	f := shop(t)
	for _, key := range slices.Sorted(maps.Keys(f)) {
		if _, err := backend.PutObject("velero", "team/a/"+key, map[string]string{}, bytes.NewReader(f[key]), int64(len(f[key])), nil); err != nil {
			t.Fatal(err)
		}
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)

	credentials, err := storage.ParseCredentials(backup.CredentialsRef{Secret: "s", Format: "keyPair", Keys: map[string]string{"id": "id", "secret": "secret"}}, map[string][]byte{"id": []byte("AKIATESTTESTTEST"), "secret": []byte("not-a-secret-value")})
	if err != nil {
		t.Fatal(err)
	}
	location := backup.Location{Provider: backup.ProviderS3, Bucket: "velero", Prefix: "team/a", Endpoint: server.URL, PathStyle: true}
	opened, err := storage.Open(location, credentials, storage.Options{TypedEndpoint: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()

	archive := ReadBackup(t.Context(), OfPlace(opened), Layout{}, "shop", all)
	if archive.Listing != backup.Found || archive.Items == nil || archive.Items.Total != 9 || len(archive.Volumes) != 3 || archive.VolumesRead != backup.Yes {
		t.Errorf("%+v", archive)
	}
	if r := archive.Repositories; len(r) != 1 || r[0].Format != backup.Found || r[0].HasData != backup.Yes {
		t.Errorf("repositories %+v", r)
	}
	var names []string
	if err := Backups(t.Context(), OfPlace(opened), Layout{}, func(found Found) error {
		names = append(names, found.Name)
		return nil
	}); err != nil || !slices.Equal(names, []string{"other", "shop-2", "shop"}) {
		t.Errorf("%q, %v", names, err)
	}
}
