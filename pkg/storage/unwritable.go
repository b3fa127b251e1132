package storage

import (
	"context"
	"errors"

	"gocloud.dev/blob/driver"
)

// errUnsupported is for what a bucket of ours is never asked.
var errUnsupported = errors.New("the bucket is only listed and read")

// unwritable is the part of a driver.Bucket that pkg/storage has no use for.
// Nothing in it sends a request.
type unwritable struct{}

// Attributes implements driver.Bucket.
func (unwritable) Attributes(context.Context, string) (*driver.Attributes, error) {
	return nil, errUnsupported
}

// NewTypedWriter implements driver.Bucket.
func (unwritable) NewTypedWriter(context.Context, string, string, *driver.WriterOptions) (driver.Writer, error) {
	return nil, errUnsupported
}

// Copy implements driver.Bucket.
func (unwritable) Copy(context.Context, string, string, *driver.CopyOptions) error {
	return errUnsupported
}

// Delete implements driver.Bucket.
func (unwritable) Delete(context.Context, string, *driver.DeleteOptions) error { return errUnsupported }

// SignedURL implements driver.Bucket.
func (unwritable) SignedURL(context.Context, string, *driver.SignedURLOptions) (string, error) {
	return "", errUnsupported
}
