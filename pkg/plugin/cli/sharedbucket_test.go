package cli

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// Many backups of one bucket are read over as many connections as are used side
// by side, not over some for each of them.
func TestManyBackupsShareConnections(t *testing.T) {
	t.Parallel()
	const backups = 100
	g, flags := served(t, nil)
	store := s3mem.New()
	if err := store.CreateBucket("velero"); err != nil {
		t.Fatal(err)
	}
	for i := range backups {
		name := fmt.Sprintf("b%03d", i)
		object := strings.ReplaceAll(shop, `"shop"`, `"`+name+`"`)
		for _, file := range []string{"velero-backup.json", name + ".tar.gz", name + "-results.gz", name + "-volumeinfo.json.gz"} {
			if _, err := store.PutObject("velero", "prod/backups/"+name+"/"+file, map[string]string{}, strings.NewReader(object), int64(len(object)), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	var connections, requests atomic.Int64
	handler := gofakes3.New(store).Server()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler.ServeHTTP(w, r)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	flags.Endpoint = server.URL
	collector, _, err := g.CollectorFor(flags, nil)
	if err != nil {
		t.Fatal(err)
	}
	collector = collector.Shared()
	hits, _, err := collector.Hits(t.Context(), collect.Query{All: true})
	if err != nil || len(hits) != backups {
		t.Fatalf("%d backups, %v", len(hits), err)
	}
	read := 0
	gaps, err := collector.Archives(t.Context(), hits, collect.ArchiveDepth{Small: true}, func(_ int, ev backup.Evidence) {
		if ev.Archive.Listing == backup.Found {
			read++
		}
	})
	if err != nil || len(gaps) > 0 || read != backups {
		t.Fatalf("%d read, gaps %+v, %v", read, gaps, err)
	}
	t.Logf("%d backups: %d requests over %d connections", backups, requests.Load(), connections.Load())
	if connections.Load() > 32 {
		t.Errorf("%d connections for %d backups", connections.Load(), backups)
	}
}
