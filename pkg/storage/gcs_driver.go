package storage

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"gocloud.dev/blob/driver"
	"google.golang.org/api/googleapi"
	gcs "google.golang.org/api/storage/v1"
)

// gcsDriver lets gocloud.dev's portable bucket read through the client of the
// JSON API. gocloud.dev's own driver needs the client that also speaks gRPC,
// and all that comes with it.
type gcsDriver struct {
	readOnly
	objects gcsObjects
	bucket  string
}

// gcsFields keeps everything out of an answer that is not used.
func gcsFields() []googleapi.Field {
	return []googleapi.Field{"kind", "nextPageToken", "prefixes", "items(bucket,name,size,timeCreated,timeDeleted,softDeleteTime)"}
}

// ListPaged implements driver.Bucket; the times are those of the generation, so that metadata changes them not.
func (d *gcsDriver) ListPaged(ctx context.Context, opts *driver.ListOptions) (*driver.ListPage, error) {
	if err := beforeList(opts); err != nil {
		return nil, err
	}
	call := d.objects.List(d.bucket).MaxResults(int64(pageKeys(opts)))
	if opts.Prefix != "" {
		call.Prefix(opts.Prefix)
	}
	if opts.Delimiter != "" {
		call.Delimiter(opts.Delimiter)
	}
	if len(opts.PageToken) > 0 {
		call.PageToken(string(opts.PageToken))
	}
	listed, err := gcsPage(ctx, call, d.bucket)
	if err != nil {
		return nil, err
	}
	if listed.NextPageToken != "" && listed.NextPageToken == string(opts.PageToken) {
		return nil, errNoWayOn()
	}
	var objects, folders []*driver.ListObject
	for _, object := range listed.Items {
		objects = append(objects, &driver.ListObject{Key: object.Name, Size: int64(object.Size), ModTime: gcsTime(object.TimeCreated)}) //nolint:gosec // no object is that large
	}
	for _, folder := range listed.Prefixes {
		folders = append(folders, &driver.ListObject{Key: folder, IsDir: true})
	}
	return inOrder(objects, folders, listed.NextPageToken), nil
}

// gcsPage asks for one page and checks that the answer is a list of the bucket's objects.
func gcsPage(ctx context.Context, call *gcs.ObjectsListCall, bucket string) (*gcs.Objects, error) {
	listed, err := call.Projection("noAcl").Fields(gcsFields()...).Context(ctx).Do()
	if err != nil {
		var (
			syntax *json.SyntaxError
			kind   *json.UnmarshalTypeError
		)
		if errors.As(err, &syntax) || errors.As(err, &kind) {
			return nil, &AnswerError{"expected a list of objects in JSON"}
		}
		return nil, err
	}
	if listed.Kind != "storage#objects" {
		return nil, &AnswerError{"expected a list of objects in JSON"}
	}
	for _, object := range listed.Items {
		if object == nil || object.Bucket != bucket {
			return nil, &AnswerError{"the listing holds an object of another bucket"}
		}
	}
	return listed, nil
}

// gcsTime is zero where the text is no time.
func gcsTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return at
}

// NewRangeReader implements driver.Bucket for whole objects.
func (d *gcsDriver) NewRangeReader(ctx context.Context, key string, offset, length int64, _ *driver.ReaderOptions) (driver.Reader, error) {
	if isPart(offset, length) {
		return nil, errUnsupported
	}
	resp, err := d.objects.Get(d.bucket, key).Context(ctx).Download() //nolint:bodyclose // whoever reads closes it
	if err != nil {
		return nil, err
	}
	modified, _ := http.ParseTime(resp.Header.Get("Last-Modified"))
	return &objectReader{ReadCloser: resp.Body, attributes: driver.ReaderAttributes{
		ContentType: resp.Header.Get("Content-Type"), ModTime: modified, Size: resp.ContentLength,
	}}, nil
}
