package storage

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// maxAnswerBytes is far above a full page of the longest keys; a server that
// sends more ignores the page size.
const maxAnswerBytes = 8 << 20

// RedirectError is an answer that points elsewhere. It is not followed, so that
// signed requests reach nobody but the host that was named.
type RedirectError struct{ From, To string }

// Error names both hosts.
func (e *RedirectError) Error() string {
	return fmt.Sprintf("%s redirects to %s: not followed", e.From, e.To)
}

// errBudget ends a probe that would need more requests than it may make.
var errBudget = errors.New("the request budget is used up")

// tally counts the requests made with one context and refuses those above its limit.
type tally struct{ limit, made atomic.Int64 }

type tallyKey struct{}

func withTally(ctx context.Context, limit int) (context.Context, *tally) {
	t := &tally{}
	t.limit.Store(int64(limit))
	return context.WithValue(ctx, tallyKey{}, t), t
}

func (t *tally) take() error {
	if t.made.Add(1) > t.limit.Load() {
		t.made.Add(-1)
		return errBudget
	}
	return nil
}

func (t *tally) left() int { return int(t.limit.Load() - t.made.Load()) }

// transport counts requests, follows no redirect and refuses answers that are
// no S3 document.
type transport struct {
	next *http.Transport
	// proxied tells that a proxy resolves the host, so that its spelling has to do.
	proxied bool
	guard   guard
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if counted, ok := req.Context().Value(tallyKey{}).(*tally); ok {
		if err := counted.take(); err != nil {
			return nil, err
		}
	}
	if t.proxied {
		if err := t.guard.checkHost(req.URL.Hostname()); err != nil {
			return nil, err
		}
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if err := checkResponse(resp); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

func checkResponse(resp *http.Response) error {
	target := resp.Header.Get("Location")
	// Amazon S3 names the right region of a bucket together with the redirect;
	// that answer is worth more than the address.
	if resp.StatusCode >= 300 && resp.StatusCode < 400 && target != "" && resp.Header.Get(regionHeader) == "" {
		return &RedirectError{From: resp.Request.URL.Host, To: redirectHost(resp.Request.URL, target)}
	}
	wanted := documentsFor(resp.Request)
	if wanted == nil && resp.StatusCode < 300 {
		return nil
	}
	resp.Body = &limitedBody{ReadCloser: resp.Body, left: maxAnswerBytes}
	if resp.StatusCode == http.StatusOK {
		return checkDocument(resp, wanted)
	}
	return nil
}

func redirectHost(base *url.URL, location string) string {
	target, err := base.Parse(location)
	if err != nil {
		return "an address that cannot be read"
	}
	return target.Scheme + "://" + target.Host
}

// limitedBody fails, rather than ends, where an answer is too long.
type limitedBody struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, fmt.Errorf("the answer is longer than %d bytes", maxAnswerBytes)
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// newTransport connects through opts.Dial, through the proxy, or directly and guarded.
func newTransport(loc backup.Location, opts Options) (*transport, error) {
	trust, err := tlsConfig(loc)
	if err != nil {
		return nil, err
	}
	t := &transport{guard: guard{opts.AllowLoopback}, next: &http.Transport{
		TLSClientConfig:        trust,
		TLSHandshakeTimeout:    opts.ProbeTimeout,
		ResponseHeaderTimeout:  opts.ProbeTimeout,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
		ForceAttemptHTTP2:      true,
	}}
	switch {
	case opts.Dial != nil:
		t.next.DialContext = opts.Dial
	case opts.ProxyURL != "":
		proxy, err := parseProxy(opts.ProxyURL)
		if err != nil {
			return nil, err
		}
		t.next.Proxy, t.proxied = http.ProxyURL(proxy), true
	default:
		t.next.DialContext = t.guard.dialer(opts.ProbeTimeout).DialContext
	}
	return t, nil
}

func tlsConfig(loc backup.Location) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: loc.Insecure} //nolint:gosec // the object itself says so, and the verdict shows it
	if loc.CABundle == "" {
		return config, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM([]byte(loc.CABundle)) {
		return nil, &Fault{Reason: backup.ReasonTLS, Text: "the CA bundle of the location holds no certificate"}
	}
	config.RootCAs = pool
	return config, nil
}
