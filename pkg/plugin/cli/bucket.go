package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
	"github.com/kubectl-backup/kubectl-backup/pkg/cluster"
	"github.com/kubectl-backup/kubectl-backup/pkg/collect"
	"github.com/kubectl-backup/kubectl-backup/pkg/storage"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero"
	"github.com/kubectl-backup/kubectl-backup/pkg/system/velero/bucketreader"
)

// AddBucket adds --bucket to a verb whose objects may come from a bucket.
func (f *StorageFlags) AddBucket(flags *pflag.FlagSet) {
	flags.StringVar(&f.Bucket, "bucket", "", "Read the backups that lie in this bucket instead of a cluster: s3://BUCKET/PREFIX, gs://… or azblob://…, the prefix being that of the BackupStorageLocation. Wants --storage-credentials.")
}

// Place is the bucket of --bucket.
func (f *StorageFlags) Place() (backup.Location, error) {
	u, err := url.Parse(f.Bucket)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Port() != "" {
		return backup.Location{}, &UsageError{Text: fmt.Sprintf("--bucket=%s is not s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or azblob://CONTAINER/PREFIX", withoutUser(f.Bucket))}
	}
	provider, format := "", ""
	switch u.Scheme {
	case "s3":
		provider, format = backup.ProviderS3, "velero-aws"
	case "gs":
		provider, format = backup.ProviderGCS, "velero-gcp"
	case "azblob":
		provider, format = backup.ProviderAzure, "velero-azure"
	default:
		return backup.Location{}, &UsageError{Text: fmt.Sprintf("--bucket: scheme %q is not one of s3, gs, azblob", u.Scheme)}
	}
	prefix, err := storage.CleanPrefix(u.Path)
	if err != nil {
		return backup.Location{}, &UsageError{Text: "--bucket: " + err.Error()}
	}
	return backup.Location{
		Provider: provider, Bucket: u.Host, Prefix: prefix, Layout: backup.LayoutShared, From: "--bucket",
		Endpoint: f.Endpoint, Region: f.Region, PathStyle: pathStyle(f.Endpoint),
		Credentials: backup.CredentialsRef{Format: format},
	}, nil
}

// BucketLocation is the bucket of --bucket in the words of Velero, or nil.
func (f *StorageFlags) BucketLocation() (*backup.BucketLocation, error) {
	if f.Bucket == "" {
		return nil, nil
	}
	place, err := f.Place()
	if err != nil {
		return nil, err
	}
	l := bucketreader.Location(place)
	return &l, nil
}

// withoutUser keeps what looks like a password out of an error.
func withoutUser(text string) string {
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		if _, host, has := strings.Cut(rest, "@"); has {
			return scheme + "://" + host
		}
	}
	return text
}

// pathStyle tells whether buckets are named in the path of an endpoint. Servers
// that people run themselves are reached so; these clouds want them in the host.
func pathStyle(endpoint string) bool {
	u, err := url.Parse(endpoint)
	clouds := []string{".amazonaws.com", ".amazonaws.com.cn", ".myhuaweicloud.com", ".aliyuncs.com"}
	return err == nil && endpoint != "" && !slices.ContainsFunc(clouds, func(cloud string) bool { return strings.HasSuffix(u.Hostname(), cloud) })
}

// bucketOptions are how the bucket is gone to. Credentials are never guessed:
// those of this machine may belong to another account.
func (f *StorageFlags) bucketOptions() (*collect.StorageOptions, error) {
	options, err := f.Options()
	switch {
	case err != nil:
		return nil, err
	case f.ViaServer:
		return nil, &UsageError{Text: "--via-server asks the server of a cluster, and --bucket reads without one"}
	case options == nil:
		return nil, &UsageError{Text: "--storage=never contacts nothing, and --bucket names a bucket to read"}
	case f.Credentials == "":
		return nil, &HintedError{
			Err:  errors.New("--bucket wants --storage-credentials: no credentials are taken unless you name them"),
			Hint: "--storage-credentials=env takes those of the environment (AWS_ACCESS_KEY_ID, …), profile:NAME those of the shared credentials file, secret:NAMESPACE/NAME those of a Secret in the current context",
		}
	}
	return options, nil
}

