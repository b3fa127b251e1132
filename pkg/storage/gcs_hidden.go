package storage

import (
	"context"
	"encoding/xml"
	"net/url"
	"strconv"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// hidden asks for noncurrent generations, for soft-deleted objects, which a
// bucket keeps for seven days unless its policy says otherwise, and for
// multipart uploads. Resumable uploads are shown to nobody.
func (s *gcsStore) hidden(seen *sighting) hidden {
	return hidden{
		versions: []question{
			{what: "noncurrent generations", ask: func(ctx context.Context) error { return s.generations(ctx, seen, "versions") }},
			{what: "soft-deleted objects", ask: func(ctx context.Context) error { return s.generations(ctx, seen, "softDeleted") }},
		},
		uploads: []question{{what: "open uploads", ask: func(ctx context.Context) error { return s.uploads(ctx, seen) }}},
	}
}

// generations takes one page. Current ones that the listing did not show were
// written since, or the listing is not to be trusted.
func (s *gcsStore) generations(ctx context.Context, seen *sighting, option string) error {
	items, next, err := s.list(ctx, query{prefix: seen.area.listed(), keys: pageSize}, option)
	if err != nil {
		return err
	}
	last := ""
	for _, item := range items {
		_, inside := seen.area.relative(item.Name)
		switch {
		case inside && option == "softDeleted" && item.SoftDeleted.IsZero():
			return &AnswerError{"the server lists other objects than soft-deleted ones"}
		case option == "versions" && item.TimeDeleted.IsZero():
			seen.addObject(backup.StoredObject{Key: item.Name, Bytes: item.bytes(), Modified: item.TimeCreated})
		default:
			seen.addOldVersion(item.Name, item.bytes())
		}
		last = item.Name
	}
	seen.versionsCut = seen.versionsCut || next != "" && seen.area.goesOn(last)
	return nil
}

// gcsUploads is the list of multipart uploads (Cloud Storage XML API, "List multipart uploads").
type gcsUploads struct {
	XMLName     xml.Name `xml:"ListMultipartUploadsResult"`
	Bucket      string   `xml:"Bucket"`
	IsTruncated bool     `xml:"IsTruncated"`
	NextKey     string   `xml:"NextKeyMarker"`
	Uploads     []struct {
		Key       string    `xml:"Key"`
		Initiated time.Time `xml:"Initiated"`
	} `xml:"Upload"`
}

func (s *gcsStore) uploads(ctx context.Context, seen *sighting) error {
	document, err := s.document(ctx, "/"+url.PathEscape(s.bucket), url.Values{
		"uploads": {""}, "prefix": {seen.area.listed()}, "max-uploads": {strconv.Itoa(pageSize)},
	})
	if err != nil {
		return err
	}
	var listed gcsUploads
	if err := xml.Unmarshal(document, &listed); err != nil || listed.Bucket != s.bucket {
		return &AnswerError{"expected a list of uploads in XML"}
	}
	for _, upload := range listed.Uploads {
		seen.addUpload(upload.Key, upload.Initiated)
	}
	seen.uploadsCut = listed.IsTruncated && seen.area.goesOn(listed.NextKey)
	return nil
}
