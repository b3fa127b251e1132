package lab

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/kubectl-backup/kubectl-backup/tests/lab/internal/pki"
)

const probeLimit = 2 * time.Second

// healthy returns a readiness check that wants HTTP 200 from a URL.
func (l *Lab) healthy(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		status, err := l.probe(ctx, url)
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("%s answers %d", url, status)
		}
		return err
	}
}

// answers returns a readiness check that wants any HTTP answer; a server that refuses strangers is ready, too.
func (l *Lab) answers(url string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := l.probe(ctx, url)
		return err
	}
}

func (l *Lab) probe(ctx context.Context, url string) (status int, err error) {
	authority, err := os.ReadFile(l.certificate(pki.Authority))
	if err != nil {
		return 0, fmt.Errorf("read certificate authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(authority) {
		return 0, errors.New("the certificate authority is not readable")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true}
	ctx, cancel := context.WithTimeout(ctx, probeLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, fmt.Errorf("make request: %w", err)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return 0, fmt.Errorf("probe: %w", err)
	}
	response.Body.Close()
	return response.StatusCode, nil
}
