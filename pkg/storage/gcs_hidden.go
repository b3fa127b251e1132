package storage

import (
	"context"

	gcs "google.golang.org/api/storage/v1"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// hidden asks for noncurrent generations, for soft-deleted objects, which a
// bucket keeps for seven days unless its policy says otherwise, and for
// multipart uploads. Resumable uploads are shown to nobody.
func (d *gcsDialect) hidden(seen *sighting) hidden {
	return hidden{
		versions: []question{
			{what: "noncurrent generations", ask: func(ctx context.Context) error { return d.generations(ctx, seen) }},
			{what: "soft-deleted objects", ask: func(ctx context.Context) error { return d.softDeleted(ctx, seen) }},
		},
		uploads: []question{{what: "open uploads", ask: func(ctx context.Context) error { return d.xml.uploads(ctx, seen) }}},
	}
}

// page takes one page of the place with what the call asks for beside current
// objects, and tells whether the list may go on inside the place.
func (d *gcsDialect) page(ctx context.Context, a area, call *gcs.ObjectsListCall) (objects []*gcs.Object, cut bool, err error) {
	listed, err := gcsPage(ctx, call.Prefix(a.listed()).MaxResults(pageSize), d.bucket)
	if err != nil {
		return nil, false, d.refused(err)
	}
	last := ""
	if len(listed.Items) > 0 {
		last = listed.Items[len(listed.Items)-1].Name
	}
	return listed.Items, listed.NextPageToken != "" && a.goesOn(last), nil
}

// generations takes one page. Current ones that the listing did not show were
// written since, or the listing is not to be trusted.
func (d *gcsDialect) generations(ctx context.Context, seen *sighting) error {
	objects, cut, err := d.page(ctx, seen.area, d.objects.List(d.bucket).Versions(true))
	if err != nil {
		return err
	}
	for _, object := range objects {
		bytes := int64(object.Size) //nolint:gosec // no object is that large
		if object.TimeDeleted == "" {
			seen.addObject(backup.StoredObject{Key: object.Name, Bytes: bytes, Modified: gcsTime(object.TimeCreated)})
		} else {
			seen.addOldVersion(object.Name, bytes)
		}
	}
	seen.versionsCut = seen.versionsCut || cut
	return nil
}

func (d *gcsDialect) softDeleted(ctx context.Context, seen *sighting) error {
	objects, cut, err := d.page(ctx, seen.area, d.objects.List(d.bucket).SoftDeleted(true))
	if err != nil {
		return err
	}
	for _, object := range objects {
		if _, inside := seen.area.relative(object.Name); inside && object.SoftDeleteTime == "" {
			return &AnswerError{"the server lists other objects than soft-deleted ones"}
		}
		seen.addOldVersion(object.Name, int64(object.Size)) //nolint:gosec // no object is that large
	}
	seen.versionsCut = seen.versionsCut || cut
	return nil
}
