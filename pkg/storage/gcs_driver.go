package storage

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"
	"google.golang.org/api/googleapi"
	gcs "google.golang.org/api/storage/v1"
)

// gcsDriver lets gocloud.dev's portable bucket read through the client of the
// JSON API. gocloud.dev's own driver needs the client that also speaks gRPC,
// with which the plugin would be more than 1.2 times as large as kubectl.
type gcsDriver struct {
	unwritable
	objects gcsObjects
	bucket  string
}

// gcsFields keeps everything out of an answer that is not used.
func gcsFields() []googleapi.Field {
	return []googleapi.Field{"kind", "nextPageToken", "prefixes", "items(bucket,name,size,timeCreated,timeDeleted,softDeleteTime)"}
}

// ListPaged implements driver.Bucket; the times are those of the generation, so that metadata changes them not.
func (d *gcsDriver) ListPaged(ctx context.Context, opts *driver.ListOptions) (*driver.ListPage, error) {
	call := d.objects.List(d.bucket).Prefix(opts.Prefix)
	if opts.Delimiter != "" {
		call.Delimiter(opts.Delimiter)
	}
	if opts.PageSize > 0 {
		call.MaxResults(int64(opts.PageSize))
	}
	if opts.BeforeList != nil {
		if err := opts.BeforeList(func(target any) bool { return assign(target, call) }); err != nil {
			return nil, err
		}
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
	page := &driver.ListPage{NextPageToken: []byte(listed.NextPageToken)}
	for _, object := range listed.Items {
		page.Objects = append(page.Objects, &driver.ListObject{
			Key: object.Name, Size: int64(object.Size), ModTime: gcsTime(object.TimeCreated), //nolint:gosec // no object is that large
			AsFunc: func(target any) bool { return assign(target, object) },
		})
	}
	for _, folder := range listed.Prefixes {
		page.Objects = append(page.Objects, &driver.ListObject{Key: folder, IsDir: true, AsFunc: func(any) bool { return false }})
	}
	slices.SortFunc(page.Objects, func(a, b *driver.ListObject) int { return strings.Compare(a.Key, b.Key) })
	return page, nil
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
func (d *gcsDriver) NewRangeReader(ctx context.Context, key string, offset, length int64, opts *driver.ReaderOptions) (driver.Reader, error) {
	if offset != 0 || length >= 0 {
		return nil, errUnsupported
	}
	call := d.objects.Get(d.bucket, key).Context(ctx)
	if opts.BeforeRead != nil {
		if err := opts.BeforeRead(func(target any) bool { return assign(target, call) }); err != nil {
			return nil, err
		}
	}
	resp, err := call.Download() //nolint:bodyclose // whoever reads closes it
	if err != nil {
		return nil, err
	}
	modified, _ := http.ParseTime(resp.Header.Get("Last-Modified"))
	return &gcsReader{ReadCloser: resp.Body, attributes: driver.ReaderAttributes{
		ContentType: resp.Header.Get("Content-Type"), ModTime: modified, Size: resp.ContentLength,
	}}, nil
}

// gcsReader is an object that is being read.
type gcsReader struct {
	io.ReadCloser
	attributes driver.ReaderAttributes
}

// Attributes implements driver.Reader.
func (r *gcsReader) Attributes() *driver.ReaderAttributes { return &r.attributes }

// As implements driver.Reader.
func (r *gcsReader) As(any) bool { return false }

// As implements driver.Bucket.
func (d *gcsDriver) As(target any) bool { return assign(target, d.objects) }

// ErrorAs implements driver.Bucket.
func (d *gcsDriver) ErrorAs(err error, target any) bool { return errors.As(err, target) }

// ErrorCode implements driver.Bucket.
func (d *gcsDriver) ErrorCode(err error) gcerrors.ErrorCode {
	var answer *googleapi.Error
	switch {
	case errors.Is(err, errUnsupported):
		return gcerrors.Unimplemented
	case !errors.As(err, &answer):
		return gcerrors.Unknown
	case answer.Code == http.StatusNotFound:
		return gcerrors.NotFound
	case answer.Code == http.StatusForbidden:
		return gcerrors.PermissionDenied
	}
	return gcerrors.Unknown
}

// Close implements driver.Bucket.
func (d *gcsDriver) Close() error { return nil }

// assign is how drivers hand out a value of their own to who asks for its type.
func assign[T any](target any, value T) bool {
	pointer, ok := target.(*T)
	if ok {
		*pointer = value
	}
	return ok
}
