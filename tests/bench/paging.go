//go:build e2e

package main

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"time"
)

// pagingBucket claims to hold a number of objects under any prefix, and counts
// requests. It stands in for an S3 server that nobody wants to fill first.
type pagingBucket struct {
	objects  int
	requests atomic.Int64
}

type listResult struct {
	XMLName     xml.Name `xml:"ListBucketResult"`
	Name        string
	Prefix      string
	KeyCount    int
	MaxKeys     int
	IsTruncated bool
	Token       string `xml:"NextContinuationToken,omitempty"`
	Contents    []listEntry
}

type listEntry struct {
	Key          string
	Size         int
	LastModified string
	ETag         string
}

func (b *pagingBucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.requests.Add(1)
	query := r.URL.Query()
	w.Header().Set("Content-Type", "application/xml")
	switch {
	case r.Method != http.MethodGet || strings.Count(strings.Trim(r.URL.Path, "/"), "/") > 0:
		w.WriteHeader(http.StatusNotFound) // an object: there is none of that name
	case query.Has("versions"):
		fmt.Fprint(w, `<ListVersionsResult><IsTruncated>false</IsTruncated></ListVersionsResult>`)
	case query.Has("uploads"):
		fmt.Fprint(w, `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`)
	case query.Has("versioning"):
		fmt.Fprint(w, `<VersioningConfiguration/>`)
	case query.Has("location"):
		fmt.Fprint(w, `<LocationConstraint/>`)
	default:
		_ = xml.NewEncoder(w).Encode(b.page(query.Get("prefix"))) // a reader that hangs up is seen by the client
	}
}

// page is the first page of the listing; what lies under a folder is only
// listed for a prefix that ends in a slash.
func (b *pagingBucket) page(prefix string) listResult {
	result := listResult{Name: "bench", Prefix: prefix, MaxKeys: 1000}
	folder := strings.TrimSuffix(prefix, "/") + "/"
	for i := range min(b.objects, result.MaxKeys) {
		result.Contents = append(result.Contents, listEntry{
			Key: fmt.Sprintf("%s1/2_%07d_default.sst", folder, i), Size: 1 << 20,
			LastModified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.RFC3339), ETag: `"0"`,
		})
	}
	result.KeyCount = len(result.Contents)
	result.IsTruncated = b.objects > result.MaxKeys
	if result.IsTruncated {
		result.Token = "next"
	}
	return result
}

// countRequests diagnoses one of the backups against a bucket of so many objects.
func countRequests(ctx context.Context, o options, objects int) (int64, error) {
	bucket := &pagingBucket{objects: objects}
	endpoint := httptest.NewServer(bucket)
	defer endpoint.Close()
	for _, key := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if err := os.Setenv(key, "bench"); err != nil {
			return 0, err
		}
	}
	_, err := execute(ctx, command{
		args: []string{
			o.plugin, "--kubeconfig", os.Getenv("LAB_KUBECONFIG"), "-n", namespace, "diagnose", "backups.pingcap.com/backup-00000",
			"--storage-endpoint", endpoint.URL, "--storage-credentials", "env",
		},
		codes: []int{2, 4},
	})
	if err == nil && bucket.requests.Load() == 0 {
		err = fmt.Errorf("diagnose did not ask the bucket at %s", endpoint.URL)
	}
	return bucket.requests.Load(), err
}
