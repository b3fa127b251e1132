//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/rogpeppe/go-internal/testscript"
)

// s3 works on the lab's S3 server as its owner:
//
//	s3 put BUCKET KEY [BYTES]   s3 rm BUCKET KEY   s3 upload BUCKET KEY
//	s3 ls BUCKET PREFIX         s3 mb BUCKET      s3 age BUCKET KEY DURATION
//	s3 cut BUCKET KEY BYTES     s3 copy BUCKET KEY FILE
//
// `upload` opens a multipart upload and leaves it open. `mb` makes a bucket that
// goes with the script. `age` makes an object, or an open upload, that much older.
// `cut` leaves the first bytes of an object, `copy` writes a file of the script.
func (l *lab) s3(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: s3 put|rm|upload|ls|mb|age|cut|copy BUCKET [KEY] [BYTES|DURATION|FILE]")
	}
	client := s3.New(s3.Options{
		BaseEndpoint: aws.String(l.endpoint), Region: "us-east-1", UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(l.accessKey, l.secretKey, ""),
	})
	ctx, bucket, key := context.Background(), aws.String(args[1]), ""
	if len(args) > 2 {
		key = args[2]
	}
	switch args[0] {
	case "put":
		size := 16
		if len(args) > 3 {
			size, _ = strconv.Atoi(args[3])
		}
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: bytes.NewReader(make([]byte, size))})
		ts.Check(err)
	case "copy":
		if len(args) != 4 {
			ts.Fatalf("usage: s3 copy BUCKET KEY FILE")
		}
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader(ts.ReadFile(args[3]))})
		ts.Check(err)
	case "rm":
		_, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: &key})
		ts.Check(err)
	case "upload":
		_, err := client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: &key})
		ts.Check(err)
	case "mb":
		_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket})
		ts.Check(err)
		ts.Defer(func() { removeBucket(ctx, client, args[1]) })
	case "age":
		if len(args) != 4 {
			ts.Fatalf("usage: s3 age BUCKET KEY DURATION")
		}
		ts.Check(l.age(args[1], key, args[3]))
	case "cut":
		size, err := strconv.ParseInt(args[len(args)-1], 10, 64)
		if len(args) != 4 || err != nil {
			ts.Fatalf("usage: s3 cut BUCKET KEY BYTES")
		}
		ts.Check(os.Truncate(l.stored(args[1], key), size))
	case "ls":
		ts.Check(list(ctx, ts, client, args[1], key))
	default:
		ts.Fatalf("s3: no command %q", args[0])
	}
}

func list(ctx context.Context, ts *testscript.TestScript, client *s3.Client, bucket, prefix string) error {
	var out strings.Builder
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			fmt.Fprintf(&out, "%d %s\n", aws.ToInt64(o.Size), aws.ToString(o.Key))
		}
	}
	_, err := fmt.Fprint(ts.Stdout(), out.String())
	return err
}
