package storage

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/kubectl-backup/kubectl-backup/pkg/backup"
)

const (
	// googleTokenURL is where a service account gets its tokens. The one that a
	// key file names is not used: it would be told a signature of the account.
	googleTokenURL = "https://oauth2.googleapis.com/token" //nolint:gosec // an address, no credentials
	// gcsReadScope allows to list and read objects and nothing else.
	gcsReadScope = "https://www.googleapis.com/auth/devstorage.read_only"
	tokenLife    = time.Hour
)

// tokenSource exchanges assertions of a service account for access tokens
// (RFC 7523) and keeps a token for as long as it is good.
type tokenSource struct {
	email, keyID string
	key          *rsa.PrivateKey
	url          string
	client       *http.Client
	connect      *transport
	timeout      time.Duration
	now          func() time.Time

	mu      sync.Mutex
	current string
	expires time.Time
}

// newTokenSource takes the way that opts name, except a port-forward: that one
// leads to the store alone.
func newTokenSource(creds Credentials, opts Options) (*tokenSource, error) {
	key, err := parseGoogleKey(creds.identity, creds.secret)
	if err != nil {
		return nil, err
	}
	opts.Dial = nil
	connect, err := newTransport(backup.Location{}, opts, redirected)
	if err != nil {
		return nil, err
	}
	s := &tokenSource{email: creds.id, keyID: creds.token, key: key, url: googleTokenURL, client: connect.client(), connect: connect, timeout: opts.ProbeTimeout, now: opts.Now}
	if opts.TokenURL != "" {
		s.url = opts.TokenURL
	}
	return s, nil
}

// token returns one that is good for at least another minute. Getting one is
// no request to the store and does not count as such.
func (s *tokenSource) token(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current != "" && s.now().Add(time.Minute).Before(s.expires) {
		return s.current, nil
	}
	assertion, err := s.assertion()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(uncounted(ctx), s.timeout)
	defer cancel()
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.client.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := readAnswer(resp)
	if err != nil {
		return "", err
	}
	return s.accept(resp, body)
}

func (s *tokenSource) accept(resp *http.Response, body []byte) (string, error) {
	var answer struct {
		Token       string `json:"access_token"`
		Seconds     int64  `json:"expires_in"`
		Problem     string `json:"error"`
		Description string `json:"error_description"`
	}
	err := json.Unmarshal(body, &answer)
	switch {
	case err == nil && answer.Problem != "":
		return "", &refusal{reason: backup.ReasonCredentials, text: refusalText(answer.Problem, answer.Description)}
	case resp.StatusCode != http.StatusOK:
		return "", &refusal{reason: reasonOfStatus(resp.StatusCode), text: "the token endpoint answers " + resp.Status}
	case err != nil || answer.Token == "" || strings.ContainsAny(answer.Token, "\r\n"):
		return "", &AnswerError{"expected an access token in JSON"}
	}
	s.current, s.expires = answer.Token, s.now().Add(time.Duration(answer.Seconds)*time.Second)
	return s.current, nil
}

// assertion is a signed statement of who asks and for what.
func (s *tokenSource) assertion() (string, error) {
	now := s.now()
	header := map[string]string{"alg": "RS256", "typ": "JWT"}
	if s.keyID != "" {
		header["kid"] = s.keyID
	}
	claims := map[string]any{"iss": s.email, "scope": gcsReadScope, "aud": googleTokenURL, "iat": now.Unix(), "exp": now.Add(tokenLife).Unix()}
	var parts []string
	for _, part := range []any{header, claims} {
		text, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	signed := strings.Join(parts, ".")
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, digest[:])
	if err != nil {
		return "", &CredentialsError{Problem: "the private key cannot sign"}
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}
