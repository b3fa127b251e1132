package storage

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	azureblob "github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/blob"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"gocloud.dev/blob"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// azureSuffixes are where the accounts of Azure's clouds answer.
func azureSuffixes() []string {
	return []string{"blob.core.windows.net", "blob.core.chinacloudapi.cn", "blob.core.usgovcloudapi.net"}
}

var azureAccount = regexp.MustCompile(`^[a-z0-9]{3,24}$`)

// azureDialect is that of Azure Blob Storage.
type azureDialect struct {
	// pages is what is used of the client.
	pages func(*container.ListBlobsFlatOptions) *runtime.Pager[container.ListBlobsFlatResponse]
	// hierarchical is set when a listing showed that the account has a
	// hierarchical namespace, which hides what is deleted.
	hierarchical atomic.Bool
}

func newAzureStore(loc backup.Location, creds Credentials, opts Options) (*store, error) {
	endpoint, err := azureEndpoint(loc, creds)
	if err != nil {
		return nil, err
	}
	if creds.secret == "" && !opts.TypedEndpoint && !ownHost(endpoint, azureSuffixes()...) {
		return nil, &Fault{Reason: backup.ReasonCredentials, Text: "the endpoint is not one of Azure's: no shared access signature is sent there unless --storage-endpoint names it"}
	}
	connect, err := newTransport(loc, opts, azureAnswers{loc.Bucket}.check)
	if err != nil {
		return nil, err
	}
	client, err := newAzureClient(endpoint, loc.Bucket, creds, connect)
	if err != nil {
		return nil, err
	}
	dialect := &azureDialect{pages: client.NewListBlobsFlatPager}
	bucket := blob.NewBucket(&azureDriver{
		pages: client.NewListBlobsHierarchyPager, describe: dialect.describe,
		download: func(ctx context.Context, key string) (azureblob.DownloadStreamResponse, error) {
			return client.NewBlobClient(key).DownloadStream(ctx, nil)
		},
	})
	return &store{bucket: bucket, dialect: dialect, address: endpoint, idle: connect.close}, nil
}

// azureEndpoint is the address of the account: the location's, the
// credentials', or that of the account in the cloud that the credentials name.
func azureEndpoint(loc backup.Location, creds Credentials) (string, error) {
	endpoint := loc.Endpoint
	if endpoint == "" {
		endpoint = creds.endpoint
	}
	if endpoint != "" {
		return cleanEndpoint(endpoint)
	}
	if !azureAccount.MatchString(creds.id) {
		return "", &Fault{Reason: backup.ReasonNoLocation, Text: "neither the location nor its credentials name a storage account"}
	}
	return "https://" + creds.id + "." + azureSuffixes()[0], nil
}

// accountOf is the account that an address of Azure names.
func accountOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil || !ownHost(endpoint, azureSuffixes()...) {
		return ""
	}
	account, _, _ := strings.Cut(u.Hostname(), ".")
	return account
}

// describe takes what azureAnswers.check found to be there. The name of a
// directory gets the slash of a folder.
func (d *azureDialect) describe(entry *container.BlobItem) backup.StoredObject {
	object := backup.StoredObject{Key: *entry.Name, Bytes: *entry.Properties.ContentLength}
	if modified := entry.Properties.LastModified; modified != nil {
		object.Modified = *modified
	}
	// "file" or "directory" in an account with a hierarchical namespace.
	if kind := entry.Properties.ResourceType; kind != nil {
		d.hierarchical.Store(true)
		if *kind == "directory" {
			object.Key += "/"
		}
	}
	return object
}
