package storage

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// s3Client is the part of the S3 client that lists and reads.
type s3Client interface {
	s3.ListObjectsV2APIClient
	s3.ListObjectVersionsAPIClient
	s3.ListMultipartUploadsAPIClient
	GetObject(ctx context.Context, in *s3.GetObjectInput, optFns ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	GetBucketVersioning(ctx context.Context, in *s3.GetBucketVersioningInput, optFns ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
}

// s3Dialect is that of Amazon S3 and of the servers that speak its protocol.
type s3Dialect struct {
	client s3Client
	bucket string
	region string
}

// newS3Store makes a client that knows nothing but what it is given.
func newS3Store(loc backup.Location, creds Credentials, opts Options) (*store, error) {
	endpoint, err := cleanEndpoint(loc.Endpoint)
	if err != nil {
		return nil, err
	}
	region, err := cleanRegion(loc.Region)
	if err != nil {
		return nil, err
	}
	connect, err := newTransport(loc, opts, checkS3Answer)
	if err != nil {
		return nil, err
	}
	options := s3Options(region)
	options.UsePathStyle, options.Credentials, options.HTTPClient = loc.PathStyle, s3Provider(creds), connect.client()
	server := "https://s3." + region + ".amazonaws.com"
	if endpoint != "" {
		options.BaseEndpoint, server = aws.String(endpoint), endpoint
	}
	client := s3.New(options)
	bucket := blob.NewBucket(&s3Driver{client: client, bucket: loc.Bucket})
	return &store{bucket: bucket, dialect: &s3Dialect{client: client, bucket: loc.Bucket, region: region}, address: server, idle: connect.close}, nil
}

// s3Options are those of every client that speaks the protocol of S3.
func s3Options(region string) s3.Options {
	return s3.Options{
		Region:                         region,
		RetryMaxAttempts:               2,
		RequestChecksumCalculation:     aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation:     aws.ResponseChecksumValidationWhenRequired,
		DisableS3ExpressSessionAuth:    aws.Bool(true),
		DisableMultiRegionAccessPoints: true,
	}
}

// s3Provider hands the values to the signer of the SDK.
func s3Provider(c Credentials) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: c.id, SecretAccessKey: c.secret, SessionToken: c.token, Source: "kubectl-backup"}, nil
	})
}

// tries keeps the client from trying again in a probe, which counts its requests.
func tries(ctx context.Context) func(*s3.Options) {
	return func(o *s3.Options) {
		if counted(ctx) != nil {
			o.RetryMaxAttempts = 1
		}
	}
}
