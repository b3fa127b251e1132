package cluster

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// bigList is a list of 10,000 objects of 2.8 kB each, 28 MB of JSON.
func bigList() []byte {
	var out bytes.Buffer
	out.WriteString(`{"apiVersion":"velero.io/v1","kind":"BackupList","metadata":{"resourceVersion":"1"},"items":[`)
	namespaces := strings.Repeat(`"namespace-with-a-long-name",`, 60)
	for i := range 10000 {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, `{"apiVersion":"velero.io/v1","kind":"Backup","metadata":{"name":"backup-%05d","namespace":"velero","uid":"9c1f7a6e-0000-4000-8000-%012d",
			"creationTimestamp":"2026-11-21T08:00:00Z","labels":{"velero.io/schedule-name":"daily","velero.io/storage-location":"default"},
			"managedFields":[{"manager":"velero-server","operation":"Update","fieldsType":"FieldsV1","fieldsV1":{"f:status":{"f:phase":{},"f:progress":{".":{},"f:itemsBackedUp":{},"f:totalItems":{}}}}}]},
			"spec":{"storageLocation":"default","ttl":"720h0m0s","includedNamespaces":[%s"default"]},
			"status":{"phase":"Completed","version":1,"progress":{"itemsBackedUp":%d,"totalItems":%d},"expiration":"2026-12-21T08:00:00Z"}}`, i, i, namespaces, i, i)
	}
	out.WriteString(`]}`)
	return out.Bytes()
}

func serveBigList(b *testing.B) *Live {
	b.Helper()
	data := bigList()
	live := fakeCluster(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(data)
	}), Options{})
	b.SetBytes(int64(len(data)))
	return live
}

// BenchmarkList reads the big list item by item, as every listing here does.
// The heap that is live while it runs is reported: it must not grow with the list.
func BenchmarkList(b *testing.B) {
	live := serveBigList(b)
	var most uint64
	for b.Loop() {
		items := 0
		err := live.List(b.Context(), backups, "", ListOptions{}, func(map[string]any) error {
			if items++; items%2000 == 0 {
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				most = max(most, stats.HeapAlloc)
			}
			return nil
		})
		if err != nil || items != 10000 {
			b.Fatalf("%d items, %v", items, err)
		}
	}
	b.ReportMetric(float64(most)/(1<<20), "MiB-heap")
}

// BenchmarkBareGet reads the same bytes and looks at none, to compare with.
func BenchmarkBareGet(b *testing.B) {
	live := serveBigList(b)
	for b.Loop() {
		answer, err := live.client.Get().AbsPath("/apis").Stream(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, answer); err != nil {
			b.Fatal(err)
		}
		_ = answer.Close()
	}
}

// TestListHoldsOneItem lists far more bytes than the heap may grow by.
func TestListHoldsOneItem(t *testing.T) {
	item := []byte(`{"spec":{"text":"` + strings.Repeat("x", 1<<20) + `"}},`)
	const items = 100
	live := fakeCluster(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer(w, 200, `{"kind":"BackupList","items":[`)
		for range items - 1 {
			_, _ = w.Write(item)
		}
		_, _ = w.Write(append(bytes.TrimSuffix(item, []byte(",")), "]}"...))
	}), Options{})
	seen, most := 0, uint64(0)
	err := live.List(t.Context(), backups, "", ListOptions{}, func(map[string]any) error {
		seen++
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		most = max(most, stats.HeapAlloc)
		return nil
	})
	if err != nil || seen != items {
		t.Fatalf("%d items, %v", seen, err)
	}
	if limit := uint64(40 << 20); most > limit {
		t.Errorf("%d MiB of heap are live during a list of %d MiB", most>>20, items)
	}
}
