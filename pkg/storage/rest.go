package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// rest reads from a store that is spoken to without a library of its provider:
// listing and reading are two kinds of GET request.
type rest struct {
	client  *http.Client
	base    *url.URL
	timeout time.Duration
	// authorize adds what proves who asks.
	authorize func(*http.Request) error
	// refuse makes a refusal of an answer that is an error.
	refuse func(resp *http.Response, body []byte) *refusal
}

// newRest connects to a server and lets go of redirects and of answers that
// are too long.
func newRest(loc backup.Location, opts Options, endpoint string) (*rest, *transport, error) {
	base, err := url.Parse(endpoint)
	if err != nil {
		return nil, nil, &Fault{Reason: backup.ReasonOther, Text: "the endpoint is not a URL"}
	}
	connect, err := newTransport(loc, opts, redirected)
	if err != nil {
		return nil, nil, err
	}
	return &rest{client: connect.client(), base: base, timeout: opts.ProbeTimeout}, connect, nil
}

// document returns the whole answer of a listing.
func (r *rest) document(ctx context.Context, path string, query url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	resp, err := r.get(ctx, path, query, false)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	return readAnswer(resp)
}

// object starts to read; its body has no deadline of its own.
func (r *rest) object(ctx context.Context, path string, query url.Values) (io.ReadCloser, error) {
	resp, err := r.get(ctx, path, query, true)
	if err != nil {
		var answer *refusal
		if errors.As(err, &answer) && answer.status == http.StatusNotFound && !answer.bucketMissing {
			return nil, fs.ErrNotExist
		}
		return nil, err
	}
	return resp.Body, nil
}

// get sends a request for an escaped path below the base. Outside a probe,
// which counts its requests, a server that is busy is asked once more.
func (r *rest) get(ctx context.Context, path string, query url.Values, asStored bool) (*http.Response, error) {
	for again := counted(ctx) == nil; ; again = false {
		resp, err := r.send(ctx, path, query, asStored)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode == http.StatusOK {
			return resp, nil
		}
		body, err := readAnswer(resp)
		_ = resp.Body.Close()
		busy := resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError
		switch {
		case err != nil:
			return nil, err
		case !again || !busy:
			answer := r.refuse(resp, body)
			answer.status = resp.StatusCode
			return nil, answer
		}
	}
}

func (r *rest) send(ctx context.Context, path string, query url.Values, asStored bool) (*http.Response, error) {
	target, err := r.target(path, query)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, err
	}
	// Google unpacks objects that are stored as gzip for whoever does not say this.
	if asStored {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	if err := r.authorize(req); err != nil {
		return nil, err
	}
	return r.client.Do(req)
}

func (r *rest) target(path string, query url.Values) (*url.URL, error) {
	target := *r.base
	escaped := strings.TrimRight(r.base.EscapedPath(), "/") + path
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, fmt.Errorf("path of the request: %w", err)
	}
	// A space is %20 to every server; + is one only to those that read forms.
	target.Path, target.RawPath, target.RawQuery = plain, escaped, strings.ReplaceAll(query.Encode(), "+", "%20")
	return &target, nil
}

func readAnswer(resp *http.Response) ([]byte, error) {
	return io.ReadAll(&limitedBody{ReadCloser: resp.Body, left: maxAnswerBytes})
}

// ownHost tells whether a URL is one of the provider's own hosts, reached by TLS.
func ownHost(address string, domains ...string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, domain := range domains {
		if strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}
