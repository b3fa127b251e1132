package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"slices"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// Signed is a file behind a signed URL, open for reading.
type Signed struct {
	io.ReadCloser
	// Bytes is the length that the server names.
	Bytes int64
	// Vantage is the way that was taken, as Place.Vantage names it.
	Vantage string
}

// SignedServer is the server of a signed URL, as a URL without its secrets;
// empty where the text is no URL of a server.
func SignedServer(signed string) string {
	u, err := url.Parse(signed)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// OpenSigned reads the one file behind a URL that somebody else has signed. Of
// the location only the trust counts: its certificates, and whether they are
// verified. The URL is a secret, of which no error tells more than its host. A file that
// is not there is fs.ErrNotExist; every other error is a *Fault.
func OpenSigned(ctx context.Context, signed string, loc backup.Location, opts Options) (*Signed, error) {
	opts = opts.withDefaults()
	server := SignedServer(signed)
	if server == "" {
		return nil, &Fault{Reason: backup.ReasonOther, Text: "what was signed is no URL of a server"}
	}
	connect, err := newTransport(loc, opts, redirected)
	if err != nil {
		return nil, err
	}
	file, err := getSigned(ctx, connect, signed)
	if err != nil {
		connect.close()
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, signedFault(server, err)
	}
	file.Vantage = opts.Vantage
	return file, nil
}

// getSigned sends the request without a client, whose errors would name the URL.
func getSigned(ctx context.Context, connect *transport, signed string) (*Signed, error) {
	req, err := http.NewRequestWithContext(withStream(ctx), http.MethodGet, signed, nil)
	if err != nil {
		return nil, errors.New("the URL cannot be asked for")
	}
	resp, err := connect.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	switch {
	case resp.StatusCode != http.StatusOK:
		err = refusedSigned(resp)
	case resp.ContentLength < 0:
		err = &AnswerError{"it does not tell how long the file is"}
	default:
		body := &stream{ReadCloser: resp.Body, fault: func(err error) *Fault { return signedFault(SignedServer(signed), err) }}
		return &Signed{ReadCloser: &closing{body, connect.close}, Bytes: resp.ContentLength}, nil
	}
	return nil, errors.Join(err, resp.Body.Close())
}

// The codes of a missing object and a missing bucket (Amazon S3 API reference,
// Error responses; Azure Blob service error codes; Google's XML API takes S3's).
var (
	errorCode      = regexp.MustCompile(`<Code>([A-Za-z]{1,64})</Code>`)
	missingObjects = []string{"NoSuchKey", "BlobNotFound"}
	missingBuckets = []string{"NoSuchBucket", "ContainerNotFound"}
)

// refusedSigned reads no more of an answer than its status and code: the rest may
// repeat what was signed.
func refusedSigned(resp *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 16<<10)) // what is missing of it is no code
	code := ""
	if found := errorCode.FindSubmatch(text); found != nil {
		code = string(found[1])
	}
	if resp.StatusCode == http.StatusNotFound && slices.Contains(missingObjects, code) {
		return fmt.Errorf("the signed URL: %w", fs.ErrNotExist)
	}
	return &refusal{
		reason: reasonOfStatus(resp.StatusCode), bucketMissing: resp.StatusCode == http.StatusNotFound && slices.Contains(missingBuckets, code),
		text: refusalText(fmt.Sprintf("the signed URL is answered with %d", resp.StatusCode), code),
	}
}

// signedFault names the server in the place of the URL.
func signedFault(server string, err error) *Fault {
	fault := newFault(err, Credentials{})
	named := *fault
	named.Text = server + ": " + fault.Text
	return &named
}

// closing lets go of the connection together with its answer.
type closing struct {
	io.ReadCloser
	done func()
}

// Close implements io.Closer.
func (c *closing) Close() error {
	defer c.done()
	return c.ReadCloser.Close()
}
