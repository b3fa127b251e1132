package storage

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
	"gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// defaultTimeout is for one request.
const defaultTimeout = 5 * time.Second

// Options say how to reach a place. The zero value goes there directly.
type Options struct {
	// Dial replaces the network, such as by a port-forward. What it reaches is
	// its own affair: the address is not judged and ProxyURL is not used.
	Dial Dial
	// Vantage names the way for the output; empty is "direct" or the proxy.
	Vantage string
	// ProxyURL is a socks5, http or https proxy. The environment is never asked.
	ProxyURL string
	// AllowLoopback lets an endpoint be on this machine: the person typed it.
	AllowLoopback bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// ProbeTimeout is the deadline of one request; zero is five seconds.
	ProbeTimeout time.Duration
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ProbeTimeout <= 0 {
		o.ProbeTimeout = defaultTimeout
	}
	if o.Vantage == "" {
		o.Vantage = "direct"
		if o.ProxyURL != "" && o.Dial == nil {
			o.Vantage = proxyName(o.ProxyURL)
		}
	}
	return o
}

// reader is the part of gocloud.dev's bucket that only reads.
type reader interface {
	List(opts *blob.ListOptions) *blob.ListIterator
	NewRangeReader(ctx context.Context, key string, offset, length int64, opts *blob.ReaderOptions) (*blob.Reader, error)
}

// lister is the part of the S3 client that lists; the portable bucket shows
// neither versions nor open uploads.
type lister interface {
	s3.ListObjectsV2APIClient
	s3.ListObjectVersionsAPIClient
	s3.ListMultipartUploadsAPIClient
	GetBucketVersioning(ctx context.Context, in *s3.GetBucketVersioningInput, optFns ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
}

// Place is a location in an object store, open for reading.
type Place struct {
	area
	loc    backup.Location
	creds  Credentials
	opts   Options
	region string
	bucket reader
	client lister
	close  io.Closer
	idle   func()
}

// Open prepares to read a location; it sends nothing yet. A location that
// cannot be looked at from here is a *Fault, which Unseen turns into a verdict.
func Open(ctx context.Context, loc backup.Location, creds Credentials, opts Options) (*Place, error) {
	opts = opts.withDefaults()
	if err := checkReadable(loc, creds); err != nil {
		return nil, err
	}
	prefix, err := CleanPrefix(loc.Prefix)
	if err != nil {
		return nil, &Fault{Reason: backup.ReasonOther, Text: oneLine(err.Error())}
	}
	p := &Place{loc: loc, creds: creds, opts: opts, area: area{prefix: prefix, object: loc.Object && prefix != ""}}
	client, err := p.newClient()
	if err != nil {
		return nil, err
	}
	bucket, err := s3blob.OpenBucketV2(ctx, client, loc.Bucket, nil)
	if err != nil {
		return nil, fmt.Errorf("open bucket %q: %w", loc.Bucket, err)
	}
	p.bucket, p.client, p.close = bucket, client, bucket
	return p, nil
}

// checkReadable refuses what no request could show.
func checkReadable(loc backup.Location, creds Credentials) error {
	switch loc.Provider {
	case backup.ProviderS3:
	case backup.ProviderPodPath:
		return &Fault{Reason: backup.ReasonPodPath, Text: "the data is at a path inside a pod"}
	case backup.ProviderSnapshots:
		return &Fault{Reason: backup.ReasonSnapshots, Text: "the data is in snapshots of a cloud, which no listing shows"}
	default:
		return &Fault{Reason: backup.ReasonUnsupported, Text: fmt.Sprintf("provider %q cannot be opened", loc.Provider)}
	}
	switch {
	case loc.Bucket == "":
		return &Fault{Reason: backup.ReasonNoLocation, Text: "the object names no bucket"}
	case strings.ContainsAny(loc.Bucket, "/?#:\\"):
		return &Fault{Reason: backup.ReasonUnsupported, Text: fmt.Sprintf("bucket %q is not a plain bucket name", loc.Bucket)}
	case strings.HasSuffix(loc.Bucket, "--x-s3"):
		// Directory buckets list in no order (Amazon S3 user guide, "Directory
		// buckets"), so that the first key of a page proves nothing.
		return &Fault{Reason: backup.ReasonUnsupported, Text: "directory buckets cannot be probed"}
	case creds.Empty():
		return &Fault{Reason: backup.ReasonCredentials, Text: "no credentials for the location"}
	}
	return nil
}

// newClient makes an S3 client that knows nothing but what it is given.
func (p *Place) newClient() (*s3.Client, error) {
	endpoint, err := cleanEndpoint(p.loc.Endpoint)
	if err != nil {
		return nil, err
	}
	if p.region, err = cleanRegion(p.loc.Region); err != nil {
		return nil, err
	}
	connect, err := newTransport(p.loc, p.opts)
	if err != nil {
		return nil, err
	}
	p.idle = connect.next.CloseIdleConnections
	options := s3.Options{
		Region:       p.region,
		UsePathStyle: p.loc.PathStyle,
		Credentials:  p.creds.provider(),
		HTTPClient: &http.Client{Transport: connect, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		}},
		RetryMaxAttempts:               2,
		RequestChecksumCalculation:     aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation:     aws.ResponseChecksumValidationWhenRequired,
		DisableS3ExpressSessionAuth:    aws.Bool(true),
		DisableMultiRegionAccessPoints: true,
		APIOptions:                     []func(*middleware.Stack) error{checkAnswers(p.opts.ProbeTimeout)},
	}
	if endpoint != "" {
		options.BaseEndpoint = aws.String(endpoint)
	}
	return s3.New(options), nil
}

// Close lets go of the connections.
func (p *Place) Close() error {
	p.idle()
	return p.close.Close()
}

// fault is newFault for this place.
func (p *Place) fault(err error) *Fault { return newFault(err, p.creds, p.region) }

// provider hands the values to the signer of the SDK.
func (c Credentials) provider() aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: c.id, SecretAccessKey: c.secret, SessionToken: c.token, Source: "kubectl-backup"}, nil
	})
}
