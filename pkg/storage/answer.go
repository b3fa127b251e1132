package storage

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go/middleware"
)

// AnswerError is a successful answer that is not what was asked for: a login
// page, or a server that ignores what it does not know. Decoded leniently it
// would look like an empty listing.
type AnswerError struct{ Problem string }

// Error says what is wrong with the answer.
func (e *AnswerError) Error() string { return "no S3 answer: " + e.Problem }

// documentsFor are the root elements that answer a request, nil for objects.
// gofakes3@v1.2.0 calls the list of versions ListBucketVersionsResult.
func documentsFor(req *http.Request) []string {
	query := req.URL.Query()
	switch {
	case query.Has("versioning"):
		return []string{"VersioningConfiguration"}
	case query.Has("versions"):
		return []string{"ListVersionsResult", "ListBucketVersionsResult"}
	case query.Has("uploads"):
		return []string{"ListMultipartUploadsResult"}
	case query.Has("list-type"):
		return []string{"ListBucketResult"}
	}
	return nil
}

// checkDocument looks at the first element without consuming it.
func checkDocument(resp *http.Response, wanted []string) error {
	if wanted == nil {
		return nil
	}
	buffered := bufio.NewReaderSize(resp.Body, 2048)
	start, err := buffered.Peek(2048)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	root := rootElement(start)
	if !slices.Contains(wanted, root) {
		return &AnswerError{fmt.Sprintf("expected %s, got %q", wanted[0], root)}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{buffered, resp.Body}
	return nil
}

// rootElement is empty where the text is no XML.
func rootElement(text []byte) string {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	decoder.Strict = false
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return ""
		}
		if element, ok := token.(xml.StartElement); ok {
			return element.Name.Local
		}
	}
}

// checkAnswers gives every listing a deadline and checks its answer before
// anybody relies on it, gocloud.dev's driver included.
func checkAnswers(timeout time.Duration) func(*middleware.Stack) error {
	check := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		// The body of an object is read after this returns.
		if _, reads := in.Parameters.(*s3.GetObjectInput); !reads {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, timeout)
			defer cancel()
		}
		out, metadata, err := next.HandleInitialize(ctx, in)
		if err == nil {
			err = checkListing(in.Parameters, out.Result)
		}
		return out, metadata, err
	}
	return func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("CheckAnswer", check), middleware.Before)
	}
}

// checkListing refuses a page that names no bucket, holds keys that were not
// asked for, or breaks off without saying how to go on: gocloud.dev@v0.47.0
// blob/s3blob takes a missing continuation token for the end.
func checkListing(input, result any) error {
	page, ok := result.(*s3.ListObjectsV2Output)
	if !ok {
		return nil
	}
	asked, ok := input.(*s3.ListObjectsV2Input)
	if !ok {
		return nil
	}
	if aws.ToString(page.Name) == "" {
		return &AnswerError{"the listing names no bucket"}
	}
	for _, object := range page.Contents {
		switch {
		case object.Key == nil || object.LastModified == nil:
			return &AnswerError{"the listing holds an object without key or time"}
		case !strings.HasPrefix(*object.Key, aws.ToString(asked.Prefix)):
			return &AnswerError{"the listing holds keys outside the prefix"}
		}
	}
	if aws.ToBool(page.IsTruncated) {
		token := aws.ToString(page.NextContinuationToken)
		if token == "" || token == aws.ToString(asked.ContinuationToken) {
			return &AnswerError{"the listing breaks off without a way to go on"}
		}
	}
	return nil
}
