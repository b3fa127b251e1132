package tidb

import (
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
)

var _ Place = (*storage.Place)(nil)

func testAt() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// objects is a place in memory, by key.
type objects struct {
	data       map[string][]byte
	list, read error
}

func (o objects) List(_ context.Context, each func(backup.StoredObject) error) error {
	for i, key := range slices.Sorted(maps.Keys(o.data)) {
		modified := testAt().Add(time.Duration(i) * time.Second)
		if err := each(backup.StoredObject{Key: key, Bytes: int64(len(o.data[key])), Modified: modified}); err != nil {
			return err
		}
	}
	return o.list
}

func (o objects) Read(_ context.Context, key string, _ int64) ([]byte, error) {
	return o.data[key], o.read
}

func checkpoint(at time.Time) []byte {
	return binary.LittleEndian.AppendUint64(nil, uint64(at.UnixMilli())<<18|7)
}

func TestSnapshotBackup(t *testing.T) {
	t.Parallel()
	archive := ReadBackup(t.Context(), objects{data: map[string][]byte{
		"backupmeta": []byte("meta"), "backupmeta.datafile.000000001": []byte("index"), "backup.lock": []byte("lock"),
		"1/10_2_abc_1_default.sst": []byte("data"), "4_10_2_abc_1_write.sst": nil,
		"checkpoints/backup/checkpoint.lock": []byte("l"), "checkpoints/backup/data/a.cpt": []byte("c"), "checkpoint.meta": []byte("c"),
		"folder/": nil, "README": []byte("?"),
	}}, Options{Name: "b", Mode: "snapshot", Place: "s3://b/p/", At: testAt()})
	run := archive.Run
	if archive.Listing != backup.Found || run.Complete == nil || run.Complete.Bytes != 4 {
		t.Errorf("%+v, %+v", archive, run)
	}
	if run.Data != (backup.Count{Objects: 2, Bytes: 4}) || run.EmptyData.Objects != 1 || run.Checkpoints.Objects != 2 || run.Meta.Objects != 1 || archive.Others.Objects != 2 {
		t.Errorf("%+v, others %+v", run, archive.Others)
	}
	if run.Lock == nil || run.Lock.Key != "checkpoints/backup/checkpoint.lock" {
		t.Errorf("the youngest lock is %+v", run.Lock)
	}
}

func TestLogBackup(t *testing.T) {
	t.Parallel()
	want := testAt().Add(-time.Minute)
	data := map[string][]byte{
		"v1/global_checkpoint/1.ts": checkpoint(want.Add(-time.Hour)), "v1/global_checkpoint/2.ts": checkpoint(want), "v1/global_checkpoint/3.tst": []byte("x"),
		"v1/backupmeta/1.meta": []byte("m"), "v1/20261121/12/1/a.log": []byte("data"), "v1_stream_truncate_safepoint.txt": []byte("1"),
	}
	run := ReadBackup(t.Context(), objects{data: data}, Options{Mode: "log"}).Run
	if run.CheckpointAt == nil || !run.CheckpointAt.Equal(want) || run.Data.Objects != 1 || run.Meta.Objects != 4 || len(run.Unread) != 0 {
		t.Errorf("%+v", run)
	}
	data["v1/global_checkpoint/2.ts"] = []byte("short")
	if run := ReadBackup(t.Context(), objects{data: data}, Options{Mode: "log"}).Run; len(run.Unread) != 1 || !strings.Contains(run.Unread[0], "5 bytes") {
		t.Errorf("%+v", run)
	}
	if run := ReadBackup(t.Context(), objects{data: data, read: errors.New("denied")}, Options{Mode: "log"}).Run; len(run.Unread) != 2 || run.CheckpointAt != nil {
		t.Errorf("%+v", run)
	}
}

func TestListingThatBreaksOff(t *testing.T) {
	t.Parallel()
	archive := ReadBackup(t.Context(), objects{list: errors.New("timeout")}, Options{Mode: "snapshot"})
	if archive.Listing != backup.Failed || archive.Error != "timeout" {
		t.Errorf("%+v", archive)
	}
}
