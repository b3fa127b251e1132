package storage

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	// googleTokenURL is where a service account gets its tokens. The one that a
	// key file names is not used: it would be told a signature of the account.
	googleTokenURL = "https://oauth2.googleapis.com/token" //nolint:gosec // an address, no credentials
	// gcsReadScope allows to list and read objects and nothing else.
	gcsReadScope = "https://www.googleapis.com/auth/devstorage.read_only"
)

// googleClient adds the token of a service account to each request. The token
// is fetched on the way that opts name, except a port-forward: that one leads
// to the store alone. Getting one is no request to the store and does not count as such.
func googleClient(connect *transport, creds Credentials, opts Options) (client *http.Client, closeTokens func(), err error) {
	opts.Dial = nil
	tokens, err := newTransport(backup.Location{}, opts, redirected)
	if err != nil {
		return nil, nil, err
	}
	tokens.method = http.MethodPost
	way := &lastError{next: tokens}
	config := &jwt.Config{
		Email: creds.id, PrivateKey: []byte(creds.secret), PrivateKeyID: creds.token,
		Scopes: []string{gcsReadScope}, TokenURL: googleTokenURL, Audience: googleTokenURL,
	}
	if opts.TokenURL != "" {
		config.TokenURL = opts.TokenURL
	}
	ctx := context.WithValue(context.Background(), oauth2.HTTPClient, &http.Client{Transport: way, CheckRedirect: notFollowed})
	source := oauth2.ReuseTokenSource(nil, &tokenSource{next: config.TokenSource(ctx), way: way})
	client = connect.client()
	client.Transport = &oauth2.Transport{Source: source, Base: &googleWay{connect}}
	return client, tokens.close, nil
}

// tokenSource says in types what went wrong when there is no token.
type tokenSource struct {
	next oauth2.TokenSource
	way  *lastError
}

// Token implements oauth2.TokenSource.
func (s *tokenSource) Token() (*oauth2.Token, error) {
	s.way.err = nil
	token, err := s.next.Token()
	var answer *oauth2.RetrieveError
	switch {
	case err == nil && token.AccessToken != "":
		return token, nil
	case s.way.err != nil:
		return nil, s.way.err
	case errors.As(err, &answer):
		return nil, refusedToken(answer)
	}
	return nil, &AnswerError{"expected an access token in JSON"}
}

// refusedToken reads an error of the token endpoint (RFC 6749, section 5.2).
func refusedToken(answer *oauth2.RetrieveError) *refusal {
	var document struct {
		Problem     string `json:"error"`
		Description string `json:"error_description"`
	}
	if json.Unmarshal(answer.Body, &document) == nil && document.Problem != "" {
		return &refusal{reason: backup.ReasonCredentials, text: refusalText(document.Problem, document.Description)}
	}
	status := answer.Response.StatusCode
	return &refusal{reason: reasonOfStatus(status), text: "the token endpoint answers " + statusText(status)}
}

func statusText(status int) string {
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

// lastError keeps the error of a request, of which the library keeps the words
// alone. The library makes one request at a time.
type lastError struct {
	next http.RoundTripper
	err  error
}

// RoundTrip implements http.RoundTripper.
func (l *lastError) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := l.next.RoundTrip(req)
	l.err = err
	return resp, err
}

// googleWay makes the requests of all clients those of Google's API, and asks
// for objects as they are stored: Google unpacks those that are stored as gzip
// for whoever does not say that it can. Outside a probe, which counts its
// requests, a server that is busy is asked once more.
type googleWay struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (g *googleWay) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for name := range req.Header {
		if strings.HasPrefix(name, "X-Amz-") || strings.HasPrefix(name, "Amz-Sdk-") {
			delete(req.Header, name)
		}
	}
	if streams(req.Context()) {
		req.Header.Set("Accept-Encoding", "gzip")
	}
	resp, err := g.next.RoundTrip(req)
	if err != nil || !busy(resp.StatusCode) || counted(req.Context()) != nil {
		return resp, err
	}
	if err := resp.Body.Close(); err != nil {
		return nil, err
	}
	return g.next.RoundTrip(req)
}
