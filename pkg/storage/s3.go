package storage

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// s3Client is the part of the S3 client that reads.
type s3Client interface {
	s3.ListObjectsV2APIClient
	s3.ListObjectVersionsAPIClient
	s3.ListMultipartUploadsAPIClient
	GetBucketVersioning(ctx context.Context, in *s3.GetBucketVersioningInput, optFns ...func(*s3.Options)) (*s3.GetBucketVersioningOutput, error)
	GetObject(ctx context.Context, in *s3.GetObjectInput, optFns ...func(*s3.Options)) (*s3.GetObjectOutput, error)
}

// s3Store is a bucket of Amazon S3 or of a server that speaks its protocol.
type s3Store struct {
	client s3Client
	bucket string
	region string
	server string
	opts   Options
}

// newS3Store makes a client that knows nothing but what it is given.
func newS3Store(loc backup.Location, creds Credentials, opts Options) (store, func(), error) {
	endpoint, err := cleanEndpoint(loc.Endpoint)
	if err != nil {
		return nil, nil, err
	}
	region, err := cleanRegion(loc.Region)
	if err != nil {
		return nil, nil, err
	}
	connect, err := newTransport(loc, opts, checkS3Answer)
	if err != nil {
		return nil, nil, err
	}
	options := s3.Options{
		Region:                         region,
		UsePathStyle:                   loc.PathStyle,
		Credentials:                    s3Provider(creds),
		HTTPClient:                     connect.client(),
		RetryMaxAttempts:               2,
		RequestChecksumCalculation:     aws.RequestChecksumCalculationWhenRequired,
		ResponseChecksumValidation:     aws.ResponseChecksumValidationWhenRequired,
		DisableS3ExpressSessionAuth:    aws.Bool(true),
		DisableMultiRegionAccessPoints: true,
	}
	server := "https://s3." + region + ".amazonaws.com"
	if endpoint != "" {
		options.BaseEndpoint, server = aws.String(endpoint), endpoint
	}
	return &s3Store{client: s3.New(options), bucket: loc.Bucket, region: region, server: server, opts: opts}, connect.close, nil
}

// s3Provider hands the values to the signer of the SDK.
func s3Provider(c Credentials) aws.CredentialsProvider {
	return aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: c.id, SecretAccessKey: c.secret, SessionToken: c.token, Source: "kubectl-backup"}, nil
	})
}

func (s *s3Store) address() string { return s.server }

func (s *s3Store) page(ctx context.Context, q query) (page, error) {
	ctx, cancel := context.WithTimeout(ctx, s.opts.ProbeTimeout)
	defer cancel()
	in := &s3.ListObjectsV2Input{Bucket: aws.String(s.bucket), MaxKeys: aws.Int32(q.keys)}
	if q.prefix != "" {
		in.Prefix = aws.String(q.prefix)
	}
	if q.token != "" {
		in.ContinuationToken = aws.String(q.token)
	}
	out, err := s.client.ListObjectsV2(ctx, in, tries(ctx))
	if err != nil {
		return page{}, s.refused(err)
	}
	if aws.ToString(out.Name) == "" {
		return page{}, &AnswerError{"the listing names no bucket"}
	}
	var answer page
	for _, object := range out.Contents {
		answer.objects = append(answer.objects, backup.StoredObject{
			Key: aws.ToString(object.Key), Bytes: aws.ToInt64(object.Size), Modified: aws.ToTime(object.LastModified),
		})
	}
	if aws.ToBool(out.IsTruncated) {
		if answer.next = aws.ToString(out.NextContinuationToken); answer.next == "" {
			return page{}, errNoWayOn()
		}
	}
	return answer, nil
}

func (s *s3Store) open(ctx context.Context, key string) (io.ReadCloser, error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(s.bucket), Key: aws.String(key)}, tries(ctx))
	if err != nil {
		var missing *types.NoSuchKey
		if errors.As(err, &missing) {
			return nil, fs.ErrNotExist
		}
		return nil, s.refused(err)
	}
	return out.Body, nil
}

// tries keeps the client from trying again in a probe, which counts its requests.
func tries(ctx context.Context) func(*s3.Options) {
	return func(o *s3.Options) {
		if counted(ctx) != nil {
			o.RetryMaxAttempts = 1
		}
	}
}

// refused is the answer of the server, or the error as it is where none came.
func (s *s3Store) refused(err error) error {
	answered, region := answeredRegion(err)
	if !answered {
		return err
	}
	r := &refusal{rightRegion: differing(region, s.region), cause: err, text: err.Error()}
	var api smithy.APIError
	if errors.As(err, &api) {
		r.text = refusalText(api.ErrorCode(), api.ErrorMessage())
	}
	judgeS3(r, err)
	return r
}
