package storage

import (
	"context"
	"errors"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
)

// hidden asks for snapshots, earlier versions and soft-deleted blobs at once,
// and for blobs with blocks that were never committed.
func (d *azureDialect) hidden(seen *sighting) hidden {
	return hidden{
		versions: []question{{what: "snapshots, versions and deleted blobs", ask: func(ctx context.Context) error { return d.versions(ctx, seen) }}},
		uploads:  []question{{what: "uncommitted blocks", ask: func(ctx context.Context) error { return d.uploads(ctx, seen) }}},
	}
}

// page takes one page of the place with what include names beside current
// blobs, and tells whether the list may go on inside the place.
func (d *azureDialect) page(ctx context.Context, a area, include container.ListBlobsInclude) (entries []*container.BlobItem, cut bool, err error) {
	prefix, keys := a.listed(), int32(pageSize)
	answer, err := d.pages(&container.ListBlobsFlatOptions{Include: include, Prefix: &prefix, MaxResults: &keys}).NextPage(ctx)
	if err != nil {
		return nil, false, d.refused(err)
	}
	entries, last := answer.Segment.BlobItems, ""
	if len(entries) > 0 {
		last = d.describe(entries[len(entries)-1]).Key
	}
	return entries, answer.NextMarker != nil && *answer.NextMarker != "" && a.goesOn(last), nil
}

// versions takes one page. Current blobs that the listing did not show were
// written since, or the listing is not to be trusted.
func (d *azureDialect) versions(ctx context.Context, seen *sighting) error {
	entries, cut, err := d.page(ctx, seen.area, container.ListBlobsInclude{Snapshots: true, Versions: true, Deleted: true})
	if err != nil {
		return err
	}
	for _, entry := range entries {
		object := d.describe(entry)
		if isCurrent(entry) {
			seen.addObject(object)
		} else {
			seen.addOldVersion(object.Key, object.Bytes)
		}
	}
	seen.versionsCut = cut
	if d.hierarchical.Load() {
		// List Blobs shows what is deleted there only folder by folder ("showonly").
		return errors.New("an account with a hierarchical namespace shows no deleted blobs below a prefix")
	}
	return nil
}

// isCurrent tells a blob from its snapshots, earlier versions and deleted ones.
func isCurrent(entry *container.BlobItem) bool {
	switch {
	case entry.Deleted != nil && *entry.Deleted, entry.Snapshot != nil && *entry.Snapshot != "":
		return false
	case entry.VersionID == nil || *entry.VersionID == "":
		return true
	}
	return entry.IsCurrentVersion != nil && *entry.IsCurrentVersion
}

// uploads takes one page of current blobs and of those that have no committed
// block. The two look alike but for their length, so what the first listing did
// not show and is empty counts as an upload: as a sign of a writer, if it is young.
func (d *azureDialect) uploads(ctx context.Context, seen *sighting) error {
	entries, cut, err := d.page(ctx, seen.area, container.ListBlobsInclude{UncommittedBlobs: true})
	if err != nil {
		return err
	}
	for _, entry := range entries {
		object := d.describe(entry)
		_, known := seen.current[object.Key]
		switch {
		case known:
		case object.Bytes > 0:
			seen.addObject(object)
		default:
			if object.Modified.IsZero() {
				object.Modified = seen.now
			}
			seen.addUpload(object.Key, object.Modified)
		}
	}
	seen.uploadsCut = cut
	return nil
}
