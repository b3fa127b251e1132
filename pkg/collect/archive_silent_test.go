package collect_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
)

// Of many backups on a server that does not answer only the first ones wait for it.
func TestAServerThatGivesNoAnswerIsAskedByFew(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	var dialled atomic.Int64
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			dialled.Add(1)
			_ = connection.(*net.TCPConn).SetLinger(0)
			_ = connection.Close() // as a reset
		}
	}()
	c := withStorage(t, veleroWithKeys(t), "http://"+listener.Addr().String())
	hits, _, err := c.Hits(context.Background(), collect.Query{All: true})
	if err != nil {
		t.Fatal(err)
	}
	one := hits[:1]
	if _, err := c.Archives(context.Background(), one, collect.ArchiveDepth{}, func(int, backup.Evidence) {}); err != nil {
		t.Fatal(err)
	}
	each := dialled.Swap(0)
	many := make([]collect.Hit, 40)
	for i := range many {
		many[i] = hits[0]
	}
	failed := 0
	_, err = c.Archives(context.Background(), many, collect.ArchiveDepth{}, func(_ int, ev backup.Evidence) {
		if ev.Archive.Listing == backup.Failed && ev.Archive.Error != "" && ev.Archive.Place != "" && ev.Archive.Name == "nightly" {
			failed++
		}
	})
	if err != nil || failed != len(many) {
		t.Errorf("%d of %d failed, error %v", failed, len(many), err)
	}
	if got := dialled.Load(); each == 0 || got > 8*each {
		t.Errorf("one backup dials %d times, %d of them %d times", each, len(many), got)
	}
}
