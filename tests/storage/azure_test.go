package storage

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/streaming"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/sas"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

// TestAzure runs against Azurite, which verifies signatures as Azure does. It
// keeps no versions and no deleted blobs.
func TestAzure(t *testing.T) {
	contract(t, func(t *testing.T) server { s, _ := newContainer(t); return s })
}

func TestAzureUncommittedBlocks(t *testing.T) {
	s, client := newContainer(t)
	id := base64.StdEncoding.EncodeToString([]byte("block-1"))
	blob := client.NewBlockBlobClient("demo/1/a.sst")
	if _, err := blob.StageBlock(t.Context(), id, streaming.NopCloser(strings.NewReader("x")), nil); err != nil {
		t.Fatal(err)
	}
	v := s.open(t, "demo", nil).Probe(t.Context())
	if v.Class != backup.VerdictResidue || v.OpenUploads.Objects != 1 || v.FreshLock != "1/a.sst" || v.Current.Objects != 0 {
		t.Errorf("a young block: got %s, %+v, lock %q (%s)", v.Class, v.OpenUploads, v.FreshLock, v.Detail)
	}
	v = s.open(t, "demo", later).Probe(t.Context())
	if v.Class != backup.VerdictResidue || v.FreshLock != "" {
		t.Errorf("an old block: got %s, lock %q (%s)", v.Class, v.FreshLock, v.Detail)
	}
}

// TestAzureSnapshots: Azurite deletes a blob only together with its snapshots,
// so the blob itself is a lock, which is no data.
func TestAzureSnapshots(t *testing.T) {
	s, client := newContainer(t)
	s.put("demo/backup.lock")
	blob := client.NewBlockBlobClient("demo/backup.lock")
	if _, err := blob.CreateSnapshot(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	v := s.open(t, "demo", later).Probe(t.Context())
	if v.Class != backup.VerdictResidue || v.OldVersions.Objects != 1 || v.Versions != backup.Found {
		t.Errorf("got %s, %+v (%s)", v.Class, v.OldVersions, v.Detail)
	}
}

func TestAzureCredentials(t *testing.T) {
	s, client := newContainer(t)
	s.put("demo/1.sst", "demo/a b")
	where := startAzurite(t)
	other := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 64)))
	cases := []struct {
		name   string
		data   map[string]string
		want   backup.VerdictClass
		reason backup.UnknownReason
	}{
		{"connection string", map[string]string{"connection": "AccountName=" + account + ";AccountKey=" + where.key + ";BlobEndpoint=" + where.url}, backup.VerdictPartial, ""},
		{"another key", map[string]string{"account": account, "key": other}, backup.VerdictUnknown, backup.ReasonCredentials},
		{"signature to list and read", map[string]string{"sas": signature(t, client, sas.ContainerPermissions{List: true, Read: true}, time.Hour)}, backup.VerdictPartial, ""},
		{"signature to read only", map[string]string{"sas": signature(t, client, sas.ContainerPermissions{Read: true}, time.Hour)}, backup.VerdictUnknown, backup.ReasonDenied},
		{"signature that is over", map[string]string{"sas": signature(t, client, sas.ContainerPermissions{List: true}, -time.Minute)}, backup.VerdictUnknown, backup.ReasonCredentials},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := s
			s.credentials = azureCredentials(t, c.data)
			place := s.open(t, "demo", nil)
			v := place.Probe(t.Context())
			if v.Class != c.want || v.Reason != c.reason {
				t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
			}
			if data, err := place.Read(t.Context(), "a b", 5); c.want == backup.VerdictPartial && string(data) != "x" {
				t.Errorf("Read: %q, %v", data, err)
			}
			if text := fmt.Sprint(v); strings.Contains(text, where.key) || strings.Contains(text, "sig=") {
				t.Error("a secret is shown")
			}
		})
	}
}

// newContainer makes a container of the test's own and a client that fills it.
func newContainer(t *testing.T) (server, *container.Client) {
	t.Helper()
	where := startAzurite(t)
	credential, err := container.NewSharedKeyCredential(account, where.key)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("c%d", time.Now().UnixNano())
	client, err := container.NewClientWithSharedKeyCredential(where.url+"/"+name, credential, nil)
	if err == nil {
		_, err = client.Create(t.Context(), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return server{
		put:         func(keys ...string) { upload(t, client, keys...) },
		location:    backup.Location{Provider: backup.ProviderAzure, Bucket: name, Endpoint: where.url},
		credentials: azureCredentials(t, map[string]string{"account": account, "key": where.key}),
		options:     storage.Options{TypedEndpoint: true},
		nothing:     backup.VerdictEmpty,
		leftovers:   backup.VerdictResidue,
	}, client
}

func upload(t *testing.T, client *container.Client, keys ...string) {
	t.Helper()
	for _, key := range keys {
		content := "x"
		if strings.HasSuffix(key, "/") {
			content = ""
		}
		if _, err := client.NewBlockBlobClient(key).Upload(t.Context(), streaming.NopCloser(strings.NewReader(content)), nil); err != nil {
			t.Fatal(err)
		}
	}
}

func azureCredentials(t *testing.T, data map[string]string) storage.Credentials {
	t.Helper()
	ref := backup.CredentialsRef{Namespace: "tidb", Secret: "azure", Format: "azureKey", Keys: map[string]string{}}
	values := map[string][]byte{}
	for role, value := range data {
		ref.Keys[role], values[role] = role, []byte(value)
	}
	creds, err := storage.ParseCredentials(ref, values)
	if err != nil {
		t.Fatal(err)
	}
	return creds
}

// signature is a shared access signature of the container.
func signature(t *testing.T, client *container.Client, may sas.ContainerPermissions, life time.Duration) string {
	t.Helper()
	start := time.Now().Add(-time.Hour)
	address, err := client.GetSASURL(may, time.Now().Add(life), &container.GetSASURLOptions{StartTime: &start})
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(address, "?")
	return query
}
