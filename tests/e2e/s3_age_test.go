//go:build e2e

package e2e

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// age sets back the time of an object, or of the open uploads of a key. The
// lab's server keeps buckets as folders, and its times are those of the files:
// versity/versitygw@v1.8.0 backend/posix.
func (l *lab) age(bucket, key, duration string) error {
	by, err := time.ParseDuration(duration)
	if err != nil {
		return err
	}
	folder := filepath.Join(l.state, "s3", "buckets", bucket)
	uploads := filepath.Join(folder, ".sgwtmp", "multipart", fmt.Sprintf("%x", sha256.Sum256([]byte(key))), "*")
	files, err := filepath.Glob(uploads)
	if err != nil {
		return err
	}
	if len(files) == 0 {
		files = []string{l.stored(bucket, key)}
	}
	then := time.Now().Add(-by)
	for _, file := range files {
		if err := os.Chtimes(file, then, then); err != nil {
			return err
		}
	}
	return nil
}

// stored is the file in which the server keeps an object.
func (l *lab) stored(bucket, key string) string {
	return filepath.Join(l.state, "s3", "buckets", bucket, filepath.FromSlash(key))
}

// removeBucket removes a bucket that a script made. What fails is left to
// `lab down --purge`.
func removeBucket(ctx context.Context, client *s3.Client, bucket string) {
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return
		}
		for _, o := range page.Contents {
			_, _ = client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: o.Key})
		}
	}
	_, _ = client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &bucket})
}
