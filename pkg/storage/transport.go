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
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

// maxAnswerBytes is far above a full page of the longest keys; a server that
// sends more ignores the page size.
const maxAnswerBytes = 8 << 20

// keptConnections are as many as are used side by side, so that none of them has
// to be made again for the next file.
const keptConnections = 16

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

// counted is the tally of a context; nil where requests are not counted.
func counted(ctx context.Context) *tally {
	t, _ := ctx.Value(tallyKey{}).(*tally)
	return t
}

type streamKey struct{}

// withStream marks a request for an object: its answer may be long and take its time.
func withStream(ctx context.Context) context.Context {
	return context.WithValue(ctx, streamKey{}, true)
}

func streams(ctx context.Context) bool { return ctx.Value(streamKey{}) != nil }

// busy tells whether a server asks to come back later.
func busy(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// transport is the only way to a server, for every client alike: it sends
// nothing but reading requests, counts them, and inspects each answer.
type transport struct {
	next    *http.Transport
	inspect func(*http.Response) error
	method  string // the only one that is sent
	timeout time.Duration
	// proxied tells that a proxy resolves the host, so that its spelling has to do.
	proxied bool
	guard   guard
}

// client follows no redirect by itself.
func (t *transport) client() *http.Client {
	return &http.Client{Transport: t, CheckRedirect: notFollowed}
}

func notFollowed(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (t *transport) close() { t.next.CloseIdleConnections() }

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != t.method {
		return nil, fmt.Errorf("a %s request is not sent: storage is only read", req.Method)
	}
	if requests := counted(req.Context()); requests != nil {
		if err := requests.take(); err != nil {
			return nil, err
		}
	}
	if t.proxied {
		if err := t.guard.checkHost(req.URL.Hostname()); err != nil {
			return nil, err
		}
	}
	resp, err := t.send(req)
	if err != nil {
		return nil, err
	}
	if err := t.inspect(resp); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

// send limits the answer in time and length, unless it is an object.
func (t *transport) send(req *http.Request) (*http.Response, error) {
	if streams(req.Context()) {
		resp, err := t.next.RoundTrip(req)
		if err == nil && resp.StatusCode >= http.StatusMultipleChoices {
			resp.Body = &limitedBody{ReadCloser: resp.Body, left: maxAnswerBytes, done: func() {}}
		}
		return resp, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout)
	resp, err := t.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &limitedBody{ReadCloser: resp.Body, left: maxAnswerBytes, done: cancel}
	return resp, nil
}

// redirected refuses an answer that points elsewhere.
func redirected(resp *http.Response) error {
	target := resp.Header.Get("Location")
	if resp.StatusCode >= 300 && resp.StatusCode < 400 && target != "" {
		return &RedirectError{From: resp.Request.URL.Host, To: redirectHost(resp.Request.URL, target)}
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
	done func()
}

// Read implements io.Reader.
func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &AnswerError{fmt.Sprintf("it is longer than %d bytes", maxAnswerBytes)}
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// Close implements io.Closer.
func (b *limitedBody) Close() error {
	defer b.done()
	return b.ReadCloser.Close()
}

// newTransport connects through opts.Dial, through the proxy, or directly and guarded.
func newTransport(loc backup.Location, opts Options, inspect func(*http.Response) error) (*transport, error) {
	trust, err := tlsConfig(loc, opts.Certificates)
	if err != nil {
		return nil, err
	}
	t := &transport{inspect: inspect, method: http.MethodGet, timeout: opts.ProbeTimeout, guard: guard{opts.TypedEndpoint}, next: &http.Transport{
		TLSClientConfig:        trust,
		TLSHandshakeTimeout:    opts.ProbeTimeout,
		ResponseHeaderTimeout:  opts.ProbeTimeout,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    keptConnections,
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

func tlsConfig(loc backup.Location, certificates string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: loc.Insecure} //nolint:gosec // the object itself says so, and the verdict shows it
	if loc.CABundle+certificates == "" {
		return config, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	for of, bundle := range map[string]string{"the CA bundle of the location": loc.CABundle, "what was named to be trusted": certificates} {
		if bundle != "" && !pool.AppendCertsFromPEM([]byte(bundle)) {
			return nil, &Fault{Reason: backup.ReasonTLS, Text: of + " holds no certificate"}
		}
	}
	config.RootCAs = pool
	return config, nil
}
