package storage

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"gocloud.dev/blob/driver"
	"gocloud.dev/gcerrors"
)

// errUnsupported is for what a bucket of ours is never asked.
var errUnsupported = errors.New("the bucket is only listed and read")

// readOnly is the part of a driver.Bucket that all drivers of ours share. It
// refuses what pkg/storage has no use for, and nothing in it sends a request.
type readOnly struct{}

// Attributes implements driver.Bucket.
func (readOnly) Attributes(context.Context, string) (*driver.Attributes, error) {
	return nil, errUnsupported
}

// NewTypedWriter implements driver.Bucket.
func (readOnly) NewTypedWriter(context.Context, string, string, *driver.WriterOptions) (driver.Writer, error) {
	return nil, errUnsupported
}

// Copy implements driver.Bucket.
func (readOnly) Copy(context.Context, string, string, *driver.CopyOptions) error {
	return errUnsupported
}

// Delete implements driver.Bucket.
func (readOnly) Delete(context.Context, string, *driver.DeleteOptions) error { return errUnsupported }

// SignedURL implements driver.Bucket.
func (readOnly) SignedURL(context.Context, string, *driver.SignedURLOptions) (string, error) {
	return "", errUnsupported
}

// As implements driver.Bucket.
func (readOnly) As(any) bool { return false }

// ErrorAs implements driver.Bucket.
func (readOnly) ErrorAs(err error, target any) bool { return errors.As(err, target) }

// ErrorCode implements driver.Bucket. What a server's error means is read by the
// dialect, from more than these codes can say.
func (readOnly) ErrorCode(err error) gcerrors.ErrorCode {
	if errors.Is(err, errUnsupported) {
		return gcerrors.Unimplemented
	}
	return gcerrors.Unknown
}

// Close implements driver.Bucket.
func (readOnly) Close() error { return nil }

// beforeList lets the store say how long a page may be, which gocloud.dev's
// iterator does not.
func beforeList(opts *driver.ListOptions) error {
	if opts.BeforeList == nil {
		return nil
	}
	return opts.BeforeList(func(target any) bool {
		wanted, ok := target.(**driver.ListOptions)
		if ok {
			*wanted = opts
		}
		return ok
	})
}

// pageKeys is how many keys a page may hold.
func pageKeys(opts *driver.ListOptions) int32 {
	if opts.PageSize <= 0 || opts.PageSize > pageSize {
		return pageSize
	}
	return int32(opts.PageSize)
}

// inOrder is a page of objects and folders, which servers list apart.
func inOrder(objects, folders []*driver.ListObject, next string) *driver.ListPage {
	if len(folders) > 0 {
		objects = append(objects, folders...)
		slices.SortFunc(objects, func(a, b *driver.ListObject) int { return strings.Compare(a.Key, b.Key) })
	}
	return &driver.ListPage{Objects: objects, NextPageToken: []byte(next)}
}

// isPart tells that less than the whole object is asked for.
func isPart(offset, length int64) bool { return offset != 0 || length >= 0 }

// objectReader is an object that is being read.
type objectReader struct {
	io.ReadCloser
	attributes driver.ReaderAttributes
}

// Attributes implements driver.Reader.
func (r *objectReader) Attributes() *driver.ReaderAttributes { return &r.attributes }

// As implements driver.Reader.
func (r *objectReader) As(any) bool { return false }