// CollectorFor reads from the bucket of --bucket, or else from the cluster with
// the storage options as Collector does. The watcher is nil for a bucket.
func (g *Globals) CollectorFor(flags *StorageFlags, options *collect.StorageOptions) (*collect.Collector, cluster.Watcher, error) {
	if flags.Bucket == "" {
		collector, live, err := g.Collector(options)
		if err == nil {
			err = g.SignWith(flags, collector)
		}
		return collector, live, err
	}
	collector, err := g.bucketCollector(flags)
	return collector, nil, err
}

func (g *Globals) bucketCollector(flags *StorageFlags) (*collect.Collector, error) {
	place, err := flags.Place()
	if err != nil {
		return nil, err
	}
	options, err := flags.bucketOptions()
	if err != nil {
		return nil, err
	}
	registry, err := g.Registry()
	if err != nil {
		return nil, err
	}
	source, err := g.bucketSource(*options)
	if err != nil {
		return nil, err
	}
	reader := bucketreader.New(place, func(ctx context.Context) (velero.Bucket, error) {
		opened, err := source.Open(ctx, source.Effective(place), "")
		if err != nil {
			return nil, err
		}
		return velero.OfPlace(opened), nil
	})
	return collect.New(collect.Sources{Cluster: reader, Registry: registry, Now: g.Now, Storage: source}), nil
}

// bucketSource opens buckets. A cluster is asked only for the Secret that is named.
func (g *Globals) bucketSource(options collect.StorageOptions) (*collect.LiveStorage, error) {
	if !strings.HasPrefix(options.Credentials, "secret:") {
		return g.liveStorage(nil, options), nil
	}
	live, err := g.Live()
	if err != nil {
		return nil, err
	}
	return g.liveStorage(live, options), nil
}

// BucketFolders are the folders at the top of the bucket of --bucket, below its prefix.
func (g *Globals) BucketFolders(ctx context.Context, flags *StorageFlags) ([]string, error) {
	place, err := flags.Place()
	if err != nil {
		return nil, err
	}
	options, err := flags.bucketOptions()
	if err != nil {
		return nil, err
	}
	source, err := g.bucketSource(*options)
	if err != nil {
		return nil, err
	}
	opened, err := source.Open(ctx, source.Effective(place), "")
	if err != nil {
		return nil, err
	}
	defer func() { _ = opened.Close() }()
	top, err := opened.Top(ctx, pageOfFolders)
	return top.Folders, err
}

// pageOfFolders is how many folders one look may name.
const pageOfFolders = 1000

// liveStorage looks into storage, through a cluster where that is the way.
func (g *Globals) liveStorage(through cluster.Reader, options collect.StorageOptions) *collect.LiveStorage {
	return &collect.LiveStorage{
		Cluster: through, Options: options, Now: g.Now, Getenv: g.Getenv, ReadFile: os.ReadFile, CredentialsFile: g.credentialsFile, ProxyURL: environmentProxy,
	}
}

// BucketHint is the next step after a bucket could not be read, or empty.
func BucketHint(err error) string {
	var failed *bucketreader.Error
	if !errors.As(err, &failed) {
		return ""
	}
	var fault *storage.Fault
	if !errors.As(err, &fault) {
		return "name other credentials with --storage-credentials"
	}
	switch {
	case fault.RightRegion != "":
		return "the server expects another region: --storage-region=" + fault.RightRegion
	case fault.BucketMissing:
		return "compare the bucket with spec.objectStorage.bucket of the old BackupStorageLocation; --storage-endpoint names another server"
	case fault.Reason == backup.ReasonDenied:
		return "the credentials need the right to list the bucket (s3:ListBucket) and to read its objects (s3:GetObject)"
	case fault.Reason == backup.ReasonCredentials:
		return "name other credentials with --storage-credentials"
	}
	return "--storage-endpoint names the server, --storage-region its region, --storage-proxy the way"
}

// IsBucketError tells that a bucket could not be read, whatever the network said.
func IsBucketError(err error) bool {
	var failed *bucketreader.Error
	return errors.As(err, &failed)
}
