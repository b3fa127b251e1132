package storage

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"
	gcs "google.golang.org/api/storage/v1"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	// gcsEndpoint is where Google Cloud Storage answers unless a location says otherwise.
	gcsEndpoint = "https://storage.googleapis.com"
	// gcsPath is where its JSON API lies; clients of Google take an endpoint with it.
	gcsPath = "/storage/v1"
)

// gcsDialect is that of Google Cloud Storage.
type gcsDialect struct {
	objects gcsObjects
	bucket  string
	xml     *s3Dialect // the XML API, which speaks the protocol of S3
}

// gcsObjects is the part of the JSON API's client that reads.
type gcsObjects interface {
	List(bucket string) *gcs.ObjectsListCall
	Get(bucket, object string) *gcs.ObjectsGetCall
}

func newGCSStore(loc backup.Location, creds Credentials, opts Options) (*store, error) {
	endpoint, err := cleanEndpoint(loc.Endpoint)
	if err != nil {
		return nil, err
	}
	if endpoint = strings.TrimSuffix(endpoint, gcsPath); endpoint == "" {
		endpoint = gcsEndpoint
	}
	if !opts.TypedEndpoint && !ownHost(endpoint, "googleapis.com") {
		return nil, &Fault{Reason: backup.ReasonCredentials, Text: "the endpoint is not one of Google's: no token is sent there unless --storage-endpoint names it"}
	}
	connect, err := newTransport(loc, opts, checkGCSAnswer)
	if err != nil {
		return nil, err
	}
	client, closeTokens, err := googleClient(connect, creds, opts)
	if err != nil {
		return nil, err
	}
	service, err := gcs.NewService(context.Background(),
		option.WithHTTPClient(client), option.WithEndpoint(endpoint+gcsPath+"/"), option.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, &Fault{Reason: backup.ReasonOther, Text: "the client of Google Cloud Storage: " + oneLine(creds.hide(err.Error()))}
	}
	dialect := &gcsDialect{objects: service.Objects, bucket: loc.Bucket, xml: gcsXML(endpoint, loc.Bucket, client)}
	bucket := blob.NewBucket(&gcsDriver{objects: service.Objects, bucket: loc.Bucket})
	return &store{bucket: bucket, dialect: dialect, address: endpoint, idle: func() { connect.close(); closeTokens() }}, nil
}

// gcsXML lists multipart uploads, which the JSON API does not know. The client
// signs nothing: the token is added on the way.
func gcsXML(endpoint, bucket string, client *http.Client) *s3Dialect {
	options := s3Options("auto")
	options.UsePathStyle, options.Credentials, options.HTTPClient = true, aws.AnonymousCredentials{}, client
	options.BaseEndpoint = aws.String(endpoint)
	return &s3Dialect{client: s3.New(options), bucket: bucket}
}

// checkGCSAnswer refuses redirects, and what is no answer of the XML API; the
// JSON API's are looked at where they are decoded.
func checkGCSAnswer(resp *http.Response) error {
	if err := redirected(resp); err != nil {
		return err
	}
	if resp.Request.URL.Query().Has("uploads") {
		return checkS3Answer(resp)
	}
	return nil
}

// refused reads an error of the JSON API (Cloud Storage, "HTTP status and error
// codes"). What is not found is the bucket of a listing, or the object that was
// to be read.
func (d *gcsDialect) refused(err error) error {
	var answer *googleapi.Error
	if !errors.As(err, &answer) {
		return err
	}
	r := &refusal{reason: reasonOfStatus(answer.Code), text: statusText(answer.Code), cause: err, objectMissing: answer.Code == http.StatusNotFound}
	// An answer to the reading of an object was not decoded yet.
	if !errors.As(googleapi.CheckResponseWithBody(&http.Response{StatusCode: answer.Code, Header: answer.Header}, []byte(answer.Body)), &answer) || answer.Message == "" {
		return r
	}
	reason := ""
	if len(answer.Errors) > 0 {
		reason = answer.Errors[0].Reason
	}
	r.text = refusalText(reason, answer.Message)
	switch {
	case answer.Code == http.StatusUnauthorized, strings.Contains(reason, "EncryptedWithCustomerEncryptionKey"):
		r.reason = backup.ReasonCredentials
	case answer.Code == http.StatusNotFound:
		r.reason, r.bucketMissing = "", true
	}
	return r
}
