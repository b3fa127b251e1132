package storage

import (
	"context"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	azureblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"gocloud.dev/blob/driver"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// azureDriver lets gocloud.dev's portable bucket read through the client of
// Azure Blob Storage. gocloud.dev's own driver brings with it what finds an
// identity of Azure's on a machine, none of which is used here, and rewrites
// unusual names.
type azureDriver struct {
	readOnly
	// pages and download are what is used of the client.
	pages    func(delimiter string, o *container.ListBlobsHierarchyOptions) *runtime.Pager[container.ListBlobsHierarchyResponse]
	download func(ctx context.Context, key string) (azureblob.DownloadStreamResponse, error)
	describe func(*container.BlobItem) backup.StoredObject
}

// ListPaged implements driver.Bucket. What it takes to be there azureAnswers.check has found.
func (d *azureDriver) ListPaged(ctx context.Context, opts *driver.ListOptions) (*driver.ListPage, error) {
	if err := beforeList(opts); err != nil {
		return nil, err
	}
	keys := pageKeys(opts)
	listed, err := d.pages(opts.Delimiter, &container.ListBlobsHierarchyOptions{
		Prefix: &opts.Prefix, MaxResults: &keys, Marker: optional(string(opts.PageToken)),
	}).NextPage(ctx)
	if err != nil {
		return nil, err
	}
	var objects, folders []*driver.ListObject
	for _, entry := range listed.Segment.BlobItems {
		object := d.describe(entry)
		objects = append(objects, &driver.ListObject{Key: object.Key, Size: object.Bytes, ModTime: object.Modified})
	}
	for _, folder := range listed.Segment.BlobPrefixes {
		folders = append(folders, &driver.ListObject{Key: valueOf(folder.Name), IsDir: true})
	}
	return inOrder(objects, folders, valueOf(listed.NextMarker)), nil
}

// NewRangeReader implements driver.Bucket for whole objects.
func (d *azureDriver) NewRangeReader(ctx context.Context, key string, offset, length int64, _ *driver.ReaderOptions) (driver.Reader, error) {
	if isPart(offset, length) {
		return nil, errUnsupported
	}
	object, err := d.download(ctx, key)
	if err != nil {
		return nil, err
	}
	return &objectReader{ReadCloser: object.Body, attributes: driver.ReaderAttributes{
		ContentType: valueOf(object.ContentType), ModTime: valueOf(object.LastModified), Size: valueOf(object.ContentLength),
	}}, nil
}

// valueOf is zero for what an answer does not hold.
func valueOf[T any](pointer *T) T {
	var value T
	if pointer != nil {
		value = *pointer
	}
	return value
}
