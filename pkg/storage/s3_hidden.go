package storage

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

func (d *s3Dialect) hidden(seen *sighting) hidden {
	return hidden{
		versions: []question{{
			what:      "old versions",
			ask:       func(ctx context.Context) error { return d.versions(ctx, seen) },
			otherwise: func(ctx context.Context) bool { return d.neverVersioned(ctx, seen) },
		}},
		uploads: []question{{what: "open uploads", ask: func(ctx context.Context) error { return d.uploads(ctx, seen) }}},
	}
}

// versions takes one page of versions. Current ones that the listing did not
// show were written since, or the listing is not to be trusted.
func (d *s3Dialect) versions(ctx context.Context, seen *sighting) error {
	out, err := d.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{
		Bucket: aws.String(d.bucket), Prefix: aws.String(seen.area.listed()), MaxKeys: aws.Int32(pageSize),
	}, tries(ctx))
	if err != nil {
		return d.refused(err)
	}
	for _, version := range out.Versions {
		key, bytes := aws.ToString(version.Key), aws.ToInt64(version.Size)
		if aws.ToBool(version.IsLatest) {
			seen.addObject(backup.StoredObject{Key: key, Bytes: bytes, Modified: aws.ToTime(version.LastModified)})
			continue
		}
		seen.addOldVersion(key, bytes)
	}
	for _, marker := range out.DeleteMarkers {
		seen.addDeleteMarker(aws.ToString(marker.Key))
	}
	seen.versionsCut = aws.ToBool(out.IsTruncated) && seen.area.goesOn(aws.ToString(out.NextKeyMarker))
	return nil
}

// neverVersioned settles that there are no old versions in a bucket that never
// had versioning: its status is then absent (Amazon S3 API reference, GetBucketVersioning).
func (d *s3Dialect) neverVersioned(ctx context.Context, seen *sighting) bool {
	answer, err := d.client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String(d.bucket)}, tries(ctx))
	switch {
	case err != nil:
		seen.note("nor can the bucket's versioning be read", d.refused(err))
	case answer.Status == "" && answer.MFADelete == "":
		seen.notes = append(seen.notes, "the bucket has no versioning")
		return true
	default:
		seen.notes = append(seen.notes, "the bucket's versioning is "+oneLine(string(answer.Status)))
	}
	return false
}

// uploads takes one page of multipart uploads that were never finished.
func (d *s3Dialect) uploads(ctx context.Context, seen *sighting) error {
	out, err := d.client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{
		Bucket: aws.String(d.bucket), Prefix: aws.String(seen.area.listed()), MaxUploads: aws.Int32(pageSize),
	}, tries(ctx))
	if err != nil {
		return d.refused(err)
	}
	for _, upload := range out.Uploads {
		seen.addUpload(aws.ToString(upload.Key), aws.ToTime(upload.Initiated))
	}
	seen.uploadsCut = aws.ToBool(out.IsTruncated) && seen.area.goesOn(aws.ToString(out.NextKeyMarker))
	return nil
}

// goesOn tells whether a list that was cut before a key may go on inside the
// place. Keys are in order, so behind another key nothing follows for a single object.
func (a area) goesOn(nextKey string) bool {
	return !a.object || nextKey == "" || !strings.HasPrefix(nextKey, a.prefix) || nextKey == a.prefix
}
