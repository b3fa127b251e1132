package storage

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob/driver"
)

// s3Driver lets gocloud.dev's portable bucket read through the client of S3.
// gocloud.dev's own driver brings with it what finds Amazon's configuration and
// credentials on a machine, none of which is used here, and rewrites unusual keys.
type s3Driver struct {
	readOnly
	client s3Client
	bucket string
}

// ListPaged implements driver.Bucket.
func (d *s3Driver) ListPaged(ctx context.Context, opts *driver.ListOptions) (*driver.ListPage, error) {
	if err := beforeList(opts); err != nil {
		return nil, err
	}
	in := &s3.ListObjectsV2Input{
		Bucket: aws.String(d.bucket), Prefix: optional(opts.Prefix), Delimiter: optional(opts.Delimiter),
		MaxKeys: aws.Int32(pageKeys(opts)), ContinuationToken: optional(string(opts.PageToken)),
	}
	listed, err := d.client.ListObjectsV2(ctx, in, tries(ctx))
	if err != nil {
		return nil, err
	}
	next := aws.ToString(listed.NextContinuationToken)
	switch {
	case aws.ToString(listed.Name) == "":
		return nil, &AnswerError{"the listing names no bucket"}
	case next == "" && aws.ToBool(listed.IsTruncated), next != "" && next == string(opts.PageToken):
		return nil, errNoWayOn()
	}
	var objects, folders []*driver.ListObject
	for _, object := range listed.Contents {
		objects = append(objects, &driver.ListObject{
			Key: aws.ToString(object.Key), Size: aws.ToInt64(object.Size), ModTime: aws.ToTime(object.LastModified),
		})
	}
	for _, folder := range listed.CommonPrefixes {
		folders = append(folders, &driver.ListObject{Key: aws.ToString(folder.Prefix), IsDir: true})
	}
	return inOrder(objects, folders, next), nil
}

// NewRangeReader implements driver.Bucket for whole objects.
func (d *s3Driver) NewRangeReader(ctx context.Context, key string, offset, length int64, _ *driver.ReaderOptions) (driver.Reader, error) {
	if isPart(offset, length) {
		return nil, errUnsupported
	}
	object, err := d.client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(d.bucket), Key: aws.String(key)})
	if err != nil {
		return nil, err
	}
	return &objectReader{ReadCloser: object.Body, attributes: driver.ReaderAttributes{
		ContentType: aws.ToString(object.ContentType), ModTime: aws.ToTime(object.LastModified), Size: aws.ToInt64(object.ContentLength),
	}}, nil
}

// optional leaves an empty parameter out of a request.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
