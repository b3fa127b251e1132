package storage

import (
	"context"
	"errors"
)

// hidden asks for snapshots, earlier versions and soft-deleted blobs at once,
// and for blobs with blocks that were never committed.
func (s *azureStore) hidden(seen *sighting) hidden {
	return hidden{
		versions: []question{{what: "snapshots, versions and deleted blobs", ask: func(ctx context.Context) error { return s.versions(ctx, seen) }}},
		uploads:  []question{{what: "uncommitted blocks", ask: func(ctx context.Context) error { return s.uploads(ctx, seen) }}},
	}
}

// versions takes one page. Current blobs that the listing did not show were
// written since, or the listing is not to be trusted.
func (s *azureStore) versions(ctx context.Context, seen *sighting) error {
	listed, err := s.list(ctx, query{prefix: seen.area.listed(), keys: pageSize}, "snapshots,versions,deleted")
	if err != nil {
		return err
	}
	last := ""
	for _, blob := range listed.Blobs {
		object, err := blob.object()
		if err != nil {
			return err
		}
		if blob.current() {
			seen.addObject(object)
		} else {
			seen.addOldVersion(object.Key, object.Bytes)
		}
		last = object.Key
	}
	seen.versionsCut = listed.NextMarker != "" && seen.area.goesOn(last)
	if s.hierarchical.Load() {
		// List Blobs shows what is deleted there only folder by folder ("showonly").
		return errors.New("an account with a hierarchical namespace shows no deleted blobs below a prefix")
	}
	return nil
}

// uploads takes one page of current blobs and of those that have no committed
// block. The two look alike but for their length, so what the first listing did
// not show and is empty counts as an upload: as a sign of a writer, if it is young.
func (s *azureStore) uploads(ctx context.Context, seen *sighting) error {
	listed, err := s.list(ctx, query{prefix: seen.area.listed(), keys: pageSize}, "uncommittedblobs")
	if err != nil {
		return err
	}
	last := ""
	for _, blob := range listed.Blobs {
		object, err := blob.object()
		if err != nil {
			return err
		}
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
		last = object.Key
	}
	seen.uploadsCut = listed.NextMarker != "" && seen.area.goesOn(last)
	return nil
}
