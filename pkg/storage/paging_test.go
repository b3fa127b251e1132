package storage

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// hugeBucket is a fake: it claims any number of objects without holding them,
// numbered data files first and a few named keys behind them, all below demo/.
// It answers lists of objects as S3 does and denies everything else.
type hugeBucket struct {
	files    int
	fileName string // with one %07d
	behind   []string
	modified time.Time
	requests atomic.Int32
}

type listPage struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	Name                  string
	Prefix                string
	IsTruncated           bool
	NextContinuationToken string `xml:",omitempty"`
	Contents              []listEntry
}

type listEntry struct {
	Key          string
	LastModified time.Time
	Size         int64
}

func (h *hugeBucket) key(i int) string {
	if i < h.files {
		return "demo/" + fmt.Sprintf(h.fileName, i)
	}
	return "demo/" + h.behind[i-h.files]
}

func (h *hugeBucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.requests.Add(1)
	query := r.URL.Query()
	if !query.Has("list-type") {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprint(w, `<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`)
		return
	}
	_ = xml.NewEncoder(w).Encode(h.page(query))
}

func (h *hugeBucket) page(query url.Values) listPage {
	prefix, keys := query.Get("prefix"), 1000
	if n, err := strconv.Atoi(query.Get("max-keys")); err == nil {
		keys = n
	}
	total := h.files + len(h.behind)
	start := sort.Search(total, func(i int) bool { return h.key(i) >= prefix })
	if token := query.Get("continuation-token"); token != "" {
		start, _ = strconv.Atoi(token)
	}
	page := listPage{Name: testBucket, Prefix: prefix}
	for i := start; i < total && strings.HasPrefix(h.key(i), prefix); i++ {
		if len(page.Contents) == keys {
			page.IsTruncated, page.NextContinuationToken = true, strconv.Itoa(i)
			break
		}
		page.Contents = append(page.Contents, listEntry{h.key(i), h.modified, 2})
	}
	return page
}

func TestProbeCostsTheSameHoweverMany(t *testing.T) {
	cases := []struct {
		name    string
		files   int
		file    string
		behind  []string
		age     time.Duration
		want    backup.VerdictClass
		reason  backup.UnknownReason
		lock    string
		atLeast bool
	}{
		{name: "nothing", want: backup.VerdictHidden, age: time.Hour},
		{name: "one object", files: 1, file: "1/%07d.sst", want: backup.VerdictPartial, age: time.Hour},
		{name: "a million without marker", files: 1_000_000, file: "1/%07d.sst", want: backup.VerdictPartial, age: time.Hour, atLeast: true},
		{name: "a million and the marker behind them", files: 1_000_000, file: "1/%07d.sst", behind: []string{"backupmeta"},
			want: backup.VerdictComplete, age: time.Hour, atLeast: true},
		{name: "a million and a fresh lock behind them", files: 1_000_000, file: "1/%07d.sst", behind: []string{"backup.lock"},
			want: backup.VerdictPartial, lock: "backup.lock", atLeast: true},
		{name: "a million checkpoints and then nothing", files: 1_000_000, file: "checkpoints/data/%07d.cpt",
			want: backup.VerdictUnknown, reason: backup.ReasonCutShort, age: time.Hour, atLeast: true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bucket := &hugeBucket{files: c.files, fileName: c.file, behind: c.behind, modified: testNow().Add(-c.age)}
			server := newFake(t, bucket.ServeHTTP)
			v := probeTest(t, testLocation(server.URL, "demo"))
			if v.Class != c.want || v.Reason != c.reason || v.FreshLock != c.lock || v.Current.AtLeast != c.atLeast {
				t.Errorf("got %s/%s, lock %q, %+v (%s)", v.Class, v.Reason, v.FreshLock, v.Current, v.Detail)
			}
			if sent := int(bucket.requests.Load()); sent != v.Requests || sent != maxProbeRequests {
				t.Errorf("the server got %d requests, the verdict says %d, want %d", sent, v.Requests, maxProbeRequests)
			}
		})
	}
}

// TestProbeOpenMarker: where the requests do not reach all places of the
// marker, data is not called Partial.
func TestProbeOpenMarker(t *testing.T) {
	for _, complete := range [][]string{{"**/done"}, {"a", "b", "c", "d", "e", "f"}} {
		bucket := &hugeBucket{files: 5000, fileName: "1/%07d.sst", modified: testNow().Add(-time.Hour)}
		loc := testLocation(newFake(t, bucket.ServeHTTP).URL, "demo")
		loc.Markers.Complete = complete
		v := probeTest(t, loc)
		if v.Class != backup.VerdictData || !strings.Contains(v.Detail, "not looked for everywhere") {
			t.Errorf("%v: got %s (%s)", complete, v.Class, v.Detail)
		}
	}
}

// TestProbeFindsMarkerBehindResidue: a first page of residue alone does not hide
// the marker of a finished backup.
func TestProbeFindsMarkerBehindResidue(t *testing.T) {
	bucket := &hugeBucket{files: 5000, fileName: "checkpoints/%07d", behind: []string{"meta/1/done"}, modified: testNow().Add(-time.Hour)}
	loc := testLocation(newFake(t, bucket.ServeHTTP).URL, "demo")
	loc.Markers.Complete = []string{"meta/*/done"}
	if v := probeTest(t, loc); v.Class != backup.VerdictComplete {
		t.Errorf("got %s/%s (%s)", v.Class, v.Reason, v.Detail)
	}
}

func TestSummarizeManyPages(t *testing.T) {
	bucket := &hugeBucket{files: 25_000, fileName: "1/%07d.sst", behind: []string{"backupmeta"}, modified: testNow()}
	place := openTest(t, testLocation(newFake(t, bucket.ServeHTTP).URL, "demo"), Options{})
	got := place.Summarize(t.Context(), 5)
	if !got.Complete || got.Total != (backup.Count{Objects: 25_001, Bytes: 50_002}) {
		t.Fatalf("got %+v", got)
	}
	if len(got.Groups) != 2 || got.Groups[0].Name != "1/" || got.Groups[1].Name != "backupmeta" {
		t.Errorf("groups %+v", got.Groups)
	}
}
