package storage

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// regionHeader is how Amazon S3 names the region of a bucket, also in errors
// (Amazon S3 API reference, HeadBucket).
const regionHeader = "X-Amz-Bucket-Region"

// checkS3Answer refuses what the client would decode leniently: a redirect, a
// document of another kind, and one without end.
func checkS3Answer(resp *http.Response) error {
	// Amazon S3 names the right region of a bucket together with the redirect;
	// that answer is worth more than the address.
	if resp.Header.Get(regionHeader) == "" {
		if err := redirected(resp); err != nil {
			return err
		}
	}
	if wanted := documentsFor(resp.Request); wanted != nil && resp.StatusCode == http.StatusOK {
		return checkDocument(resp, wanted)
	}
	return nil
}

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
