package storage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// pageSize is the most that S3 returns at once.
const pageSize = 1000

// once keeps the client from trying again, for a probe counts its requests.
func once(o *s3.Options) { o.RetryMaxAttempts = 1 }

// list takes one page of objects and tells whether there are more.
func (p *probe) list(ctx context.Context, prefix string, keys int32) (cut bool, err error) {
	in := &s3.ListObjectsV2Input{Bucket: aws.String(p.loc.Bucket), MaxKeys: aws.Int32(keys)}
	if prefix != "" {
		in.Prefix = aws.String(prefix)
	}
	page, err := p.client.ListObjectsV2(ctx, in, once)
	if err != nil {
		return false, p.fault(err)
	}
	for _, object := range page.Contents {
		p.seen.addObject(*object.Key, aws.ToInt64(object.Size), *object.LastModified)
	}
	return aws.ToBool(page.IsTruncated), nil
}

// listVersions takes one page of versions. Current ones that the listing did
// not show were written since, or the listing is not to be trusted.
func (p *probe) listVersions(ctx context.Context) error {
	page, err := p.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{
		Bucket: aws.String(p.loc.Bucket), Prefix: aws.String(p.listed()), MaxKeys: aws.Int32(pageSize),
	}, once)
	if err != nil {
		return p.fault(err)
	}
	for _, version := range page.Versions {
		key, bytes := aws.ToString(version.Key), aws.ToInt64(version.Size)
		if aws.ToBool(version.IsLatest) {
			p.seen.addObject(key, bytes, aws.ToTime(version.LastModified))
			continue
		}
		p.seen.addOldVersion(key, bytes)
	}
	for _, marker := range page.DeleteMarkers {
		p.seen.addDeleteMarker(aws.ToString(marker.Key))
	}
	p.seen.versions = backup.Found
	p.seen.versionsCut = aws.ToBool(page.IsTruncated) && p.goesOn(aws.ToString(page.NextKeyMarker))
	return nil
}

// askVersioning settles that there are no old versions in a bucket that never
// had versioning: its status is then absent (Amazon S3 API reference, GetBucketVersioning).
func (p *probe) askVersioning(ctx context.Context) {
	if p.requests.left() == 0 {
		return
	}
	answer, err := p.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String(p.loc.Bucket)}, once)
	switch {
	case err != nil:
		p.note("nor can the bucket's versioning be read", p.fault(err))
	case answer.Status == "" && answer.MFADelete == "":
		p.seen.versions = backup.Absent
		p.seen.notes = append(p.seen.notes, "the bucket has no versioning")
	default:
		p.seen.notes = append(p.seen.notes, "the bucket's versioning is "+oneLine(string(answer.Status)))
	}
}

// listUploads takes one page of multipart uploads that were never finished.
func (p *probe) listUploads(ctx context.Context) error {
	page, err := p.client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{
		Bucket: aws.String(p.loc.Bucket), Prefix: aws.String(p.listed()), MaxUploads: aws.Int32(pageSize),
	}, once)
	if err != nil {
		return p.fault(err)
	}
	for _, upload := range page.Uploads {
		p.seen.addUpload(aws.ToString(upload.Key), aws.ToTime(upload.Initiated))
	}
	p.seen.uploads = backup.Found
	p.seen.uploadsCut = aws.ToBool(page.IsTruncated) && p.goesOn(aws.ToString(page.NextKeyMarker))
	return nil
}

// goesOn tells whether a truncated list may go on inside the place. Keys are in
// order, so behind another key nothing follows for a single object.
func (p *probe) goesOn(nextKey string) bool {
	return !p.object || nextKey == "" || !strings.HasPrefix(nextKey, p.prefix) || nextKey == p.prefix
}
