package cli

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// A bucket behind a private authority is read once its certificate is named.
func TestABucketBehindAPrivateAuthority(t *testing.T) {
	t.Parallel()
	g, flags := served(t, nil)
	backend := s3mem.New()
	if err := backend.CreateBucket("velero"); err != nil {
		t.Fatal(err)
	}
	if _, err := backend.PutObject("velero", "prod/backups/shop/velero-backup.json", map[string]string{}, strings.NewReader(shop), int64(len(shop)), nil); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	flags.Endpoint = server.URL
	for ca, reads := range map[string]bool{"": false, file: true} {
		flags.CA = ca
		look, err := NewLook(g, []string{"shop"}, "", flags)
		if err != nil {
			t.Fatal(err)
		}
		all, err := look.Evidence(t.Context(), collect.Depth{})
		if read := err == nil && len(all) == 1; read != reads || err != nil && !strings.Contains(err.Error(), "certificate") {
			t.Errorf("--storage-ca=%q: %v", ca, err)
		}
	}
}

func TestAFileWithoutCertificatesIsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, flags := range []StorageFlags{{CA: file}, {CA: filepath.Join(t.TempDir(), "none")}, {CA: file, Mode: "never"}} {
		if _, err := flags.Options(); err == nil {
			t.Errorf("%+v: no error", flags)
		}
	}
}
